forecast-no-history = 아직 꽉 찬 한 주의 기록이 없어서, 무엇이 달라졌을지 말씀드릴 수 없습니다.
forecast-few = 다섯 명보다 적은 인원이라, 무엇이 달라졌을지 따로 세어 보여 드리지 않습니다.
forecast-weeks = 지난 { $weeks }주
forecast-nudges = { $before }건 대신 *{ $after }*건 ({ $kind ->
    [fewer] { $difference }건 적음
    [more] { $difference }건 많음
   *[same] 차이 없음
})
forecast-people-label = 받는 사람
forecast-people = { $before }명 대신 { $after }명
forecast-messages-label = 전체 메시지
forecast-messages = 1인당 한 주에 { $before }건 대신 { $after }건
forecast-teams-label = 가장 많이 바뀌는 팀
forecast-team = { $team }: { $before }건 대신 { $after }건
forecast-summary = 지난 { $weeks }주라면 알림이 { $before }건이 아니라 { $people }명에게 { $after }건이었을 것입니다({ $kind ->
    [fewer] { $difference }건 적음
    [more] { $difference }건 많음
   *[same] 차이 없음
}).
forecast-basis = 이 기간의 업데이트와 체크인으로 계산했습니다. 하루·한 주 한도는 적용하지 않았고, 알림에 답하는 속도는 그대로라고 보았습니다.
forecast-sent = 이 기간에 실제로 보낸 알림: { $sent }건.
forecast-estimate = { $population }명 가운데 { $sampled }명으로 추정했습니다.
forecast-short = 기록이 { $weeks }주뿐입니다.
forecast-quiet = 지난 { $weeks }주의 메시지 { $total }건 가운데 { $after }건이 다른 시각에 도착했을 것입니다.
forecast-budget = 지난 { $weeks }주의 메시지 { $total }건 가운데 { $after }건이 기다렸을 것입니다. 지금 한도로는 { $before }건입니다.
forecast-grace = 지난 { $weeks }주의 답변 { $total }건 가운데 { $after }건이 늦은 답변으로 표시되었을 것입니다. 지금 유예 기간으로는 { $before }건입니다.
forecast-acknowledge = 지난 { $weeks }주의 결정 요청 { $total }건 가운데 { $after }건이 첫 담당자에게서 다음 단계로 넘어갔을 것입니다. 지금 기한으로는 { $before }건입니다.
forecast-decide = 지난 { $weeks }주에 확인된 결정 요청 { $total }건 가운데 { $after }건이 결정 기한을 넘겼을 것입니다. 지금 기한으로는 { $before }건입니다.
forecast-decision = 지난 { $weeks }주의 걸림돌 보고 가운데 { $after }건이 관리자에게 결정을 요청했을 것입니다. 지금은 { $before }건입니다.
forecast-pause = 지난 { $weeks }주에 그곳으로 메시지 { $before }건이 갔습니다. 일시중지하는 동안에는 보내지 않습니다.
forecast-resume = 일시중지 때문에 알림 { $before }건이 기다렸습니다. 아직 해당되는 것은 다시 알려 드립니다.
forecast-lock = { $after ->
    [0] 값이 달라지는 사람은 없습니다.
   *[other] { $total }명 가운데 { $after }명의 값이 달라집니다.
}
