# 1:1: 나눌 이야기, 시간, 그리고 그 전에 오는 안건.

button-talk = 1:1에서 이야기하기
button-add-item = 이야기 추가
button-one-on-one-list = 1:1 목록

topic-support = 지원
topic-obstacle = 걸림돌
topic-development = 성장
topic-decision = 결정

item-form-title = 다음 1:1에서 나눌 이야기
field-one-on-one-who = 누구와 나눌까요?
field-one-on-one-who-hint = 관리자나 함께 일하는 팀원을 이름이나 이메일로 적어 주세요.
field-topic = 무엇에 관한 이야기인가요?
field-item = 무슨 이야기를 나누고 싶으신가요?
field-item-hint = 두 분 모두 볼 수 있습니다. 목표가 어디까지 왔는지는 체크인에 있으니 여기에는 적지 않아도 됩니다.
error-one-on-one-who = 관리자나 팀원의 이름을 적어 주세요. 예를 들면: { $name }. 적으신 내용은 모두 남아 있습니다.
one-on-one-about = “{ $goal }” 목표에 대한 이야기입니다.
one-on-one-with-note = { $other } 님과 나눌 이야기이고, { $other } 님도 볼 수 있습니다.

one-on-one-added = { $known ->
    [yes] { $when } { $other } 님과의 1:1에서 나눌 이야기로 올렸습니다:
   *[no] { $other } 님과의 다음 1:1에서 나눌 이야기로 올렸습니다:
} “{ $item }”. { $other } 님도 목록에서 볼 수 있습니다.
one-on-one-added-already = { $known ->
    [yes] { $when } { $other } 님과의 1:1 목록에 이미 있습니다:
   *[no] { $other } 님과의 다음 1:1 목록에 이미 있습니다:
} “{ $item }”
one-on-one-nobody = 누구와 1:1을 하시는지 알 수 없습니다. 등록된 관리자가 없고 함께 일하는 팀원도 없어서 바뀐 것이 없습니다. 관리자는 인사 담당자가 등록할 수 있어요.
one-on-one-unknown = 1:1은 관리자나 팀원과 하는데, “{ $name }”만으로는 그중 어느 분인지 알 수 없어 바뀐 것이 없습니다. 이렇게 적어 보세요: { $form }
one-on-one-not-yours = 1:1 목록은 관리자와 팀원 사이의 것이어서 바뀐 것이 없습니다.
one-on-one-which = 누구와 나눌까요?
one-on-one-which-words = 목록에 올릴 이야기: “{ $words }”
one-on-one-which-form = 이름을 넣어 이렇게 적어 주세요: { $form }

one-on-one-title = 1:1에서 나눌 이야기
one-on-one-summary = { $count ->
    [0] 1:1 목록이 비어 있습니다.
   *[other] 1:1 목록에 이야기가 { $count }개 있습니다.
}
one-on-one-with = *{ $other } 님과*
one-on-one-empty = 아직 목록에 올라온 이야기가 없습니다.
one-on-one-item = { $item } · { $by } 님, { $when }부터{ $carried ->
    [yes] {" "}· 지난번에서 이어짐
   *[no] {""}
}
one-on-one-obstacle = { $item } · 체크인에서, { $when }부터
one-on-one-more-obstacles = { $count ->
    [one] 그 밖에 체크인에 적힌 걸림돌 { $count }개
   *[other] 그 밖에 체크인에 적힌 걸림돌 { $count }개
}
one-on-one-more = { $count ->
    [one] 목록에 { $count }개가 더 있습니다. 이름과 함께 1:1이라고 적으면 볼 수 있어요.
   *[other] 목록에 { $count }개가 더 있습니다. 이름과 함께 1:1이라고 적으면 볼 수 있어요.
}
one-on-one-more-later = { $count ->
    [one] 목록에 { $count }개가 더 있고, 위의 이야기를 나누면 차례로 올라옵니다.
   *[other] 목록에 { $count }개가 더 있고, 위의 이야기를 나누면 차례로 올라옵니다.
}
one-on-one-more-people = { $count ->
    [one] 그 밖에 { $names } 님과 나눌 이야기도 있습니다
   *[other] 그 밖에 { $count }명과 나눌 이야기도 있습니다: { $names }
}
one-on-one-talked = { $item }: 이야기를 나눴습니다.
one-on-one-hint = 이야기를 올리려면: { $form }

one-on-one-rhythm = { $every ->
    [other] 격주 { $day } { $time }
   *[week] 매주 { $day } { $time }
}
one-on-one-next = { $known ->
    [yes] 다음 1:1은 { $when }입니다.
   *[no] 앞으로 몇 주 안에는 두 분이 함께하실 수 있는 날이 없습니다.
}
one-on-one-time = 시간: { $rhythm }.
one-on-one-no-slot = 정해진 시간이 없습니다. 정하려면: { $form }
one-on-one-slot-set = { $other } 님과의 1:1 시간을 { $rhythm }로 적어 두었습니다. 나눌 이야기가 있으면 그 전에 두 분 모두에게 알려 드립니다.
one-on-one-slot-already = { $other } 님과의 1:1은 이미 { $rhythm }로 되어 있어 바뀐 것이 없습니다.
one-on-one-slot-off = { $other } 님과의 1:1에 이제 정해진 시간이 없습니다. 목록에 있는 이야기는 그대로 남습니다.
one-on-one-slot-none = { $other } 님과의 1:1에 정해진 시간이 없어 바뀐 것이 없습니다.
one-on-one-slot-zone = 시간은 { $other } 님이 계신 곳({ $zone })을 기준으로 유지됩니다.
one-on-one-over = { $when } { $other } 님과의 1:1: { $count ->
    [0] 목록에 있던 이야기를 모두 나눴습니다.
   *[other] 아직 나누지 않은 이야기는 다음을 위해 목록에 남아 있습니다.
}

rule-one_on_one-agenda = 1:1 전에 나눌 이야기를 두 분 모두에게 알려 드립니다.
threshold-one_on_one-agenda = 그날의 첫 1:1보다 이만큼 앞서 두 분 모두에게 나눌 이야기를 알립니다
nudge-one_on_one-agenda-lead = { $when }에 { $other } 님과 1:1이 있습니다. 나눌 이야기입니다:
nudge-one_on_one-agenda-lead-summary = { $when }에 { $other } 님과 1:1이 있습니다. 나눌 이야기가 { $count }개 있습니다.{ $more ->
    [0] {""}
   *[other] {" "}그 밖에 { $more }건이 더 있습니다.
}
nudge-one_on_one-agenda-report = { $when }에 { $other } 님과 1:1이 있습니다. 나눌 이야기입니다:
nudge-one_on_one-agenda-report-summary = { $when }에 { $other } 님과 1:1이 있습니다. 나눌 이야기가 { $count }개 있습니다.{ $more ->
    [0] {""}
   *[other] {" "}그 밖에 { $more }건이 더 있습니다.
}
why-one_on_one-agenda = 두 분이 정한 시간에 { $other } 님과 곧 1:1이 있고, 나눌 이야기가 목록에 있습니다.
fact-meeting = 1:1
