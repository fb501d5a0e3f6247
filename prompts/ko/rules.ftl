# 규칙마다 무엇을 위한 것인지, 기준값이 무엇을 뜻하는지, 알림에 무엇이라고 쓰는지 (bot/rules/rule.py 참고).

nudge-done = { $kind ->
    [goal] { $subject }: 업데이트되었습니다. 고맙습니다.
    [over] { $subject }: 더 이상 해당되지 않습니다.
    [given] { $subject }: 이제 { $owner } 님의 목표이므로 더 이상 해당되지 않습니다.
    [unnamed] 여기에 있던 한 건은 더 이상 해당되지 않습니다.
   *[other] { $subject }: 끝났습니다. 고맙습니다.
}
nudge-all-done = 여기에서 더 하실 일은 없습니다. 고맙습니다.
nudge-adjust = 무엇을 조정하면 좋을까요? 한 번 누르는 것으로 충분하고, 더는 중요하지 않은 목표를 내려놓는 것도 좋은 답입니다.
nudge-ask = 다음 대화에서 나누기 좋은 질문: 무엇을 조정하면 좋을까요?
duty-done = { $subject }: 끝난 것으로 적어 두었습니다. 고맙습니다.
duty-done-already = 이미 끝난 일입니다. 바뀐 것은 없습니다. 고맙습니다.
duty-not-yours = 이 일은 { $holder } 님께 있어서 바뀐 것이 없습니다.
duty-review = { $name } 님의 { $what }일 차 리뷰
duty-prepare = { $what } 다음 주기를 위한 질문
duty-wrap_up = { $what } 마무리
duty-one_on_one = 1:1에서 나눌 이야기
duty-blocker = 걸림돌

rule-checkin-prompt = 목표가 어떤지 일주일에 한 번, 각자의 시간대에 맞춰 묻습니다.
threshold-checkin-prompt-when = 매주 묻는 요일과 현지 시각
threshold-checkin-prompt-fresh = 모든 목표가 이 기간 안에 업데이트되었으면 묻지 않습니다

rule-checkin-reminder = 열려 있는 체크인을 많아야 두 번 알리고, 그 뒤로는 조용합니다.
threshold-checkin-reminder-first = 질문이 도착한 뒤 첫 번째 알림까지
threshold-checkin-reminder-second = 질문이 도착한 뒤 두 번째 알림까지

rule-checkin-grace = 답변이 제때로 여겨지는 기간입니다.
threshold-checkin-grace = 이 뒤의 답변은 늦은 답변으로 표시되지만 거절되지는 않습니다

rule-checkin-missed = 한동안 답이 없는 사람이 있으면 주간 요약에서 관리자에게 알립니다.
threshold-checkin-missed = 이만큼 연달아 답이 없으면 알립니다. 휴가인 주는 세지 않고, 건너뛴 주는 답한 것으로 봅니다
nudge-checkin-missed-digest = { $subject } 님이 최근 체크인 { $count }번에 답하지 않았습니다. 직접 한마디 건네 보시면 도움이 될 수 있습니다.
nudge-checkin-missed-digest-summary = { $subject } 님이 최근 체크인 { $count }번에 답하지 않았습니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
} 직접 한마디 건네 보시면 도움이 될 수 있습니다.

rule-goal-stalled = 아무도 업데이트하지 않은 목표를 알아차립니다. 담당자에게 먼저 묻고, 관리자는 나중에 듣습니다.
threshold-goal-stalled-owner = 이 기간 동안 업데이트가 없으면 담당자에게 묻습니다
threshold-goal-stalled-manager = 이 기간 동안 업데이트가 없으면 관리자에게 알립니다
threshold-goal-stalled-lead = 담당자에게 메시지가 도착하고 적어도 이만큼 지난 뒤에 관리자에게 알립니다
nudge-goal-stalled-owner = 이 목표에 체크인하지 않으신 지 { $silence }째입니다.
nudge-goal-stalled-owner-summary = “{ $subject }” 목표에 체크인하지 않으신 지 { $silence }째입니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
} 무엇을 조정하면 좋을까요?
nudge-goal-stalled-manager = { $owner } 님이 { $silence } 동안 이 목표에 체크인하지 않았고, 먼저 물어보았습니다.
nudge-goal-stalled-manager-summary = { $owner } 님의 “{ $subject }” 목표에 { $silence } 동안 체크인이 없습니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
} 담당자에게 먼저 물어보았습니다.

