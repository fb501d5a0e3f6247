letters-title = 전해지지 않은 메시지
letters-said = 메시지 { $count }건을 전하지 못했거나 도착했는지 알 수 없습니다. 제가 스스로 다시 보내지는 않습니다.
letters-refused = 플랫폼이 거절한 메시지 { $count }건: { $reason }
letters-unknown = 도착했는지 알 수 없는 메시지 { $count }건
letters-more = 그 밖에 { $count }건
letters-how = 거절은 오류나 설정 때문입니다. Rondo를 운영하는 분에게 이유를 전해 주세요. 도착했는지 알 수 없는 메시지에는 하실 일이 없습니다. 이 알림은 하루에 한 번까지만 드립니다.
letters-summary = 메시지 { $count }건을 전하지 못했거나 도착했는지 알 수 없습니다. { $rules }. /nudges health에서 볼 수 있습니다.
button-letters-health = 알림이 어떻게 되었는지 보기
