# 대화에서 목표를 적고, 바꾸고, 승인합니다.
button-write = 적어 보기
button-write-committed = 약속 목표
button-write-aspirational = 도전 목표
button-write-learning = 학습 목표
button-write-cross-team = 협업 목표
button-write-kpo = 입사 목표
button-write-kpi = 지표
button-add-goal = 목표 추가
button-edit-goal = 수정
button-edit-result = 핵심 결과 { $number } 수정
button-add-result = 핵심 결과 추가
button-propose-goal = 승인 요청
button-discard-goal = 버리기
button-approve = 승인
button-return = 수정 요청
button-show-goal = 보기
button-done-stop = 그만뒀어요

write-begin = 어떤 목표인가요?
write-begin-kind = 버튼을 누르면 적을 수 있습니다.
write-begin-summary = 새 목표: 종류를 고르고 적어 주세요.
write-begin-words = 이렇게 시작합니다: { $words }
write-kind-committed = *약속 목표*: 다른 사람들이 믿고 일하는 약속입니다. 온전히 이루거나, 무엇을 조정할지 알립니다.
write-kind-aspirational = *도전 목표*: 멀리 보는 목표입니다. 0.0에서 1.0까지이며 0.6에서 0.7이면 성공입니다.
write-kind-learning = *학습 목표*: 알아내고 싶은 질문입니다. 숫자가 아니라 배운 내용으로 마칩니다.
write-kind-cross-team = *협업 목표*: 여러 팀이 한 부분씩 맡고, 조율 담당자 한 명이 최종 결정을 합니다.
write-kind-kpo = *입사 목표*: 입사 후 몇 달 동안 이룰 일입니다. 30일, 60일, 90일에 함께 살펴봅니다.
write-kind-kpi = *지표*: 목표 옆에서 지켜보는 숫자이며, 평가하지 않습니다.
write-kpo-over = 입사 목표는 입사 후 { $days }일 동안의 목표라서 열지 않았습니다. 다른 목표: /goals add

write-form = { $kind ->
    [committed] 약속 목표
    [aspirational] 도전 목표
    [learning] 학습 목표
    [cross-team] 협업 목표
   *[kpo] 입사 목표
}
write-submit = 초안 저장
write-title = 목표
write-why = 왜 중요한가요?
write-why-hint = 누가 어떤 가치를 느끼나요?
write-question = 무엇을 알아내고 싶으신가요?
write-question-hint = 끝에 답할 수 있는 질문 하나를 적어 주세요.
write-results = 핵심 결과 (한 줄에 하나씩)
write-results-hint = 활성화율을 40%에서 60%로, 12월 15일까지 · 또는: 활성화율 | 40 % | 60 % | 2026-12-15
write-results-many = 핵심 결과 { $count }개는 한 양식에 다 들어가지 않습니다. 카드에 앞의 것부터 하나씩 버튼이 있습니다.
write-contributions = 팀마다 맡는 것 (한 줄에 하나씩)
write-contributions-hint = 팀 | 맡는 것 | 날짜, 예: 법무 | 계약 체결 | 2026-12-01
write-who = 조율 담당자
write-who-hint = 최종 결정을 하는 사람: 이메일, 멘션 또는 이름
write-type-label = 목표의 종류
write-parent = 어느 목표를 뒷받침하나요?
write-parent-none = 없음
write-cycle = 주기
write-stop = 이 목표를 넣으려면 무엇을 빼야 할까요?
write-stop-hint = 중단 목록에 들어갑니다. 팀 채널에 게시를 켜 두었다면 거기에 보입니다.
write-result-title = 핵심 결과
write-text = 무엇을 재나요?
write-unit = 단위
write-unit-hint = 예: %, 일, 고객
write-start = 시작값
write-target = 목표값
write-due = 기한
write-reason = 바꾸는 이유
write-reason-hint = 목표값, 기한, 종류를 바꿀 때 필요합니다. 목표와 함께 계속 보입니다.

