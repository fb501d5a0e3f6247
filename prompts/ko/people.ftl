welcome-summary = 안녕하세요, Rondo입니다. 시작하기 전에: 무엇을 저장하는지, 누가 읽는지, 절대 쓰이지 않는 곳, 그리고 거부하는 방법입니다.
welcome-title = 안녕하세요, Rondo입니다
welcome-lead = { $name } 님, 저는 일주일에 한 번 목표가 어떻게 되어 가는지 여쭙고, 필요한 결정을 내릴 수 있는 사람에게 전합니다. 시작하기 전에 쉬운 말로 알려 드려요.
welcome-stores-label = 저장하는 것
welcome-stores = 이름, 이메일, 팀, 근무 시간, 목표, 그리고 체크인에 답하신 내용입니다. 다른 대화는 저장하지 않습니다.
welcome-reads-label = 읽을 수 있는 사람
welcome-reads = 내 정보는 내가 모두 볼 수 있습니다. 관리자는 목표의 상태와 좋았던 일을 보고, 결정이 필요할 때는 최근 체크인과 관리자에게 남긴 메모도 봅니다. 같은 팀은 목표의 제목과 상태, 수치, 그리고 양식에서 팀이 본다고 한 글을 봅니다. 더 위의 관리자와 인사 담당자는 5명 이상의 합계만 보며, 결정 요청은 앞선 누구도 결정하지 못했을 때만 갑니다. 내 글을 누가 읽었는지는 모두 적어 두고 보여 드립니다.
welcome-never-label = 쓰이지 않는 곳
welcome-never = 인사 평가 점수, 순위, 활동량 집계, 늦은 사람 명단에는 쓰이지 않습니다.
welcome-object-label = 원하지 않으시면
welcome-object = “/rondo privacy”는 저장된 내 정보와 읽은 사람을 보여 주고, “/rondo export”는 모두 보내 주며, “/rondo forget”은 지웁니다. { $named ->
    [yes] “/rondo concern”은 { $contact } 님에게만 가고 관리자에게는 가지 않습니다.
   *[no] 또는 인사 부서에서 믿을 수 있는 분과 이야기하세요.
} 이유를 대지 않고도 건너뛰거나 미루거나 자리를 비울 수 있습니다.

home-title = 내 목표와 체크인
home-checkin-open = 이번 주 체크인이 열려 있습니다.
home-checkin-on_time = 이번 주 체크인에 답하셨습니다. 아직 고칠 수 있어요.
home-checkin-late = 이번 주 체크인에 답하셨습니다. 아직 고칠 수 있어요.
home-checkin-skipped = 이번 주 체크인을 건너뛰었습니다. 지금이라도 답할 수 있어요.
home-checkin-missed = 이번 주 체크인에 아직 답하지 않으셨고, 지금도 답할 수 있습니다.

help-title = 이렇게 말해 보세요
help-summary = 할 수 있는 말: /checkin, /goals, /away, /rondo language, 그리고 “모두 순조로워요” 같은 평소 말투.
help-checkin-label = /checkin
help-checkin = 이번 주 카드를 보여 줍니다. /checkin skip 출장 · /checkin snooze 2h · /checkin history · /checkin settings
help-words-label = 평소 말투
help-words = “모두 순조로워요” · “출시 40%, 법무 검토에 막힘” · “이번 주 건너뛰기: 출장”
help-goals-label = /goals
help-goals = 목표와 수치, 업데이트 버튼을 보여 줍니다. /goals add · /goals edit · /goals close · /goals show · /goals at-risk · /goals team · /goals kpi · /goals stop 도 있습니다.
help-one-on-one-label = 1:1
help-one-on-one = “1:1 다나: 출시 예산”이라고 쓰면 다음 1:1 목록에 올라가고, “1:1”은 목록을 보여 줍니다. “다나와 1:1 매주 화요일 14시”로 시간을 알려 주세요.
help-away-label = /away
help-away = /away 2026-12-24..2026-12-31 (두 날 모두 포함) · /away 2026-12-24 오후 · “월요일까지 휴가” · /away back
help-why-label = 왜 받았나요?
help-why = 제가 먼저 보내는 모든 메시지에 이 버튼이 있습니다. /rondo why 는 마지막 메시지를 설명합니다.
help-privacy-label = /rondo privacy
help-privacy = 저장된 내 정보와 읽은 사람을 보여 줍니다. /rondo export · /rondo forget · 정해진 담당자에게 전할 말을 적는 /rondo concern 도 있습니다.
help-language-label = /rondo language
help-language = /rondo language ko · /rondo language en
help-prefer-label = /rondo prefer
help-prefer = /rondo prefer slack · teams · auto: 먼저 연락드릴 곳을 정합니다
help-nudges-label = /nudges (인사 담당자)
help-nudges = /nudges show · health · history · preview · set goal.stalled 10d for team "Sales" because 분기 말 · lock · unlock · profile · pause · resume · revert. 바뀌는 것은 적용하기 전에 먼저 보여 드립니다.

