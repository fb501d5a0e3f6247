goal-type-committed = 약속 목표
goal-type-aspirational = 도전 목표
goal-type-learning = 학습 목표
goal-type-cross-team = 협업 목표
goal-type-kpo = 입사 목표
goal-type-marked = { $type } · { $mark }
goal-standing = { $type } · { $status } · { $days ->
    [0] 오늘 업데이트
   *[other] { $days }일 전 업데이트
}
goal-unknown = 이번 주기의 목표 중에서 찾지 못해 바뀐 것이 없습니다. /goals 로 목표를 볼 수 있어요.
goals-title = 내 목표
goals-title-at-risk = 살펴볼 목표
goals-summary = 이번 주기의 목표 { $count }개와 최근 수치입니다.
goals-summary-at-risk = 살펴볼 목표 { $count }개와 최근 수치입니다.
goals-none = 이번 주기에는 아직 목표가 없습니다.
goals-none-at-risk = 위험하거나 이탈했거나 소식이 끊긴 목표가 없습니다. 하실 일이 없어요.
result-line = { $text }: { $value }
result-line-target = { $text }: { $value } (목표 { $target })
result-unreported = 아직 보고되지 않음
result-more = 그 밖에 핵심 결과 { $count }개

ask-owner = { $manager } 님이 묻습니다: 이 목표에서 무엇을 조정하면 좋을까요? 한 번 누르는 것으로 충분합니다.
ask-owner-summary = { $manager } 님이 “{ $goal }” 목표에 대해 묻습니다: 무엇을 조정하면 좋을까요? 버튼이나 양식으로 답할 수 있습니다.
ask-sent = { $owner } 님께 “{ $goal }” 목표에 대해 물었습니다. 답은 목표에 보입니다.
ask-updated = “{ $goal }” 목표는 그 사이 업데이트되어 { $owner } 님께 물을 것이 없습니다.
ask-later = { $owner } 님은 { $reason ->
    [budget] 당분간 받을 메시지를 이미 충분히 받아서
   *[hours] 지금 근무 시간이 아니어서
} 보내지 않았습니다. { $when }부터 다시 누를 수 있어요.
ask-not-yours = 담당자의 관리자만 물을 수 있어서 보내지 않았습니다.
ask-nobody = { $owner } 님은 오랫동안 자리를 비워서 보내지 않았습니다.

words-number = { $result }: { $problem } 바뀐 것은 없습니다.
words-machine-fed = { $result } 값은 { $source }에서 자동으로 들어오므로 바꾸지 않았고 저장한 것도 없습니다. 상태만 알려 주세요: 순조로움, 위험, 이탈
words-which-status = 이 목표는 어떤 상태인가요? 아직 저장한 것은 없습니다.
words-which-status-summary = “{ $goal }” 목표는 어떤 상태인가요? 아직 저장한 것은 없습니다.
words-status-missing = 이 목표는 어떤 상태인가요? “{ $said }” 내용은 상태를 적거나 버튼을 누르시면 함께 저장됩니다.
words-status-missing-summary = “{ $goal }” 목표는 어떤 상태인가요? “{ $said }” 내용은 상태를 알려 주시면 함께 저장됩니다.
words-note-full = 이번 주 메모에 자리가 없어 “{ $note }” 내용은 저장하지 못했습니다. 양식에서 메모를 줄일 수 있어요.
words-which-goal = 어느 목표를 말씀하시나요? 아직 저장한 것은 없습니다.
words-this-goal = “{ $goal }” 목표의 양식에 적어 주세요. 수치마다 자리가 있습니다. 아직 저장한 것은 없습니다.
words-malformed = 다 이해하지 못해서 바뀐 것이 없습니다. 이렇게 적어 보세요: { $form }
words-pleasantry = 반갑습니다. 기다리고 있는 것은 없습니다.
words-pleasantry-open = 반갑습니다. 체크인은 언제든 열려 있습니다: /checkin
words-unclear = 무슨 뜻인지 잘 몰라서 바뀐 것이 없습니다.
words-examples = “모두 순조로워요”, “출시 40%, 법무 검토에 막힘”, “2시간 뒤에”, “월요일까지 휴가”, “이번 주 건너뛰기: 출장”, 또는 /rondo help 라고 적어 보세요.

button-fill-in-prepare = 질문에 답하기
button-fill-in-wrap_up = 마무리하기
prepare-title = 다음 주기
prepare-lead = { $cycle } 주기는 { $date }에 끝납니다. 적어 주신 내용은 다음 주기를 계획하는 데 쓰입니다.
prepare-matters = 다음 주기에 가장 중요한 결과는 무엇인가요?
prepare-blocks = 무엇이 가로막고 있고, 누가 해결할 수 있나요?
prepare-stop = 무엇을 그만두실 건가요? (중단 목록)
prepare-true = 다음 주기가 끝날 때 무엇이 이루어져 있어야 하나요?
prepare-saved = 저장했습니다. 고맙습니다. { $cycle } 다음 주기를 계획할 때 함께합니다. 중단 목록: { $stop }
wrap-up-title = 주기 마무리
wrap-up-lead = { $cycle } 주기가 어떻게 되었는지 적어 주세요. 다음을 계획하는 데 쓰이고, 사람을 평가하는 데는 쓰이지 않습니다.
wrap-up-learned = 무엇을 배우셨나요?
wrap-up-reached = 이루어졌나요?
wrap-up-reached-yes = 이루어졌습니다
wrap-up-reached-no = 이루어지지 않았습니다
wrap-up-score = 0.0부터 1.0까지 중 어디까지 왔나요?
wrap-up-score-hint = 도전 목표는 0.6에서 0.7이면 성공입니다.
wrap-up-next = 이 목표를 어떻게 할까요?
wrap-up-next-carry = 이어서 하기
wrap-up-next-revise = 고쳐서 하기
wrap-up-next-stop = 그만두기
wrap-up-saved = 저장했습니다. 고맙습니다. { $cycle } 주기를 마무리했습니다.
wrap-up-left = 저장했습니다. 고맙습니다. 목표 { $goals }개가 남았고, 같은 버튼으로 열 수 있습니다.
error-needed = 여기에 한 문장을 적어 주세요. 적으신 내용은 모두 남아 있습니다.
error-choose-one = 하나를 골라 주세요. 적으신 내용은 모두 남아 있습니다.
error-score = 0.0부터 1.0까지의 숫자를 적어 주세요. 예: 0.7