write-needs-question = 이 목표가 답할 질문을 적어 주세요.
write-needs-committed = 약속 목표에는 시작값, 목표값, 기한이 있는 핵심 결과가 하나는 필요합니다. 예: 활성화율 | 40 % | 60 % | 2026-12-15. 되거나 안 되는 일은 끝에 (달성 / 미달성)이라고 적어 주세요.
write-needs-target = 도전 목표에는 목표값이 있는 핵심 결과가 하나는 필요합니다. 예: 활성화율 | 40 % | 60 %
write-needs-teams = 협업 목표에는 팀이 둘 이상 필요합니다. 한 줄에 한 팀씩: 팀 | 맡는 것 | 날짜
write-needs-coordinator = 최종 결정을 하는 조율 담당자 한 명을 적어 주세요.
write-needs-stop = 이번 주기에는 이미 목표가 충분합니다. 이 목표를 넣으려면 무엇을 빼야 할까요?
write-error-line = { $number }번째 줄: { $problem }
write-error-day = “{ $word }”을(를) 앞으로 올 하루로 읽을 수 없습니다. 2026-12-15처럼 적어 주세요.
write-error-words = “{ $word }”에는 무엇을 재는지가 없습니다. 그것부터 적고 숫자를 적어 주세요.
write-error-units = “{ $word }”은(는) 단위가 둘입니다. 시작값과 목표값의 단위를 같게 적어 주세요.
write-error-parts = 막대로 나눌 때는 세 칸이나 네 칸입니다: 무엇 | 시작값 | 목표값 | 날짜
write-error-several = “{ $word }”이(가) 하나 더 있습니다. 한 줄에 시작값, 목표값, 날짜는 하나씩입니다.
write-error-long = 이 줄은 500자를 넘습니다.
write-error-many = { $count }줄인데 { $most }줄까지 들어갑니다.
write-error-team = 막대로 세 칸을 적어 주세요: 팀 | 맡는 것 | 날짜
write-error-who = “{ $who }”(이)라는 사람을 찾지 못했거나 여러 명입니다. 이메일 주소라면 언제나 됩니다.

write-type = { $kind ->
    [cross-team] 협업 목표 ({ $type })
    [kpo] 입사 목표
   *[other] { $type }
} · { $cycle }
write-result = { $how ->
    [said] { $text }
    [met] { $text }: 달성 또는 미달성
    [both] { $text }: { $start } → { $target }
    [target] { $text }: 시작값 아직 없음 → { $target }
    [start] { $text }: { $start } → 목표값 아직 없음
   *[words] { $text }: 아직 숫자 없음
}{ $dated ->
    [yes] , { $due }까지
   *[no] {""}
}
write-contribution = { $team }: { $deliverable }{ $dated ->
    [yes] , { $due }까지
   *[no] {""}
}
write-question-line = 알아낼 것: { $question }
write-coordinator = 조율 담당자: { $name }
write-why-line = 이유: { $why }
write-parent-line = 뒷받침하는 목표: { $parent }
write-stop-line = 대신 빼는 것: { $stop }
write-warning-results = { $count ->
    [0] 핵심 결과가 아직 없습니다
   *[other] 핵심 결과가 { $count }개입니다
}. 보통 { $low }개에서 { $high }개입니다. 그대로 두셔도 됩니다.
write-warning-due = 핵심 결과 { $number }의 기한이 { $cycle } 주기({ $first }~{ $last }) 밖에 있습니다. 그대로 두셔도 됩니다.
write-returned-note = 수정 요청: { $note }

write-state-draft = 나에게만 보이는 초안입니다. 보내시면 { $name } 님이 승인합니다.
write-state-alone = 나에게만 보이는 초안입니다. 승인할 사람이 없어 보내면 바로 시작됩니다.
write-state-proposed = { $name } 님의 답을 기다립니다. 수정하면 다시 초안이 됩니다.
write-state-approved = { $named ->
    [yes] { $name } 님이 승인했습니다.
   *[no] 시작되었습니다.
}
write-state-discarded = 버렸습니다. 기록에는 남고, 아무에게도 묻지 않습니다.
write-summary-draft = “{ $goal }” 초안을 이렇게 읽었습니다. 보내시면 { $name } 님이 승인합니다.
write-summary-alone = “{ $goal }” 초안을 이렇게 읽었습니다. 보내면 바로 시작됩니다.
write-summary-proposed = “{ $goal }” 목표가 { $name } 님의 답을 기다립니다.
write-summary-approved = “{ $goal }” { $named ->
    [yes] 목표를 { $name } 님이 승인했습니다.
   *[no] 목표가 시작되었습니다.
}
write-summary-discarded = “{ $goal }” 목표를 버렸습니다.

