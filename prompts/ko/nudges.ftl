nudges-hr-only = 알림 기준은 인사 담당자만 보고 바꿀 수 있습니다. 내 체크인 주기는 /checkin settings 로 볼 수 있어요.
nudges-title = 알림 기준
nudges-scope = { $scope }에 적용 중:
nudges-summary = { $scope }에 적용 중인 알림 기준: { $values }
nudges-default = 기본값
nudges-set-by = { $who } 님이 { $when }에 { $scope } 대상으로 설정 (버전 { $version })
nudges-set-by-profile = 프로필 { $profile }, { $who } 님이 { $when }에 { $scope } 대상으로 설정 (버전 { $version })
nudges-from-profile = 프로필 { $profile }
nudges-count = { $what ->
    [check-ins] 체크인 { $count }번
    [objectives] 목표 { $count }개
    [key-results] 핵심 결과 { $count }개
    [points] { $count }포인트
   *[messages] 메시지 { $count }개
}
nudges-locked-by = { $who } 님이 { $when }부터 { $scope } 대상으로 잠금 (버전 { $version })
nudges-profile-label = 프로필
nudges-pause-label = 일시중지
nudges-lock-of = { $name } 잠금
nudges-state = { $state ->
    [locked] 잠김
    [open] 잠기지 않음
    [paused] 멈춤
   *[speaking] 멈추지 않음
}
nudges-how = 바꾸려면: { $example } · 규칙 설명을 보려면: /nudges show { $rule }
nudges-how-one = 바꾸려면: { $example }
nudges-history-how = 바뀐 내용을 보려면: { $example }
nudges-elsewhere = 그 안에서 따로 설정되었거나 잠긴 것:
nudges-void-now = 잠겨 있는 동안 적용되지 않음
nudges-range = { $low }부터 { $high }까지 가능합니다.
nudges-no-rule = “{ $name }”이라는 규칙이 없어 바뀐 것이 없습니다. 이렇게 적어 보세요: { $form }
nudges-no-person = “{ $name }”이라는 사람을 찾지 못해 바뀐 것이 없습니다. 이메일이나 전체 이름으로 적어 주세요.{ $near ->
    [yes] { " " }예를 들면: { $form }
   *[no] { "" }
}
nudges-several-people = “{ $name }”이라는 사람이 여러 명이라 바뀐 것이 없습니다. 이메일로 적어 주세요: { $emails }. 예를 들면: { $form }
nudges-no-unit = { $kind ->
    [team] “{ $name }”이라는 팀이 없어 바뀐 것이 없습니다.
   *[department] “{ $name }”이라는 부서가 없어 바뀐 것이 없습니다.
}{ $near ->
    [yes] { " " }이렇게 적어 보세요: { $form }
   *[no] { "" }
}
nudges-no-profile = “{ $name }”이라는 프로필이 없어 바뀐 것이 없습니다. { $profiles } 중에서 고를 수 있어요. 이렇게 적어 보세요: { $form }
nudges-no-version = “{ $version }” 버전이 없어 바뀐 것이 없습니다. 이렇게 적어 보세요: { $form }
nudges-bad-value = “{ $value }” 값은 { $threshold }에 쓸 수 없어 바뀐 것이 없습니다. { $range }이렇게 적어 보세요: { $form }
nudges-passes = 그러면 { $first } 기준이 { $second } 기준보다 먼저 오지 않게 되어 바뀐 것이 없습니다. 먼저 이렇게 적어 보세요: { $form }
nudges-locked = { $name } 기준은 잠겨 있어 바뀐 것이 없습니다: { $by }. 잠금을 풀려면: { $form }
nudges-not-locked = { $scope }의 { $name } 기준은 잠겨 있지 않아 바뀐 것이 없습니다.{ $where }
nudges-locked-elsewhere = 잠겨 있는 것을 풀려면: { $forms }
nudges-already = { $kind ->
    [back] { $scope }에는 { $name } 값이 따로 설정되어 있지 않아{ $by } 바뀐 것이 없습니다.
    [locked] { $scope }의 { $name } 기준은 이미 잠겨 있어{ $by } 바뀐 것이 없습니다.
    [unlocked] { $scope }의 { $name } 기준은 잠겨 있지 않아{ $by } 바뀐 것이 없습니다.
    [profile] { $scope }에는 이미 { $value } 프로필이 적용 중이라{ $by } 바뀐 것이 없습니다.
    [paused] { $scope } 대상의 Rondo는 이미 멈춰 있어{ $by } 바뀐 것이 없습니다.
    [resumed] { $scope } 대상의 Rondo는 멈춰 있지 않아{ $by } 바뀐 것이 없습니다.
   *[value] { $scope }의 { $name } 값은 이미 { $value }이라{ $by } 바뀐 것이 없습니다.
}
nudges-preview-title = { $ahead ->
    [yes] 이렇게 바뀌게 됩니다
   *[no] { $kind ->
        [back] 이 값을 거둘까요?
        [locked] 이 기준을 잠글까요?
        [unlocked] 이 기준의 잠금을 풀까요?
        [profile] 프로필을 바꿀까요?
        [paused] Rondo를 멈출까요?
        [resumed] Rondo가 다시 알리게 할까요?
       *[value] 이 기준을 바꿀까요?
    }
}
nudges-preview-scope = 대상
nudges-preview-people = 인원
nudges-preview-reason = 이유
nudges-preview-count = { $people }명
nudges-pause-means = 멈춰 있는 동안 Rondo가 먼저 보내는 메시지는 없습니다. 답변과 명령은 그대로 쓸 수 있어요. 다시 시작해도 밀린 메시지를 한꺼번에 보내지 않고, 그때도 여전히 맞는 것만 한 메시지로 알려 드립니다.
nudges-void = 잠겨 있는 동안 다음 값은 적용되지 않습니다. 잠금을 풀면 다시 적용됩니다:
nudges-returns = 다음 값이 다시 적용됩니다:
nudges-stays = 그 안에서 따로 설정되어 있어 다음은 그대로입니다:
nudges-untouched = 바로 이 대상에 따로 설정된 값은 프로필로 바뀌지 않습니다:
nudges-locked-there = 더 넓은 대상의 잠금 때문에 다음은 그대로입니다:
nudges-preview-note = { $ahead ->
    [yes] 바뀐 것은 없습니다. 미리 보기만 한 것입니다.
   *[no] 아직 바뀐 것은 없습니다. 적용하면 다음 판단부터 쓰이고, 이미 열린 건은 기존 규칙을 따릅니다.
}
nudges-preview-summary = { $kind ->
    [locked] { $scope } 대상으로 { $name } 기준을 잠글까요
    [unlocked] { $scope } 대상으로 { $name } 기준의 잠금을 풀까요
    [paused] { $scope } 대상으로 Rondo를 멈출까요
    [resumed] { $scope } 대상으로 Rondo가 다시 알리게 할까요
   *[value] { $scope } 대상으로 바꿀까요
}? ({ $people ->
    [one] { $people }명
   *[other] { $people }명
}) { $rows }. { $forecast }{ $ahead ->
    [yes] 바뀐 것은 없습니다. 미리 보기만 한 것입니다.
   *[no] 아직 바뀐 것은 없습니다. 적용하거나 취소해 주세요.
}
button-propose = 이대로 제안하기
nudges-changed-meanwhile = 그 사이 { $who } 님이 여기에서 무언가를 바꿨습니다: { $change } 적용하기 전에 다시 확인해 주세요.
nudges-saved = { $kind ->
    [back] 이제 { $scope }에는 { $name } 값이 따로 설정되어 있지 않습니다.
    [locked] { $scope }의 { $name } 기준을 잠갔습니다.
    [unlocked] { $scope }의 { $name } 기준은 이제 잠겨 있지 않습니다.
    [profile] 이제 { $scope }에 { $value } 프로필이 적용됩니다.
    [paused] { $scope } 대상의 Rondo를 멈췄습니다.
    [resumed] { $scope } 대상으로 Rondo가 다시 알려 드립니다.
   *[value] { $scope }의 { $name } 값이 이제 { $value }입니다.
}
nudges-saved-note = 정책 버전 { $version }. 다음 판단부터 쓰입니다. 되돌리려면: { $back }
nudges-confirmed-already = 이미 적용되어 취소할 것이 없습니다. 되돌리려면: { $back }
nudges-cancelled = 취소했습니다. 바뀐 것은 없습니다.
nudges-history-title = { $all ->
    [yes] 바뀐 내용
   *[no] { $what }에서 바뀐 내용
}
nudges-history-none = { $all ->
    [yes] 지금까지 바뀐 것이 없습니다. 모든 기준이 기본값입니다.
   *[no] { $what }에서 지금까지 바뀐 것이 없습니다.
}
nudges-history-older = { $count ->
    [one] 이전 버전 { $count }개 더
   *[other] 이전 버전 { $count }개 더
}
nudges-more = { $count ->
    [one] 그 밖에 { $count }건
   *[other] 그 밖에 { $count }건
}
nudges-history-summary = { $all ->
    [yes] 지금까지 바뀐 내용
   *[no] { $what }에서 지금까지 바뀐 내용
}: { $count }건. 최근 내용: { $entries }
nudges-version = 버전 { $version }
nudges-revert-how = 되돌리려면: { $example }
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
why-checkin-missed = 맡고 계시거나 대신 맡고 계신 분이 여러 번 연달아 체크인에 답하지 않았습니다. 주간 요약까지 기다렸다가 알려 드렸고, 휴가인 주는 세지 않습니다.
why-goal-flatline = “{ $goal }” 목표에 답해 주셨지만 여러 번의 체크인 동안 숫자가 움직이지 않았습니다. 다른 누구보다 먼저 여쭤봅니다.
why-goal-off_pace = { $stage ->
    [asked] { $by } 님이 지나간 시간에 비해 뒤처진 약속 목표 “{ $goal }”에 대해 물었습니다.
    [digest] 약속 목표 “{ $goal }”의 진척이 지나간 시간에 비해 기준보다 많이 뒤처졌습니다. 담당자에게 먼저 물었고 그 메시지는 도착했으며, 주간 요약까지 기다렸습니다.
   *[owner] 약속 목표 “{ $goal }”의 진척이 지나간 시간에 비해 기준보다 많이 뒤처졌습니다. 다른 누구보다 먼저 여쭤봅니다.
}
why-cycle-prepare = 함께 일하는 팀원이 있고 주기가 끝나 가고 있었습니다. 답하실 때까지 점점 더 드물게 다시 여쭤봅니다.
why-cycle-wrap_up = { $stage ->
    [graded] { $by } 님이 조율하는 “{ $goal }” 목표가 마무리되었습니다. 담당자이셔서 알려 드립니다.
   *[owner] 끝나 가는 주기에 목표가 있었습니다. 모든 목표를 마무리하실 때까지 점점 더 드물게 다시 여쭤봅니다.
}
why-goal-commitment_at_risk = { $requested ->
    [yes] { $owner } 님이 약속 목표 “{ $goal }”에 결정을 요청했습니다.
   *[no] { $owner } 님이 약속 목표 “{ $goal }”에 걸림돌이 있다고 알렸습니다.
} { $standing ->
    [holder] 무엇을 조정할지 다음으로 결정할 수 있는 분입니다.
    [passed] 다음으로 결정할 수 있는 분이어서 여쭈었습니다. 지금은 { $holder } 님께 있으므로 하실 일은 없습니다.
    [over] 다음으로 결정할 수 있는 분이어서 여쭈었습니다. 이제 이 결정을 기다리는 사람은 없습니다.
    [owner] 회원님의 목표여서 요청의 모든 단계를 보여 드립니다.
   *[unknown] 다음으로 결정할 수 있는 분이어서 여쭈었습니다.
}
why-blocker-unresolved = { $stage ->
    [removed] { $by } 님이 회원님 목표의 걸림돌이 사라졌다고 알려 주셨습니다. 직접 알려 주신 걸림돌이어서 전해 드립니다.
    [manager] { $owner } 님이 체크인에 적은 걸림돌이, 없앨 수 있는 분께 여쭌 뒤에도 남아 있었습니다. 다음으로 도와주실 수 있는 분입니다. { $owner } 님이 걸림돌에 대해 적은 내용만 보여 드립니다.
   *[remover] { $owner } 님이 체크인에 걸림돌을 적었고, 도와주실 수 있는 분입니다. { $owner } 님이 걸림돌에 대해 적은 내용만 보여 드립니다.
}
why-one_on_one-open_items = { $owner } 님과의 다음 1:1에서 나눌 이야기로 올라온 것이 한동안 열려 있었습니다.
why-review-overdue = { $owner } 님의 리뷰 날짜가 지났고 아직 마쳤다는 표시가 없었습니다. { $owner } 님의 관리자이거나 그 대행이십니다.
why-kpo-review = { $stage ->
    [manager] { $owner } 님은 입사한 지 얼마 되지 않았고, { $owner } 님의 관리자이거나 그 대행이십니다. 이 날짜에 신규 입사자와 관리자가 성과 목표에 대해 이야기합니다.
   *[newcomer] 입사하신 지 얼마 되지 않았습니다. 이 날짜에 신규 입사자와 관리자가 성과 목표에 대해 이야기합니다.
}
why-escalation-decide = “{ $goal }” 목표에 결정이 요청되었습니다. 결정되거나 늦어지면 관련된 모두가 알게 됩니다.
why-nothing = 지난 30일 동안 제가 먼저 보낸 메시지가 없습니다.
why-reply = 직접 쓰거나 버튼을 누르셔서 온 답입니다. 제가 먼저 보낸 것이 아니에요.
why-summary = 이 메시지를 받은 이유: 규칙 { $rule }. { $words }
