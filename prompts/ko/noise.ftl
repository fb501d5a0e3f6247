# 각자가 줄이는 소음: 음소거, 미루기, 도움 안 됨. 그리고 설명을 이루는 말들.

button-not-useful = 도움이 안 돼요
button-mute = 음소거
button-mute-rule = { $rule } 음소거
button-unmute = 음소거 해제
button-unmute-rule = { $rule } 음소거 해제
button-snooze-week = 일주일 쉬기
button-snooze-week-rule = { $rule } 일주일 쉬기

mute-for-good = 계속
mute-until = { $day } 전까지
mute-state = { $until } 음소거
mute-done = { $rule } 규칙을 { $until } 음소거했습니다. 이제 이 규칙의 메시지는 오지 않습니다. 이 규칙이 하는 일: { $about }
mute-undo = 목표와 체크인은 그대로이고 언제든 열어 볼 수 있습니다. *음소거 해제* 버튼이나 “/rondo unmute { $rule }”로 되돌릴 수 있고, 음소거한 것은 /checkin settings 에서 볼 수 있어요.
mute-over = { $rule } 음소거를 풀었습니다. 알려 드릴 것이 생기면 다시 알려 드릴게요.
mute-none = { $rule } 규칙은 음소거되어 있지 않아 바뀐 것이 없습니다.
mute-no-rule = 음소거할 수 있는 “{ $name }” 규칙이 없어 바뀐 것이 없습니다. 이렇게 적어 보세요: { $near }
mute-cannot = { $kind ->
    [deciding] { $rule } 규칙은 음소거할 수 없습니다. 누군가 결정을 기다리고 있고, 그것은 소음이 아니니까요. 카드에서 바로 결정하실 수 있습니다.
    [deciding_owner] { $rule } 규칙은 음소거할 수 없습니다. 회원님 목표에 대한 결정이 어떻게 되었는지 알려 드리는 규칙입니다.
    [decision] { $rule } 규칙은 음소거할 수 없습니다. 누군가 결정을 기다릴 때 보내는 것이고, 그것은 소음이 아니니까요.
    [team] { $rule } 규칙은 채널에 쓰므로 한 사람이 음소거할 것이 없습니다. 팀 전체로는 /team post off 로 끝낼 수 있어요.
    [digest] { $rule } 규칙은 일주일에 한 번, 하실 일이 있을 때만 보내는 메시지입니다. /론도 다이제스트 월요일 9시 로 옮길 수 있습니다.
    [silent] { $rule } 규칙은 한도일 뿐 먼저 메시지를 보내지 않으므로 음소거할 것이 없습니다.
   *[awaited] { $rule } 규칙은 음소거할 수 없습니다. 다른 누군가가 그 일을 기다리고 있습니다.
}
mute-locked = { $who } 님이 { $when }에 { $scope } 대상으로 { $rule } 규칙을 잠가서 음소거할 수 없습니다.
mute-talk-to-hr = 바뀐 것은 없습니다. 너무 많다고 느끼시면 인사 담당자와 이야기해 주세요. 한 사람만 따로 바꿀 수도 있습니다.
mute-refused = { $words } 바뀐 것은 없습니다.
mute-title = 음소거할 수 있는 것
mute-summary = { $count ->
    [0] 음소거할 수 있는 것들입니다. 지금 음소거한 것은 없습니다.
   *[other] 음소거할 수 있는 것들입니다. 지금 { $count }개를 음소거했습니다.
}
mute-how = 잠시 또는 계속 음소거하려면: { $example }
mute-state-locked = 인사 담당자가 잠근 규칙입니다.
not-useful-thanks = { $offer ->
    [yes] 알려 주셔서 고맙습니다. 인사 담당자가 어떤 메시지가 소음인지 볼 때 반영됩니다. 이 메시지를 줄일 수도 있어요:
   *[no] 알려 주셔서 고맙습니다. 인사 담당자가 어떤 메시지가 소음인지 볼 때 반영됩니다.
}
settings-mutes = 음소거
settings-mutes-none = 없음
help-mute-label = /rondo mute
help-mute = 음소거할 수 있는 것을 보여 줍니다. “/rondo mute goal.stalled 2주” · “/rondo unmute goal.stalled”

why-about = 대상
why-arrived = 도착한 때
why-more = 같은 메시지에 { $count }건이 더 있었습니다:
why-thresholds = 그때 적용된 기준:
why-frozen = 열릴 때({ $when }) 정해진 기준을 그대로 따릅니다:
why-nobody-else = 이 일을 전해 들은 다른 사람은 없습니다.
why-others = { $more ->
    [0] 함께 전해 들은 사람: { $names }.
   *[other] 함께 전해 들은 사람: { $names } 외 { $more }명.
}
why-somebody = 다른 분
why-other = { $arrived ->
    [yes] { $name } ({ $when })
   *[no] { $name } ({ $when }, 아직 도착하지 않음)
}
why-who = 이 기준을 바꿀 수 있는 인사 담당자: { $names }.
why-mute = 너무 많은가요? *일주일 쉬기*와 *음소거*는 나에게만 적용됩니다. “/rondo mute { $rule } 2주”라고 적으셔도 됩니다.
why-muted = { $rule } 규칙은 { $until } 음소거되어 있습니다. *음소거 해제*로 되돌릴 수 있어요.

fact-week = { $day }에 시작하는 주
fact-updated = 마지막 업데이트
fact-owner-told = 담당자에게 물은 때
fact-rhythm = 주기
fact-period = 체크인
fact-zone = 시간대
fact-after = 다시 알리기까지
fact-snoozed = 미룬 때까지
fact-goal = 목표
fact-owner = 담당자
fact-cause = 원인
fact-within = 답을 기다리는 기간
fact-decision = 결정
fact-by = 한 사람
fact-send-window = 발송 시간대
fact-check-ins = 움직임이 없던 체크인
fact-since = 언제부터
fact-opened = 알린 때
fact-remover-told = 없앨 수 있는 분께 물은 때
fact-removed = 없앤 때
fact-missed = 답하지 않은 체크인
fact-progress = 진척
fact-elapsed = 지난 시간
fact-cycle = 주기
fact-ends = 주기가 끝나는 날
fact-started = 첫 출근일
fact-day = 며칠째
