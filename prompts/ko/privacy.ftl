privacy-title = 저장된 내 정보
privacy-lead = { $name } 님, { $email }: 이름, 이메일, 팀, 관리자, 근무 시간은 회사에서 받은 정보입니다. 그 밖에 저장된 것은 다음과 같습니다.
privacy-summary = 저장된 내 정보와 읽은 사람: 최근 90일 동안 { $count ->
    [0] 아무도 읽지 않았습니다.
   *[other] { $count }번 읽혔습니다.
}
privacy-accounts = 채팅 계정
privacy-goals = 목표
privacy-figures = 지켜보는 지표
privacy-checkins = 체크인
privacy-notes = 관리자에게 남긴 비공개 메모
privacy-decisions = 결정 요청
privacy-duties = 1:1 안건, 걸림돌, 승인
privacy-messages = 받은 메시지
privacy-ledger = 기록부의 줄
privacy-count = { $count ->
    [0] 없음
   *[other] { $count }개
}
privacy-newest = { $count }개 · 최근: “{ $words }”
privacy-who = *읽을 수 있는 사람:* 본인은 모두 볼 수 있습니다. { $managed ->
    [yes] 관리자 { $manager } 님은 목표를, 그리고 결정 요청이나 다이제스트, 비공개 메모로 전해질 때 체크인에 적은 글을 봅니다. 자리를 비운 동안에는 대신하는 분이 보지만 비공개 메모는 보지 못합니다.
   *[no] 등록된 관리자가 없습니다.
} 같은 팀은 목표의 제목과 상태, 수치를 봅니다. 더 위의 관리자와 인사 담당자({ $hr })는 { $fewest }명 이상의 합계만 보며, 결정 요청은 그분들에게 넘어갔을 때만 봅니다.
privacy-read = 최근 { $days }일 동안 *내 글을 읽은 사람*: { $count ->
    [0] 없습니다.
   *[other] { $count }번입니다.
}
privacy-read-line = { $date }: { $name } ({ $role ->
    [manager] 나의 관리자
    [hr] 인사 담당자
    [operator] Rondo 운영자
   *[other] 동료
}), { $where ->
    [decision] 결정 요청
    [digest] 주간 다이제스트
    [goal] 내 목표
    [approval] 승인할 목표
    [obstacle] 없앨 걸림돌
    [talk] 1:1 목록
    [checkins] 모든 체크인 내보내기
    [goals] 모든 목표 내보내기
    [person] 저장된 내 정보 내보내기
   *[other] 내 글
}
privacy-read-more = 그 밖에 { $count }번 더 있으며, 내보내기에 모두 들어 있습니다.
privacy-hint = 내보내기는 모든 것을 보내 드리고, 삭제는 일주일 뒤에 지웁니다. 우려는 정해진 한 사람에게만 가며 관리자에게는 가지 않습니다.
button-privacy = 저장된 내 정보
button-export = 내보내기
button-export-more = 더 보기 ({ $page }/{ $pages })
button-forget = 내 정보 삭제
button-forget-cancel = 삭제하지 않기
button-concern = 우려 전하기
button-other-language = English
button-settings = 설정

export-title = 내 정보, { $pages }쪽 중 { $page }쪽
export-lead = { $date } 현재 저장된 모든 정보입니다. 한 가지가 한 줄입니다. 빈 항목은 뺐고, 메시지는 이 채팅에 있으므로 요약만 적었습니다.
export-end = 여기까지가 전부입니다. 컴퓨터용 파일 하나로 받으려면 Rondo 운영자에게 “rondo export person { $email }”을 부탁해 주세요.
export-no-page = 모두 { $pages }쪽입니다. 첫 쪽은 { $form } 로 볼 수 있어요.