write-sent = { $name } 님께 “{ $goal }” 목표의 승인을 요청합니다. 답이 오면 알려 드립니다.
write-sent-already = “{ $goal }” 목표는 이미 { $name } 님의 답을 기다리고 있어 다시 보내지 않았습니다.
write-approved-already = “{ $goal }” 목표는 이미 승인되어 보낼 것이 없습니다.
write-alone = “{ $goal }” 목표를 승인할 윗사람이 없어 지금부터 유효합니다. 기록에도 그렇게 남깁니다.
write-incomplete = “{ $goal }” 목표는 아직 보내지 않았습니다. 더 적을 것이 있습니다.
write-discarded = “{ $goal }” 목표는 이미 버렸습니다.
write-discard-active = “{ $goal }” 목표는 진행 중이라 버리지 않았습니다. 마감하려면: /goals close
write-none = 바꿀 수 있는 목표가 없습니다. 새로 적으려면: /goals add
write-not-yours = “{ $goal }” 목표는 담당자만 바꿀 수 있어 바뀐 것이 없습니다. 승인하는 사람은 수정을 요청할 수 있습니다.
write-over = “{ $goal }” 목표는 마감되어 바뀐 것이 없습니다. 새 목표: /goals add
write-edit-which = 어느 목표를 바꾸시겠어요?
write-edit-this = 버튼을 누르면 바꿀 수 있습니다.
write-edit-summary = { $count ->
    [1] “{ $goal }” 목표를 바꾸려면 수정을 눌러 주세요.
   *[other] 어느 목표를 바꾸시겠어요? { $count }개가 있습니다.
}

change-title = 목표 바꾸기
change-waits = 승인을 기다립니다: { $changes }. 다시 바꾸면 새 변경이 그 자리를 대신합니다.
change-needs-approval = 종류, 목표값, 기한을 바꾸려면 이유와 승인이 필요합니다. 나머지는 바로 바뀝니다.
change-needs-reason = 목표값, 기한, 종류를 왜 바꾸는지 적어 주세요. 적으신 내용은 모두 남아 있습니다.
change-nothing = 달라진 것이 없어 “{ $goal }” 목표는 그대로입니다.
change-saved = “{ $goal }” 목표를 바꾸었습니다.
change-asked = { $name } 님께 “{ $goal }” 목표의 변경 승인을 요청합니다: { $changes }. 그때까지는 이전 값이 유효합니다.
change-alone = 승인할 윗사람이 없어 “{ $goal }” 목표를 지금부터 바꿉니다: { $changes }. 이력과 기록에 그렇게 남깁니다.
change-type = 종류: { $before } → { $after }
change-value = “{ $result }” { $what ->
    [target] 목표값
    [start] 시작값
    [unit] 단위
   *[due] 기한
}: { $before } → { $after }
change-result = 새 핵심 결과: { $result }
history-change = { $date }: { $change }
history-answer = { $reasoned ->
    [yes] 이유: { $reason }. { $state ->
        [waiting] 승인을 기다립니다.
        [approved] { $by } 님이 승인했습니다.
        [returned] 바꾸지 않았습니다. { $by } 님이 답했습니다.
       *[replaced] 담당자가 거두었습니다.
    }
   *[no] { $state ->
        [waiting] 승인을 기다립니다.
        [approved] { $by } 님이 승인했습니다.
        [returned] 바꾸지 않았습니다. { $by } 님이 답했습니다.
       *[replaced] 담당자가 거두었습니다.
    }
}{ $noted ->
    [yes] {" "}“{ $note }”
   *[no] {""}
}

approval-reason = 이유: { $reason }
approval-given = “{ $goal }” 승인했습니다. { $owner } 님께 알립니다.
approval-returned = “{ $goal }” 목표에서 무엇이 달라지면 좋을지 { $owner } 님께 알립니다.
approval-over = “{ $goal }” 목표는 그 사이 답이 있었거나 바뀌어서 달라진 것이 없습니다.
approval-not-yours = { $name } 님이나 대신하는 사람만 답할 수 있어 바뀐 것이 없습니다.
approval-return-title = 수정 요청
approval-return-submit = 보내기
approval-note = 무엇이 달라지면 좋을까요?
approval-note-hint = 담당자가 목표 옆에서 읽습니다.

