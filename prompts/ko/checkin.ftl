checkin-title = { $week } 주간 체크인
checkin-ask = { $name } 님, { $goals ->
    [0] 이번 주는 어떠셨나요? 양식은 1분이면 충분해요.
    [1] 목표는 어떻게 되어 가고 있나요? 한 번만 눌러 주시면 됩니다. 양식도 1분이면 충분해요.
   *[other] 목표는 어떻게 되어 가고 있나요? 목표마다 한 번만 눌러 주시면 됩니다. 양식도 1분이면 충분해요.
}
checkin-ask-summary = 주간 체크인: { $goals ->
    [0] 이번 주는 어떠셨나요?
   *[other] 목표 { $goals }개는 어떻게 되어 가고 있나요?
} 버튼, 양식, 평소 말투 모두 괜찮습니다.
checkin-partly = 고맙습니다. 여기까지 저장했어요. 버튼이 남아 있는 목표는 아직 소식을 기다리고 있습니다.
checkin-partly-summary = 체크인이 일부만 답변되었습니다. 목표 { $goals }개 중 일부가 아직 남아 있어요.
checkin-saved = { $when }에 저장했습니다. 고맙습니다. 다음 체크인 전까지 언제든 고칠 수 있어요.
checkin-saved-summary = 체크인을 { $when }에 저장했습니다. 다음 체크인 전까지 고칠 수 있어요.
checkin-saved-over = { $when }에 저장했습니다. 고맙습니다. 그 주는 지나가서 이대로 남습니다.
checkin-saved-over-summary = 지나간 주의 체크인을 { $when }에 저장했습니다.
checkin-saved-late = { $when }에 저장했습니다. 고맙습니다. 늦은 답변으로 표시되지만 똑같이 반갑습니다.
checkin-saved-late-summary = 체크인을 { $when }에 늦은 답변으로 저장했습니다.
checkin-skipped = 이번 주는 건너뛰었습니다. 마음이 바뀌면 양식은 그대로 열려 있어요.
checkin-skipped-summary = 이번 주 체크인을 건너뛰었습니다. 마음이 바뀌면 양식을 열어 주세요.
checkin-snoozed = { $until }에 다시 올게요. 그 전에 답하셔도 됩니다.
checkin-snoozed-summary = 체크인을 { $until }까지 미뤄 두었습니다.
checkin-moved = 이 체크인은 아래에서 이어집니다.
checkin-more-goals = 그 밖에 목표 { $count }개는 양식에 있습니다
checkin-no-goals = 이번 주기에는 아직 목표가 없습니다. 그래도 잘된 일, 걸림돌, 조정할 점을 나눌 수 있어요.
checkin-blocker = 걸림돌: { $blocker }
checkin-of-its-week = 그 주의 답변: { $status }. 더 나중 주의 답변이 이미 있어서 지금의 상황은 바뀌지 않습니다.
checkin-decision-asked = { $holder } 님께 결정을 요청했습니다.
checkin-over = 그 주는 지나가서 체크인은 그대로 남습니다. 지금의 체크인은 여기 있어요.
checkin-over-kept = 그 주는 지나가서 체크인은 그대로 남습니다. 적어 주신 내용은 지금의 체크인 양식에 담아 두었으니 확인하고 저장해 주세요.

reminder-first = 체크인이 아직 열려 있어요{ $left ->
    [0] .
   *[other] . 목표 { $left }개가 소식을 기다리고 있습니다.
}
reminder-second = 열려 있는 체크인을 마지막으로 알려 드려요{ $left ->
    [0] .
   *[other] . 목표 { $left }개가 남아 있습니다.
} 이후로는 조용히 있겠습니다.
reminder-snoozed = 다시 알려 달라고 하셨지요. 체크인이 여기 있습니다{ $left ->
    [0] .
   *[other] . 목표 { $left }개가 기다리고 있어요.
}
reminder-words = 그냥 적어 주셔도 됩니다: “모두 순조로워요”, “출시 40%, 법무 검토에 막힘”, “이번 주 건너뛰기: 출장”.
reminder-done = 끝났습니다. 고맙습니다. 여기에서 기다리는 것은 더 없어요.
skip-already-answered = 이번 주는 이미 답하셔서 건너뛸 것이 없습니다. 답변은 계속 고칠 수 있어요.
snooze-nothing-open = 지금 기다리는 것이 없어서 미룰 것도 없습니다.
snooze-too-long = 그렇게 늦은 근무 시간은 찾지 못했습니다. “2시간 뒤에” 또는 “내일”처럼 더 가까운 때를 적어 주세요.

