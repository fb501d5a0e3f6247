letters-title = 전해지지 않은 메시지
letters-said = 메시지 { $count }건을 전하지 못했거나 도착했는지 알 수 없습니다. 제가 스스로 다시 보내지는 않습니다.
letters-refused = 플랫폼이 거절한 메시지 { $count }건: { $reason }
letters-unknown = 도착했는지 알 수 없는 메시지 { $count }건
letters-more = 그 밖에 { $count }건
letters-how = 거절은 오류나 설정 때문입니다. Rondo를 운영하는 분에게 이유를 전해 주세요. 도착했는지 알 수 없는 메시지에는 하실 일이 없습니다.
letters-often = 이 알림은 하루에 한 번까지만 드립니다.
letters-summary = 메시지 { $count }건을 전하지 못했거나 도착했는지 알 수 없습니다. { $rules }.
letters-where = /nudges health에서 볼 수 있습니다.
button-letters-health = 알림이 어떻게 되었는지 보기
unreachable-title = 연락이 닿지 않는 분들
unreachable-said = 제 메시지가 { $count }명에게 전해지지 않습니다. 이분들께는 아무것도 묻지 않으며, 그 때문에 달라지는 것은 없습니다.
unreachable-removed = 채팅에서 Rondo를 제거함
unreachable-blocked = Rondo를 차단했거나 제거함
unreachable-not-installed = Rondo가 설치되어 있지 않음
unreachable-deactivated = 계정이 닫힘
unreachable-no-account = 이 이메일의 계정을 찾지 못함
unreachable-other = 플랫폼에서 메시지를 보낼 수 없음
unreachable-do-removed = 제거함: 본인의 선택입니다. 다시 쓰고 싶다면 앱에서 Rondo를 다시 추가하면 됩니다.
unreachable-do-blocked = 차단함: Rondo와의 채팅에서 차단을 풀거나, 앱에서 Rondo를 다시 추가하면 됩니다.
unreachable-do-not-installed = 설치되지 않음: Teams 관리자에게 모두에게 Rondo를 설치해 달라고 요청해 주세요(앱 설정 정책).
unreachable-do-deactivated = 계정이 닫힘: 퇴사하셨다면 직원 파일에 종료일을 적어 주세요.
unreachable-do-no-account = 계정 없음: 직원 파일의 이메일과 채팅에서 쓰는 이메일이 같은지 확인해 주세요.
unreachable-do-other = 그 밖의 경우: Rondo를 운영하는 분에게 전해 주세요. 이유는 GET /api/v1/outbox?state=refused에 있습니다.
unreachable-more = 그 밖에 { $count }명
unreachable-still = 전에 알려 드린 { $count }명에게도 아직 연락이 닿지 않습니다.
unreachable-how = 다시 연락이 닿으면 그때 유효한 내용을 제가 바로 보냅니다.
unreachable-summary = { $count }명에게 연락이 닿지 않습니다: { $names }{ $more ->
    [0] {""}
   *[other] {" "}외 { $more }명
}.
ended-title = Slack에서 Rondo가 제거되었습니다
ended-said = { $count ->
   *[other] 워크스페이스 { $count }곳에서 Rondo가 제거되었습니다: { $names }. 지금은 그곳 분들이 Slack에서 제 메시지를 받지 못합니다.
}
ended-how = 잃은 것은 없습니다. 전할 말은 다른 길이 있으면 그리로 가고, 없으면 유효한 동안 기다립니다. 일부러 제거하셨다면 하실 일이 없습니다. 그렇지 않다면 Rondo를 운영하는 분에게 다시 설치해 달라고 해 주세요. 그러면 모두 저절로 이어집니다.
