# 팀 채널: 주간 게시, 월간 요약, 그리고 이를 켜고 끄는 말들.

rule-team-post = 누군가 켜 둔 팀에 한해, 목표가 어디까지 왔는지 일주일에 한 번 그 팀의 채널에 보여 줍니다.
threshold-team-post-when = 팀의 주간 게시가 올라가는 요일과 시각 (켠 사람의 현지 시각)
why-team-post = { $stage ->
    [lost] { $team } 팀의 주간 게시를 켜 두셨는데, 그 채널에 더 이상 글을 쓸 수 없었습니다.
   *[week] 누군가 이 채널에 { $team } 팀의 주간 게시를 켰습니다. 새 소식이 오면 이 글이 고쳐지고, 누가 답했는지는 나오지 않습니다.
}
rule-team-summary = 한 달에 한 번, 이룬 것과 결정한 것과 배운 것을 그 팀의 채널에 모아 보여 줍니다.
threshold-team-summary = 켜면 주간 게시가 있는 채널에 매달 첫 근무일에 요약이 올라갑니다
why-team-summary = 누군가 이 채널에 { $team } 팀의 게시를 켰습니다. 한 달에 한 번 이룬 것과 결정한 것과 배운 것을 모아 보여 줍니다.
fact-team = 팀
fact-posted = 게시
fact-month = 달

post-opened = { $team } 팀의 주간 게시가 이 채널에 올라갑니다. 다음 게시: { $when }. 목표의 상태와 수치, 잘된 일, 도움을 청한 걸림돌, 결정이 그 채널의 모두에게 보이고, 누가 답했는지는 나오지 않습니다. 제가 아직 채널에 없다면 초대해 주세요. 끄려면: { $form }
post-moved = { $team } 팀의 주간 게시를 이 채널로 옮겼고, 예전 게시는 그대로 남습니다. 다음 게시: { $when }. 그 채널의 모두에게 보입니다. 제가 아직 채널에 없다면 초대해 주세요. 끄려면: { $form }
post-already = { $team } 팀의 주간 게시는 이미 이 채널에 있어서 바뀐 것이 없습니다. 다음 게시: { $when }. 끄려면: { $form }
post-never = 인사 담당자가 다시 켤 때까지 없음
post-closed = { $team } 팀의 주간 게시를 껐습니다. 이미 올라간 글은 남습니다. 다시 켜려면 팀 채널에 이렇게 적어 주세요: { $form }
post-none = { $team } 팀에는 주간 게시가 없어서 바뀐 것이 없습니다. 켜려면 팀 채널에 이렇게 적어 주세요: { $form }
post-how = 주간 게시에는 채널이 필요합니다. { $team } 팀의 채널에 이렇게 적어 주세요 (Teams에서는 저를 멘션해 주세요): { $form }
post-no-team = “{ $team }” 팀에 아무도 없어서 바뀐 것이 없습니다. 이렇게 적어 보세요: { $form }
post-which-team = 어느 팀인지 알 수 없어서 바뀐 것이 없습니다. 이렇게 적어 보세요: { $form }
post-not-yours = { $team } 팀의 주간 게시는 그 팀 사람들과 관리자, 인사 담당자만 켜고 끌 수 있어서 바뀐 것이 없습니다.
post-lost = { $team } 팀의 채널에 더 이상 글을 쓸 수 없어서 주간 게시를 멈췄습니다. 저를 채널에 초대하고 그곳에 이렇게 적으면 다시 시작됩니다: { $form }

help-team-post-label = /team post
help-team-post = 팀 채널에서 “/team post here”라고 적으면 목표에 대한 주간 게시가 시작되고, “/team post off”로 끝납니다.

post-title = { $team }: { $week }에 시작하는 주
post-summary = { $team } 팀의 { $week }에 시작하는 주: 상태와 수치가 있는 목표 { $goals }개, 잘된 일 { $wins }건, 도움 요청 { $obstacles }건, 결정 { $decisions }건입니다.
post-goal = { $type } · { $status }
post-moved-value = { $result }: { $before } → { $after }
post-more-goals = 그 밖에 목표 { $count }개
post-more = 그 밖에 { $count }건
post-wins = 잘된 일
post-win = “{ $words }” – { $name } 님
post-obstacles = 도움이 필요한 곳
post-obstacle = “{ $goal }” 목표의 걸림돌: “{ $words }” ({ $cause }). { $name } 님이 해결해 주실 수 있을 것 같습니다.
post-decisions = 이번 주의 결정
post-decision = “{ $goal }”: { $choice } – { $name } 님
post-footer = { $name } 님이 이 게시를 켰습니다. 새 소식이 오면 이 글이 고쳐집니다. 끄려면: { $form }

post-month-name = { $year }년 { $month }월
post-month-title = { $team }: { $month }
post-month-lead = 한 달을 모아 보았습니다.
post-month-summary = { $team } 팀의 { $month }: 이룬 목표 { $reached }개, 움직인 수치 { $moves }건, 결정 { $decisions }건, 배운 것 { $learned }건, 그만둔 일 { $stopped }건입니다.
post-month-reached = 이룬 것
post-month-moves = 움직인 수치
post-month-moved = { $type } · { $goal } · { $words }
post-month-decisions = 결정한 것
post-month-learned = 배운 것
post-month-stopped = 중단 목록
post-reached = { $type } · 이루어졌습니다
post-scored = { $type } · { $score }
post-learned = “{ $goal }”: “{ $words }”
post-stop = “{ $words }”

post-field-hint = 팀 채널에 게시를 켜 두었다면 거기에 보입니다.
