health-title = 알림은 어떻게 되었나요
health-title-rule = { $rule }, 주별
health-weeks = 지난 { $weeks }주, 모두를 합친 수입니다. 알림 하나는 한 사람에게 전한 한 가지입니다.
health-empty = 지난 { $weeks }주 동안 보낸 알림도, 보류한 알림도 없습니다.
health-empty-rule = { $rule } 규칙은 지난 { $weeks }주 동안 보낸 알림도, 보류한 알림도 없습니다.
health-how = “반응”은 { $days }일 이상 지난 알림 가운데 { $days }일 안에 이어진 것입니다. { $fewest }명보다 적은 사람에 대한 수는 보여 드리지 않아요. 한 규칙을 주별로: { $example }
health-chart = 도착한 알림
health-legend = ■ { $days }일 안에 반응   ▨ 반응 없음   □ 아직 { $days }일이 안 됨. 숫자: 반응 / 도착.
health-alt = 도착한 알림과 { $days }일 안에 반응이 있었던 알림을 막대로 나타냈습니다. { $bars }
health-bar = { $label }: 도착 { $delivered }, 반응 { $acted }, 아직 이른 것 { $waiting }
health-sent = 보냄 { $count }
health-acted = { $ripe }건 중 { $acted }건 반응
health-share = { $ripe }건 중 { $acted }건 반응 ({ $share } %)
health-median = 절반은 { $time } 안에
health-minutes = { $count }분
health-hours = { $count }시간
health-days = { $count }일
health-held = 보류 { $count } ({ $reasons })
health-reason = { $reason ->
    [budget] 하루·주간 한도
    [bundle] 한 메시지에 담을 자리
    [paused] 인사 담당자가 멈춤
    [muted] 음소거
    [fresh] 모두 최신 상태
   *[other] 기타
} { $count }
health-snoozed = 미룸 { $count }
health-muted = 음소거 { $count }
health-not_useful = 도움이 안 됨 { $count }
health-unreachable = 전하지 못함 { $count }
health-refused = 플랫폼이 거절 { $count }
health-unknown = 도착했는지 알 수 없음 { $count }
health-few = { $fewest }명보다 적어 보여 드리지 않습니다
health-nothing = 없음
health-all-weeks = { $weeks }주 전체
health-summary = 지난 { $weeks }주의 알림은 이렇게 되었습니다. { $rules }.
health-noise = *{ $rule }* 알림은 소음에 가깝습니다. 반응은 { $share } %입니다. { $value }(으)로 두었다면 { $fewer } % 덜 보냈{ $updates ->
    [0] 을 것입니다.
   *[other] 고, 업데이트 { $updates }건 중 { $missed }건을 놓쳤을 것입니다.
}
health-noise-plain = 소음에 가까운 규칙: *{ $rules }*. 무엇을 조정하면 좋을까요? 기준일까요, 적용 대상일까요?
health-noise-share = { $rule } (반응 { $share } %)
button-health-try = { $value } 시도
button-health-thresholds = { $rule } 기준 보기