rule-goal-approval = 목표나 목표의 변경을 관리자에게 승인받고, 답을 담당자에게 알립니다.
threshold-goal-approval-again = 이만큼 지나면 관리자에게 다시 묻고, 갈수록 뜸하게 묻습니다
nudge-goal-approval-manager = { $what ->
    [change] { $owner } 님이 목표 변경의 승인을 요청합니다.
   *[goal] { $owner } 님이 목표의 승인을 요청합니다.
}
nudge-goal-approval-manager-summary = { $what ->
    [change] { $owner } 님이 “{ $subject }” 목표 변경의 승인을 요청합니다.
   *[goal] { $owner } 님이 “{ $subject }” 목표의 승인을 요청합니다.
}{ $more ->
    [0] {""}
   *[other] {" "}그 밖에 { $more }건이 더 있습니다.
}
nudge-goal-approval-approved = { $what ->
    [change] { $by } 님이 이 목표의 변경을 승인했습니다. 지금부터 유효합니다.
   *[goal] { $by } 님이 이 목표를 승인했습니다. 해당 주기에 진행됩니다.
}
nudge-goal-approval-approved-summary = { $by } 님이 { $what ->
    [change] “{ $subject }” 목표의 변경을 승인했습니다.
   *[goal] “{ $subject }” 목표를 승인했습니다.
}{ $more ->
    [0] {""}
   *[other] {" "}그 밖에 { $more }건이 더 있습니다.
}
nudge-goal-approval-returned = { $what ->
    [change] { $by } 님은 이 목표를 그대로 두자고 합니다: “{ $note }”
   *[goal] { $by } 님이 이 목표의 수정을 요청합니다: “{ $note }”
}
nudge-goal-approval-returned-summary = { $by } 님이 “{ $subject }” 목표에 답했습니다: “{ $note }”{ $more ->
    [0] {""}
   *[other] {" "}그 밖에 { $more }건이 더 있습니다.
}
nudge-goal-approval-gone = 승인 요청을 받은 { $by } 님은 이제 여기에 없습니다. 다시 보내면 다음 사람에게 묻습니다.
nudge-goal-approval-gone-summary = “{ $subject }” 목표의 승인 요청을 받은 { $by } 님은 이제 여기에 없습니다. 다시 보낼 수 있습니다.{ $more ->
    [0] {""}
   *[other] {" "}그 밖에 { $more }건이 더 있습니다.
}
why-goal-approval = { $stage ->
    [manager] { $owner } 님이 목표나 목표의 변경을 승인해 달라고 보냈고, 승인하는 사람이거나 그 사람을 대신하고 계십니다.
   *[owner] 목표나 목표의 변경을 승인해 달라고 보내셨고, 그 결과입니다.
}
rule-goal-limits = 목표와 핵심 결과가 보통 몇 개인지 정합니다. 목표가 더 있으면 무엇을 뺄지 묻고, 나머지는 참고 사항입니다.
threshold-goal-limits-objectives = 한 사람의 한 주기 목표가 이 수에 이르면, 다음 목표부터 무엇을 뺄지 묻습니다
threshold-goal-limits-key_results_low = 목표 하나에 핵심 결과가 보통 이만큼 이상입니다
threshold-goal-limits-key_results_high = 목표 하나에 핵심 결과가 보통 이만큼 이하입니다

stop-title = 중단 목록
stop-lead = 목표에 자리를 내주려고 그만두는 일입니다.
stop-for = “{ $goal }” 목표를 위해
stop-more = { $count ->
   *[other] 그 밖에 { $count }개
}
stop-none = 중단 목록이 비어 있습니다. 목표에 자리가 필요할 때 채워집니다.
stop-summary = { $count ->
    [1] 중단 목록: { $first }
   *[other] 중단 목록에 { $count }개가 있고, 첫 번째는 이것입니다: { $first }
}
duty-stop = { $name } 님의 중단 목록 { $what }
duty-approval = { $name } 님의 승인 요청 { $what }

goals-drafts = 아직 시작하지 않은 목표
goal-state = { $state ->
    [draft] 초안: 나에게만 보입니다.
    [proposed] { $name } 님의 답을 기다립니다.
   *[later] 승인됨, { $cycle } 주기에 시작합니다.
}
