# 규칙마다 무엇을 위한 것인지, 기준값이 무엇을 뜻하는지, 알림에 무엇이라고 쓰는지 (bot/rules/rule.py 참고).

nudge-done = { $kind ->
    [goal] { $subject }: 업데이트되었습니다. 고맙습니다.
   *[other] { $subject }: 끝났습니다. 고맙습니다.
}
nudge-all-done = 모두 끝났습니다. 고맙습니다.
nudge-more = 그 밖에 { $count }건
nudge-adjust = 무엇을 조정하면 좋을까요? 한 번 누르는 것으로 충분하고, 더는 중요하지 않은 목표를 내려놓는 것도 좋은 답입니다.
nudge-ask = 다음 대화에서 나누기 좋은 질문: 무엇을 조정하면 좋을까요?
duty-review = { $name } 님의 { $what }일 차 리뷰
duty-prepare = { $what } 다음 주기를 위한 질문
duty-wrap_up = { $what } 마무리
duty-one_on_one = 1:1에서 나눌 이야기
duty-blocker = 장애물

rule-checkin-prompt = 목표가 어떤지 일주일에 한 번, 각자의 시간대에 맞춰 묻습니다.
threshold-checkin-prompt-when = 매주 묻는 요일과 현지 시각
threshold-checkin-prompt-fresh = 모든 목표가 이 기간 안에 업데이트되었으면 묻지 않습니다

rule-checkin-reminder = 열려 있는 체크인을 많아야 두 번 알리고, 그 뒤로는 조용합니다.
threshold-checkin-reminder-first = 질문이 도착한 뒤 첫 번째 알림까지
threshold-checkin-reminder-second = 질문이 도착한 뒤 두 번째 알림까지

rule-checkin-grace = 답변이 제때로 여겨지는 기간입니다.
threshold-checkin-grace = 이 뒤의 답변은 늦은 답변으로 표시되지만 거절되지는 않습니다

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

rule-goal-commitment_at_risk = 장애물이 있는 확약 목표를 결정할 수 있는 사람에게 가져갑니다.
threshold-goal-commitment_at_risk = 켜면 관리자에게 곧바로 결정을 요청합니다

rule-escalation-acknowledge = 에스컬레이션의 단계마다 맡기까지 주어지는 시간입니다.
threshold-escalation-acknowledge = 이 뒤에는 다음 단계로 넘어가고, 먼저 맡았던 사람에게 알립니다

rule-escalation-decide = 맡은 뒤 결정하기까지 주어지는 시간입니다.
threshold-escalation-decide = 이 뒤에는 한 번 더 알리고, 그다음 단계로 넘어갑니다

rule-budget-per_day = 한 사람에게 하루에 먼저 보내는 메시지의 최대 수입니다.
threshold-budget-per_day = 넘는 것은 기다렸다가 한 메시지로 모아 보냅니다

rule-budget-per_week = 한 사람에게 7일 동안 먼저 보내는 메시지의 최대 수입니다.
threshold-budget-per_week = 넘는 것은 기다렸다가 한 메시지로 모아 보냅니다

rule-quiet_hours = 먼저 보내는 메시지가 도착하지 않는 시간입니다.
threshold-quiet_hours = 현지 시각으로 언제부터 언제까지인지. 쉬는 날은 늘 조용합니다