rule-goal-flatline = 답은 오지만 숫자가 움직이지 않는 목표를 알아차립니다.
threshold-goal-flatline = 목표의 핵심 결과가 이만큼 연달아 움직이지 않은 체크인
nudge-goal-flatline-owner = 최근 체크인 { $count }번 동안 이 목표의 숫자가 움직이지 않았습니다.
nudge-goal-flatline-owner-summary = 최근 체크인 { $count }번 동안 “{ $subject }” 목표의 숫자가 움직이지 않았습니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
} 무엇을 조정하면 좋을까요?

rule-goal-off_pace = 지나간 시간에 비해 많이 뒤처진 약속 목표를 알아차립니다.
threshold-goal-off_pace-points = 진척이 지나간 근무일 비율보다 이만큼(퍼센트포인트) 뒤처지면 알립니다
threshold-goal-off_pace-lead = 담당자에게 메시지가 도착하고 적어도 이만큼 지난 뒤에 관리자의 요약에 나옵니다
nudge-goal-off_pace-owner = 이 약속 목표는 { $progress } %까지 왔고, 주어진 기간은 { $elapsed } % 지났습니다.
nudge-goal-off_pace-owner-summary = 약속 목표 “{ $subject }”: { $progress } %까지 왔고, 주어진 기간은 { $elapsed } % 지났습니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
} 무엇을 조정하면 좋을까요?
nudge-goal-off_pace-digest = { $owner } 님의 약속 목표가 { $progress } %까지 왔고, 주어진 기간은 { $elapsed } % 지났습니다. { $owner } 님에게 먼저 물어보았습니다.
nudge-goal-off_pace-digest-summary = { $owner } 님의 약속 목표 “{ $subject }”: { $progress } %까지 왔고, 주어진 기간은 { $elapsed } % 지났습니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
} 담당자에게 먼저 물어보았습니다.

rule-cycle-prepare = 다음 주기가 시작되기 전에 리더에게 네 가지를 묻습니다.
threshold-cycle-prepare = 주기가 끝나기 이만큼 전에 묻습니다
nudge-cycle-prepare-leader = { $left ->
    [0] { $cycle } 주기가 오늘 끝납니다. 짧은 질문 네 가지가 다음 주기를 잘 시작하는 데 도움이 됩니다.
   *[other] { $cycle } 주기가 { $left }일 뒤에 끝납니다. 짧은 질문 네 가지가 다음 주기를 잘 시작하는 데 도움이 됩니다.
}
nudge-cycle-prepare-leader-summary = { $cycle } 주기가 곧 끝납니다. 다음 주기를 위한 짧은 질문 네 가지가 있습니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
}

rule-cycle-wrap_up = 주기가 끝날 때 담당자에게 목표가 어떻게 되었는지 묻습니다.
threshold-cycle-wrap_up = 주기가 끝나기 이만큼 전에 묻습니다
nudge-cycle-wrap_up-owner = { $cycle } 주기를 마무리할 때입니다. 목표 { $goals }개에서 무엇을 배우셨고, 앞으로 어떻게 하면 좋을까요?
nudge-cycle-wrap_up-owner-summary = { $cycle } 주기의 목표 { $goals }개를 마무리할 때입니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
}

rule-manager-digest = 급하지 않은 소식을 일주일에 한 번, 한 메시지로 모아 관리자에게 알립니다.
threshold-manager-digest-when = 관리자에게 모아서 알리는 요일과 현지 시각

rule-goal-commitment_at_risk = 걸림돌이 있는 약속 목표를 결정할 수 있는 사람에게 가져갑니다.
threshold-goal-commitment_at_risk = 켜면 관리자에게 곧바로 결정을 요청합니다

rule-blocker-unresolved = 한동안 남아 있는 걸림돌을 없앨 수 있는 사람에게, 그다음 사람에게 알립니다.
threshold-blocker-unresolved = 이 기간이 지나면 없앨 수 있는 사람에게, 다시 그만큼 지나면 조정자나 관리자에게 알립니다
nudge-blocker-unresolved-remover = { $owner } 님의 “{ $goal }” 목표에 걸림돌이 있는데, 도와주실 수 있을 것 같습니다: “{ $subject }”
nudge-blocker-unresolved-remover-summary = { $owner } 님의 “{ $goal }” 목표를 “{ $subject }”이(가) 막고 있는데, 도와주실 수 있을 것 같습니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
}
nudge-blocker-unresolved-manager = { $owner } 님의 “{ $goal }” 목표에 걸림돌이 남아 있습니다: “{ $subject }”. { $remover } 님께 먼저 여쭈었고, 도와주실 수 있는지 함께 여쭙니다.
nudge-blocker-unresolved-manager-summary = { $owner } 님의 “{ $goal }” 목표를 “{ $subject }”이(가) 막고 있습니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
} { $remover } 님께 먼저 여쭈었습니다.
nudge-blocker-unresolved-removed = { $remover } 님이 이 걸림돌이 사라졌다고 알려 주셨습니다: “{ $obstacle }”. 무엇을 조정하면 좋을까요?
nudge-blocker-unresolved-removed-summary = { $remover } 님이 “{ $subject }” 목표의 걸림돌이 사라졌다고 알려 주셨습니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
} 무엇을 조정하면 좋을까요?

