# 종류에 따른 목표의 마무리, 그리고 이번 주기의 답에서 이어지는 다음 주기.

button-grade = 마무리하기
button-grade-again = 마무리 내용 고치기

grade-title = 목표 마무리
grade-lead-committed = 약속 목표는 이루어졌는지 아닌지로 봅니다. 이루어지지 않았다면 다음에 무엇을 조정하면 좋을지만 여쭙니다.
grade-lead-aspirational = 도전 목표는 0.0부터 1.0까지로 보고, 0.6에서 0.7이면 성공입니다.
grade-lead-learning = 학습 목표는 숫자 없이 무엇을 배웠는지로 마무리합니다.
grade-lead-cross-team = 목표 전체에 한 번만 적고, 어느 부분이 전달되었는지 골라 주세요. 개인별 점수는 없습니다.
grade-question = 알아보려던 질문: { $question }
grade-delivered = { $team }: { $deliverable }
grade-delivered-yes = 전달됨
grade-delivered-no = 아직 전달 전
grade-explanation = 이루어지지 않았다면, 무엇이 더 있었으면 되었을까요? 다음에 무엇을 조정하면 좋을까요?
grade-explanation-hint = 설명이지 벌점이 아닙니다. 이루어졌다면 비워 두셔도 됩니다.
grade-explanation-needed = 이루어지지 않았다고 하셔도 괜찮습니다. 다음에 무엇을 조정하면 좋을지 한 문장이면 충분합니다. 적으신 내용은 모두 남아 있습니다.
grade-score-hint = 핵심 결과는 평균 { $mean }까지 왔습니다. 도전 목표는 0.6에서 0.7이면 성공입니다.
grade-next-hint = 다 끝난 목표라면 비워 두셔도 됩니다.
grade-saved = “{ $goal }” 목표를 마무리했습니다. 고맙습니다. 이 목표는 더 여쭙지 않을게요.
grade-change-note = 주기가 끝나고 2주까지 고칠 수 있습니다: /goals close
grade-which = { $count ->
    [0] 이미 마무리한 목표이고, 마무리 내용을 고칠 수 있습니다:
    [1] 이 목표를 마무리할 수 있습니다:
   *[other] 어느 목표를 마무리할까요?
}
grade-unknown = 지금 마무리할 수 있는 목표 중에서 “{ $words }” 목표를 찾지 못해 바뀐 것이 없습니다. 모두 보려면: /goals close
grade-none = 지금 마무리할 목표가 없습니다. 승인된 목표는 주기가 끝나고 2주까지 마무리할 수 있습니다. 내 목표 보기: /goals
grade-not-yours = { $owner } 님이나 이 목표를 조율하는 분만 마무리할 수 있어서 바뀐 것이 없습니다.
grade-not-open = “{ $goal }” 목표는 지금 마무리할 수 없어 바뀐 것이 없습니다. 승인된 목표는 주기가 끝나고 2주까지 마무리할 수 있습니다.

grade-score = { $type }: 1.0 가운데 { $score }
grade-reached = { $type }: 이루어졌습니다
grade-not-reached = { $type }: 이루어지지 않았습니다
grade-learned = { $type }: 배운 것으로 마무리했습니다
grade-parts-delivered = 전달된 부분: { $parts }
grade-parts-open = 아직 전달 전: { $parts }
grade-words-learned = 배운 것: { $words }
grade-words-adjust = 다음에 조정할 것: { $words }
grade-band-unrealistic = 처음부터 현실적이지 않았을 수도 있습니다. 다음 목표는 어떻게 잡으면 닿을 수 있을까요?
grade-band-part = 여기까지 온 것도 의미가 있습니다. 더 나아가려면 무엇을 조정하면 좋을까요?
grade-band-success = 도전 목표의 성공이란 이런 모습입니다.
grade-band-beyond = 도전 목표가 보통 닿는 곳보다 더 멀리 왔습니다.
grade-band-easy = 도전이라기엔 쉬웠을 수도 있습니다. 다음에는 무엇에 닿아 보면 좋을까요?
grade-mean = 이번 주기의 도전 목표는 평균 1.0 가운데 { $score }까지 왔습니다. 계획을 위한 것이고, 이 평균은 본인만 볼 수 있습니다.

carry-note = { $cycle } 주기에서: { $words }
carried-draft = “{ $goal }” 목표가 { $cycle } 주기의 초안으로 기다립니다.
carried-note = 승인을 요청하시기 전까지 초안은 다른 사람에게 보이지 않습니다.
leading-words = { $cycle } 주기에 가장 중요한 결과({ $leader } 님의 말): { $words }
prepare-matters-hint = 이 답은 함께 일하는 팀원이 목표를 쓸 때 보입니다.
review-more = 그 밖에 성과 목표 { $count }개

rule-cycle-next = 다음 주기로 이어 가기로 한 목표가 초안으로 기다리면 알려 드립니다.
threshold-cycle-next-drafts = 답하고 이만큼 지나면 이어 가기로 한 초안의 담당자에게 알립니다
threshold-cycle-next-empty = 주기가 시작되고 이만큼 지나면 목표가 없는 분께 알립니다. 인사 담당자가 원할 때만 켜집니다
nudge-cycle-next-owner = 이 목표가 { $cycle } 주기의 초안으로 기다립니다. 이대로 괜찮을까요, 무엇을 조정하면 좋을까요?
nudge-cycle-next-owner-summary = “{ $subject }” 목표가 { $cycle } 주기의 초안으로 기다립니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
}
nudge-cycle-next-empty = { $cycle } 주기가 시작되었고 아직 목표가 없습니다. 하나로 시작하셔도 충분합니다.
nudge-cycle-next-empty-summary = { $cycle } 주기가 시작되었고 아직 목표가 없습니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
}
why-cycle-next = { $stage ->
    [empty] 주기가 시작된 지 조금 지났고 제가 아는 목표가 없습니다. 인사 담당자가 이 질문을 켜 두었습니다.
   *[owner] “{ $goal }” 목표를 이어 가기로 하셨고 초안으로 기다립니다. 승인을 요청하거나 지우실 때까지 점점 더 드물게 알려 드립니다.
}
nudge-cycle-wrap_up-graded = 이 목표를 조율하는 { $by } 님이 목표를 마무리했습니다. 마무리 내용을 고칠 수 있습니다.
nudge-cycle-wrap_up-graded-summary = “{ $subject }” 목표를 조율하는 { $by } 님이 목표를 마무리했습니다{ $more ->
    [0] .
   *[other] . 그 밖에 { $more }건이 더 있습니다.
} 마무리 내용을 고칠 수 있습니다.
