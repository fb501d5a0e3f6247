nudges-hr-only = 알림 기준은 인사 담당자만 보고 바꿀 수 있습니다. 내 체크인 주기는 /checkin settings 로 볼 수 있어요.
nudges-title = 알림 기준
nudges-scope = { $scope }에 적용 중:
nudges-summary = { $scope }에 적용 중인 알림 기준: { $values }
nudges-default = 기본값
nudges-set-by = { $who } 님이 { $when }에 { $scope } 대상으로 설정 (버전 { $version })
nudges-how = 바꾸려면: { $example }
nudges-range = { $low }부터 { $high }까지 가능합니다.
nudges-no-rule = “{ $name }”이라는 규칙이 없어 바뀐 것이 없습니다. 이렇게 적어 보세요: { $near }
nudges-no-person = “{ $name }”이라는 사람을 찾지 못해 바뀐 것이 없습니다. 이메일로 적어 주세요: for person dana@example.com
nudges-no-unit = “{ $name }”이라는 { $kind } 항목이 없어 바뀐 것이 없습니다.
nudges-no-unit-near = “{ $name }”이라는 이름이 없어 바뀐 것이 없습니다. 혹시 이것인가요: for { $near }
nudges-bad-value = “{ $value }” 값은 { $threshold }에 쓸 수 없어 바뀐 것이 없습니다. { $range }이렇게 적어 보세요: { $form }
nudges-preview-title = 이 기준을 바꿀까요?
nudges-preview-scope = 대상
nudges-preview-people = 인원
nudges-preview-reason = 이유
nudges-preview-count = { $people }명
nudges-preview-note = 아직 바뀐 것은 없습니다. 적용하면 다음 판단부터 쓰이고, 이미 열린 건은 기존 규칙을 따릅니다.
nudges-preview-summary = { $threshold } 값을 { $scope } 대상으로 { $before }에서 { $after }(으)로 바꿀까요? ({ $people }명) 아직 바뀐 것은 없습니다. 적용하거나 취소해 주세요.
nudges-changed-meanwhile = 그 사이 { $who } 님이 이 기준을 { $value }(으)로 바꿨습니다. 적용하기 전에 다시 확인해 주세요.
nudges-saved = { $scope }의 { $threshold } 값이 이제 { $value }입니다.
nudges-saved-note = 정책 버전 { $version }. 다음 판단부터 쓰입니다.
nudges-confirmed-already = 이미 적용되어 취소할 것이 없습니다. 되돌리려면 값을 다시 설정해 주세요.
nudges-cancelled = 취소했습니다. 바뀐 것은 없습니다.
scope-company = 회사 전체
scope-department = { $name } 부서
scope-team = { $name } 팀
scope-person = { $name } 님

why-title = 이 메시지를 받은 이유
why-rule = 규칙
why-decided = 결정된 때
why-asked-for = 직접 요청하신 카드입니다. 스스로 올 때는 일주일에 한 번입니다.
why-checkin-prompt = 일주일에 한 번, 계신 곳의 정해진 시간에 목표가 어떻게 되어 가는지 여쭤봅니다. 이번 주의 메시지입니다.
why-checkin-reminder = 체크인이 아직 열려 있어서 다시 알려 드렸습니다. 많아야 두 번 알려 드리고 그 뒤로는 조용히 있습니다.
why-goal-stalled = { $stage ->
    [manager] “{ $goal }” 목표에 { $days }일 동안 업데이트가 없었습니다. 담당자에게 먼저 물었고 그 메시지는 도착했습니다.
    [asked] { $by } 님이 { $days }일 동안 업데이트가 없던 목표 “{ $goal }”에 대해 물었습니다.
   *[owner] “{ $goal }” 목표에 { $days }일 동안 업데이트가 없었습니다. 다른 누구보다 먼저 여쭤봅니다.
}
why-goal-commitment_at_risk = { $requested ->
    [yes] { $owner } 님이 약속 목표 “{ $goal }”에 결정을 요청했고, 다음으로 결정할 수 있는 분입니다.
   *[no] { $owner } 님이 약속 목표 “{ $goal }”에 걸림돌이 있다고 알렸고, 무엇을 조정할지 다음으로 결정할 수 있는 분입니다.
}
why-escalation-decide = “{ $goal }” 목표에 결정이 요청되었습니다. 결정되거나 늦어지면 관련된 모두가 알게 됩니다.
why-change = 이 기준은 인사 담당자가 정합니다. 내 주기를 바꾸려면 인사 담당자와 이야기하시고, 쉬려면 “월요일까지 휴가” 또는 “2시간 뒤에”라고 적어 주세요.
why-nothing = 지난 30일 동안 제가 먼저 보낸 메시지가 없습니다.
why-reply = 직접 쓰거나 버튼을 누르셔서 온 답입니다. 제가 먼저 보낸 것이 아니에요.
why-summary = 이 메시지를 받은 이유: 규칙 { $rule }. { $words }