forget-title = 저장된 내 정보 삭제
forget-lead = 아직 아무 일도 일어나지 않았습니다. 확인하시면 { $days }일 뒤에 모두 지워지며, 그때까지는 되돌릴 수 있습니다.
forget-gone-label = 지워지는 것
forget-gone = 이름, 이메일, 채팅 계정, 직접 쓰신 모든 글, 임시 저장, 비공개 메모와 우려, 받으신 메시지, 그리고 다른 사람의 기록에 있는 이름입니다.
forget-kept-label = 남는 것
forget-kept = 합계가 맞도록 수치와 상태, 날짜가 이름 없이 남고, 누군가 삭제되었다는 한 줄이 남습니다.
forget-work-label = 진행 중인 일
forget-work = { $goals ->
    [0] 진행 중인 목표가 없습니다.
   *[other] 진행 중인 목표 { $goals }개는 담당자 없는 수치로 남습니다.
} { $requests ->
    [0] 열린 결정 요청이 없습니다.
   *[other] 열린 결정 요청 { $requests }개는 거두어집니다.
} 보고를 받던 분들은 그 위의 관리자에게 이어집니다.
forget-when-label = 때
forget-when = 확인하신 지 { $days }일 뒤 몇 분 안에 지워집니다. 백업에는 새 백업으로 바뀔 때까지 남습니다.
forget-chat-label = 채팅
forget-chat = 이 채팅에 이미 올라온 글은 회사가 채팅을 보관하는 동안 남아 있습니다.
forget-hr-label = 알려지는 사람
forget-hr = 인사 담당자 한 사람에게 이름과 날짜만 알립니다.
forget-notice = { $name } 님이 정보 삭제를 요청했습니다. 되돌리지 않으면 { $date }에 모두 지워집니다. 아직 재직 중이라면 이야기를 나눠 주세요. 다시 등록되면 새로운 사람으로 시작합니다.
forget-notice-back = { $name } 님이 삭제 요청을 거두었습니다. { $date }에 지워지는 것은 없습니다.
forget-planned = 저장된 내 정보가 { $when }에 모두 지워집니다.
forget-planned-note = 그때까지는 바뀌는 것이 없으며, 버튼이나 “/rondo forget cancel”로 되돌릴 수 있습니다. 인사 담당자 한 사람에게 이름과 날짜만 알립니다.
forget-taken-back = 정보를 그대로 두며, 지워지는 것은 없습니다. 이미 들은 분은 거두셨다는 것을 봅니다.
forget-nothing-planned = 삭제 예정이 없으며, 바뀐 것도 없습니다.

concern-nobody = 관리자가 모르게 전할 수 있는 사람이 없어 아무것도 저장하지 않았습니다. 인사 담당자나 노사협의회에서 믿을 수 있는 분과 이야기해 주세요.
concern-how = 우려는 { $contact } 님에게만 전해집니다. 관리자에게도, 어떤 보고서에도 가지 않습니다. “/rondo concern” 뒤에 적으시거나 버튼을 눌러 주세요.
concern-form-title = 우려 전하기
concern-form-lead = { $contact } 님만 읽으며 관리자는 읽지 못합니다.
concern-submit = 보내기
field-concern = 무엇을 알아야 할까요?
field-concern-hint = 답을 드릴 수 있도록 이름이 함께 전해집니다.
concern-sent = { $contact } 님에게 우려를 전합니다.
concern-sent-note = { $contact } 님의 다음 근무 시간에 전해지며, 다른 사람은 보지 못합니다. 읽었는지는 여기에 보이고, 답은 메시지로 옵니다.
concern-following = { $contact } 님이 퇴사하거나 근무일로 사흘이 지나도 읽지 않으면 { $next } 님에게 전하고 알려 드립니다.
concern-moved = 아직 아무도 우려를 읽지 않아 이제 { $contact } 님에게 전합니다.
concern-unheard = { $contact } 님이 아직 우려를 읽지 않았고, 대신 들을 수 있는 다른 분이 없습니다. 인사 담당자나 노사협의회에서 믿을 수 있는 분과 이야기해 주세요.
concern-passed-on = 여기에 우려가 하나 있었습니다. 근무일로 사흘 동안 읽음 표시가 없어 다른 분에게 전했습니다.
concern-read-until = 읽음 표시를 해 주세요. 근무일로 사흘이 지나도 표시가 없으면 다음 분에게 전합니다.
concern-read = { $contact } 님이 우려를 읽었습니다.
concern-answered = { $contact } 님이 우려에 답했습니다. 답은 따로 메시지로 보내 드립니다.
concern-lost = { $contact } 님에게도, 대신 들을 수 있는 다른 분에게도 닿지 않아 아무도 읽지 않았습니다. 인사 담당자나 노사협의회에서 믿을 수 있는 분과 이야기해 주세요.
concern-yours = 적으신 글: “{ $words }”
concern-title = 우려
concern-summary = { $name } 님이 우려를 전했습니다. 받는 분만 읽을 수 있습니다.
concern-lead = { $name } 님이 받는 분에게만 전하는 이야기입니다.
concern-words = “{ $words }”
concern-private = 여기서 다른 사람은 볼 수 없고, 기록부나 보고서에도 한 글자도 남지 않습니다. 답은 그분에게만 갑니다.
concern-you-read = 읽었다고 표시하셨고, 그분도 그것을 봅니다.
concern-you-answered = 답하신 글: “{ $words }”
concern-read-already = 이미 읽었다고 표시하셨습니다.
button-concern-read = 읽었습니다
button-concern-answer = 답하기
concern-answer-title = 답하기
concern-answer-lead = { $name } 님만 답을 읽습니다.
field-concern-answer = 답
field-concern-answer-hint = 앞으로 어떻게 할지, 언제 이야기할지 적어 주세요.
concern-answer-sent = { $name } 님이 받기 좋은 시간에 답을 전합니다.
concern-answer-summary = { $contact } 님이 우려에 답했습니다.
concern-answer = { $contact } 님의 답입니다.
concern-again = 언제든 다시 적으실 수 있습니다.