away-set = 푹 쉬세요. { $days ->
    [1] { $first }에는
   *[other] { $first }부터 { $last }까지(두 날 모두 포함)
} 아무것도 묻지 않겠습니다. { $before ->
    [stays] 더 긴 휴가가 이미 있어 그대로 둡니다. 바꾸시려면 { $was_first }부터 새 날짜를 적어 주세요.{ " " }
    [replaced] 전에 말씀하신 { $was_first }부터 { $was_last }까지의 휴가를 대신합니다.{ " " }
   *[none] { "" }
}일찍 돌아오시면 “/away back”이라고 적어 주세요.
away-set-half = 알겠습니다. { $day } { $part ->
    [morning] 오전({ $time } 이전)
   *[afternoon] 오후({ $time }부터)
}에는 아무것도 묻지 않겠습니다. “/away back”이라고 적으시면 취소됩니다.
away-backwards = { $last }은 { $first }보다 앞선 날이라 바뀐 것이 없습니다. 이렇게 적어 주세요: { $form }
away-past = { $last }은 이미 지난 날이라 바뀐 것이 없습니다.
away-day-of-year = { $year }년 { $day }
skip-not-this-week = 건너뛸 수 있는 것은 이번 주 체크인뿐이라 바뀐 것이 없습니다. 그때 자리를 비우신다면 이렇게 적어 주세요: { $form }
away-none = 지금 자리를 비우신 상태가 아니어서 끝낼 것이 없습니다.
away-dropped = { $days ->
    [1] { $first }
   *[other] { $first }부터 { $last }까지의
} 휴가를 취소했습니다. 평소처럼 여쭤볼게요.
away-dropped-half = { $day } { $part ->
    [morning] 오전({ $time } 이전)
   *[afternoon] 오후({ $time }부터)
} 휴가를 취소했습니다. 평소처럼 여쭤볼게요.
away-back = 돌아오신 것을 환영합니다! 밀린 것은 없고, 다음 체크인은 평소 시간에 옵니다.
language-set = 이제부터 한국어로 쓰겠습니다.
language-unknown = 아직 할 줄 모르는 언어라 바뀐 것이 없습니다. 할 수 있는 언어: { $languages }
language-en = English (영어)
language-ko = 한국어
settings-title = 내 체크인 설정
settings-summary = { $when }에 여쭤봅니다.
settings-prompt = 체크인
settings-zone = 시간대
settings-language = 언어
settings-hours = 근무 시간
settings-prefers = 연락드리는 곳
settings-prefers-auto = 마지막으로 계셨던 곳
button-prefer-slack = Slack으로 받기
button-prefer-teams = Teams로 받기
button-prefer-auto = 마지막으로 있던 곳
prefer-set = 이제부터 { $platform }에서 먼저 연락드리겠습니다. 그곳에서 닿지 않으면 다른 계정으로 보냅니다. 이미 화면에 있는 것은 그대로 있고, 어느 쪽에서 답하셔도 됩니다.
prefer-auto = 이제부터 마지막으로 계셨던 곳에서 연락드리겠습니다. 이미 화면에 있는 것은 그대로 있고, 어느 쪽에서 답하셔도 됩니다.
settings-hint = 시간대와 근무 시간은 인사 정보나 채팅 프로필에서 옵니다. 언어는 /rondo language en 으로 바꿀 수 있어요.