rule-escalation-acknowledge = 에스컬레이션의 단계마다 맡기까지 주어지는 시간입니다.
threshold-escalation-acknowledge = 이 뒤에는 다음 단계로 넘어가고, 먼저 맡았던 사람에게 알립니다

rule-escalation-decide = 맡은 뒤 결정하기까지 주어지는 시간입니다.
threshold-escalation-decide = 이 뒤에는 한 번 더 알리고, 그다음 단계로 넘어갑니다

rule-one_on_one-open_items = 다음 1:1에서 나누기로 한 이야기를 나눌 때까지 기억합니다.
threshold-one_on_one-open_items = 이 기간 동안 열려 있으면 1:1을 이끄는 사람에게 알립니다
nudge-one_on_one-open_items-holder = { $asked ->
    [yes] { $owner } 님이 다음 1:1에서 “{ $subject }”에 대해 이야기하고 싶어 합니다.
   *[no] 다음 1:1에서 { $owner } 님과 “{ $subject }”에 대해 이야기하려고 하셨습니다. 무엇을 조정하면 좋을까요?
}
nudge-one_on_one-open_items-holder-summary = { $asked ->
    [yes] { $owner } 님이 “{ $subject }”에 대해 이야기하고 싶어 합니다
   *[no] { $owner } 님과 “{ $subject }”에 대해 이야기하려고 하셨습니다
}{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
}

rule-review-overdue = 날짜가 지난 신규 입사자 리뷰를 관리자에게 묻습니다.
threshold-review-overdue = 리뷰 날짜에서 이 기간이 지나면 관리자에게 알립니다
nudge-review-overdue-manager = { $owner } 님의 { $day }일 차 리뷰가 열려 있습니다. 30분이면 충분합니다: 성과 목표가 어떻게 되어 가는지, 무엇을 조정하면 좋을지 나눠 보세요.
nudge-review-overdue-manager-summary = { $owner } 님의 { $day }일 차 리뷰가 열려 있습니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
}

rule-kpo-review = 신규 입사자와 관리자가 성과 목표에 대해 이야기하는 날을 알립니다.
threshold-kpo-review-first = 첫 출근일부터 첫 번째 리뷰까지
threshold-kpo-review-second = 첫 출근일부터 두 번째 리뷰까지
threshold-kpo-review-third = 첫 출근일부터 세 번째 리뷰까지
nudge-kpo-review-newcomer = { $day }일 차 리뷰 예정일은 { $due }{ $time ->
    [ahead] 로, 얼마 남지 않았습니다.
    [today] 입니다.
   *[past] 이었고, 지금도 하실 수 있습니다.
} 성과 목표가 어떻게 되어 가는지, 무엇을 조정하면 좋을지 관리자와 이야기하기 좋은 때입니다.
nudge-kpo-review-newcomer-summary = { $day }일 차 리뷰 예정일은 { $due }{ $time ->
    [past] 이었습니다
   *[other] 입니다
}{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
}
nudge-kpo-review-manager = { $owner } 님의 { $day }일 차 리뷰 예정일은 { $due }{ $time ->
    [ahead] 로, 얼마 남지 않았습니다.
    [today] 입니다.
   *[past] 이었고, 지금도 하실 수 있습니다.
} 성과 목표가 어떻게 되어 가는지, 무엇을 조정하면 좋을까요?
nudge-kpo-review-manager-summary = { $owner } 님의 { $day }일 차 리뷰 예정일은 { $due }{ $time ->
    [past] 이었습니다
   *[other] 입니다
}{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
}

rule-budget-per_day = 한 사람에게 하루에 먼저 보내는 메시지의 최대 수입니다.
threshold-budget-per_day = 넘는 것은 기다렸다가 한 메시지로 모아 보냅니다

rule-budget-per_week = 한 사람에게 7일 동안 먼저 보내는 메시지의 최대 수입니다.
threshold-budget-per_week = 넘는 것은 기다렸다가 한 메시지로 모아 보냅니다

rule-quiet_hours = 먼저 보내는 메시지가 도착하지 않는 시간입니다.
threshold-quiet_hours = 현지 시각으로 언제부터 언제까지인지. 쉬는 날은 늘 조용합니다