checkin-state-open = 열림
checkin-state-on_time = 답변함
checkin-state-late = 늦게 답변함
checkin-state-skipped = 건너뜀
checkin-state-missed = 답변 없음
checkin-state-partly = 일부만 답변함
history-title = 지난 체크인
history-line = { $week } 주간: { $state }
history-goal = { $goal } – { $status }
history-statuses = { $statuses }
history-none = 아직 체크인이 없습니다. 첫 체크인은 정해진 시간에 오고, /checkin 으로 지금 하실 수도 있어요.

form-title = 체크인
form-submit = 저장
field-status = 상태
field-confidence = 확신
field-confidence-hint = 이 목표를 이룰 수 있다고 얼마나 확신하나요? 0(전혀)부터 10(확실)까지
field-note = 메모
field-blocker = 걸림돌
field-blocker-hint = 무엇이 막고 있나요? 없으면 비워 두세요. 누가 해결할 수 있는지 적으시면 팀의 주간 게시에 함께 보입니다.
field-cause = 걸림돌의 원인
field-remover = 누가 해결할 수 있나요?
field-remover-hint = 이름이나 이메일. { $after } 뒤에도 남아 있으면 그분께 여쭙고, 걸림돌에 적은 내용을 보여 드립니다.
field-result-hint = 단위: { $unit }
field-result-hint-target = 목표값: { $target }
field-wins = 잘된 일
field-adjust = 무엇을 조정해야 할까요?
field-loss = 아무것도 조정하지 않으면 다음 달에 무엇을 잃게 되나요?
field-private = 관리자에게만 보이는 메모
cause-priority = 우선순위
cause-people = 사람
cause-time = 시간
cause-money = 예산
cause-dependency = 다른 일에 달려 있음
cause-goal = 목표 자체
cause-market = 시장

error-choose-status = 이 목표의 상태를 골라 주세요. 적으신 내용은 모두 남아 있습니다.
error-confidence = 0부터 10까지의 정수를 적어 주세요.
error-choose-decision = 결정 가운데 하나를 골라 주세요.
error-date = 날짜를 연-월-일로 적어 주세요. 예: 2026-12-31
error-date-past = 지난 날짜입니다. 오늘이나 그 이후를 골라 주세요.
number-empty = 숫자를 적어 주세요. 예: { $example }
number-words = 숫자를 찾지 못했습니다. 이렇게 적어 주세요: { $example }
number-not-finite = 저장할 수 있는 숫자가 아닙니다. 이렇게 적어 주세요: { $example }
number-several = 숫자가 여러 개입니다. 하나만 적어 주세요. 예: { $example }
number-grouping = 쉼표나 점의 자리가 낯섭니다. 구분 기호 없이 적어 주세요. 예: { $example }
number-ambiguous = { $one } 또는 { $other } 두 가지로 읽힙니다. 천 단위 구분 기호 없이 적어 주세요.
number-wrong-unit = 핵심 결과와 단위가 다릅니다. 이렇게 적어 주세요: { $example }
number-too-long = 자릿수가 너무 많습니다. 15자리까지 적어 주세요.
number-too-fine = 소수점 아래 네 자리까지 적어 주세요.
checkin-first-contact = 처음 인사드립니다. 이름, 이메일, 팀, 근무 시간, 목표와 여기에 적으시는 답을 저장합니다. 본인은 모두 볼 수 있고 관리자는 목표의 상황을 봅니다. 평가에는 절대 쓰이지 않습니다. 누가 무엇을 읽는지, 어떻게 거부하는지는 “/rondo privacy”에서 볼 수 있습니다.
