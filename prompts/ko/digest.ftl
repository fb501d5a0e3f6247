# 관리자에게 모아서 보내는 요약, 그리고 한 메시지에 담긴 여러 결정 요청.

digest-title = 이번 주에 기다리는 일
digest-summary = 이번 주 요약: { $decisions ->
    [0] 살펴보실 일이 { $things }건 있습니다
   *[other] 결정을 기다리는 건이 { $decisions }건{ $things ->
        [0] { "" }
       *[other] , 그 밖의 일이 { $things }건
    } 있습니다
}{ $wins ->
    [0] .
   *[other] . 지난주에 잘된 일도 { $wins }건 담았습니다.
}
digest-section = { $kind ->
    [decisions] *결정을 기다리는 건 ({ $count })*
    [approval] *승인을 기다리는 목표 ({ $count })*
    [stalled] *한동안 체크인이 없는 목표 ({ $count })*
    [pace] *지나간 시간에 비해 뒤처진 약속 목표 ({ $count })*
    [missed] *답이 없던 체크인 ({ $count })*
    [obstacles] *걸림돌 ({ $count })*
    [talks] *다음 1:1에서 나눌 이야기 ({ $count })*
    [reviews] *신규 입사자 리뷰 ({ $count })*
    [wins] *지난주에 잘된 일 ({ $count })*
   *[other] *그 밖의 일 ({ $count })*
}
digest-more = { $kind ->
    [wins] … 잘된 일이 { $count }건 더 있습니다.
   *[other] … { $count }건이 더 있습니다. “팀 보기”에서 볼 수 있습니다.
}
digest-more-done = … { $count }건이 더 끝났습니다.
digest-win = “{ $words }” – { $name }
digest-fresh = 모두 최신이라 물어볼 것이 없었습니다: { $names }{ $more ->
    [0] { "" }
   *[other] , 그 밖에 { $more }명
}
digest-unseen = 이 메시지는 { $seen }명을 살펴보았고, 관리하시는 것으로 등록된 분이 { $more }명 더 있습니다. “팀 보기”에서 모두 볼 수 있고, 누가 누구에게 보고하는지는 인사팀이 고칠 수 있습니다.
digest-chart = 종류별 팀 목표
digest-chart-alt = 종류별 팀 목표. { $bars }.
digest-chart-words = 팀의 목표: { $bars }.   ■ 이룸   ▨ 진행 중   □ 한동안 소식 없음
digest-chart-bar = { $kind ->
    [committed] 약속 목표: 이룸 { $reached }, 진행 중 { $moving }, 소식 없음 { $quiet }
    [aspirational] 도전 목표: 0.6 이상 { $reached }, 진행 중 { $moving }, 소식 없음 { $quiet }{ $known ->
        [yes] , 평균 { $mean } (0.6~0.7이면 성공)
       *[no] { "" }
    }
   *[learning] 학습 목표: 진행 중 { $moving }, 소식 없음 { $quiet }
}
button-digest-team = 팀 보기

decisions-summary = 결정을 기다리는 건이 { $count }건 있습니다: { $goals }{ $more ->
    [0] { "" }
   *[other] , 그 밖에 { $more }건
}
decisions-lead = 결정이 { $count }건 필요합니다. 무엇을 조정하면 좋을까요?
decisions-more = 결정을 기다리는 건이 { $count }건 더 있습니다. 한 번 누르면 전체 카드를 보여 드립니다:
decisions-all-done = 이 메시지에는 더 기다리는 일이 없습니다. 고맙습니다.
decision-part = { $state ->
    [reopened] 정한 날짜가 지났지만 바뀐 것이 없어 { $owner } 님에게 다시 결정이 필요합니다:
    [acknowledged] 확인하신 건입니다. { $owner } 님이 결정을 기다리고 있어요:
   *[open] { $owner } 님에게 결정이 필요합니다:
}
decision-over = { $kind ->
    [decided] { $owner } 님의 “{ $goal }” 목표: { $holder } 님이 결정했습니다: { $choice }
    [withdrawn] { $owner } 님의 “{ $goal }” 목표: 더는 결정이 필요하지 않습니다.
    [unanswered] { $owner } 님의 “{ $goal }” 목표: 결정 없이 끝났습니다.
    [passed] { $owner } 님의 “{ $goal }” 목표: 지금은 { $holder } 님께 있습니다.
   *[newer] { $owner } 님의 “{ $goal }” 목표: 더 새로운 메시지가 있습니다.
}
button-decision-details = 자세히
button-decision-of = { $goal } ({ $owner })

digest-wish-set = 적어 두었습니다. 이제부터 담긴 것이 있으면 { $when }에 요약을 보내 드립니다. 다음 요약: { $next }
digest-wish-back = 적어 두었습니다. 인사팀이 정한 때에 요약을 보내 드립니다: { $when }
digest-wish-locked = 인사팀이 모두의 요약 시각을 정해 두었습니다: { $when }. 바뀐 것은 없습니다.
settings-digest = 관리자 요약
settings-digest-own = { $when } (직접 고르심)

threshold-manager-digest-gather = 요약 전 이만큼의 근무일 안에 생긴 일은 요약을 기다립니다. 결정과 승인은 기다리지 않습니다
why-manager-digest = 일주일에 한 번, 정하신 때에 기다리는 일을 한 메시지로 모아 보내 드립니다. 하실 일이 있을 때만 보냅니다. /론도 다이제스트 월요일 9시 로 옮길 수 있습니다.
