rule-privacy-retention = 사람들이 쓴 글과 메시지, 결정 기록을 얼마 동안 보관하는지입니다. 아무에게도 메시지를 보내지 않습니다.
threshold-privacy-retention-words = 체크인에 쓴 글(비공개 메모 포함). 상태와 수치는 남습니다
threshold-privacy-retention-messages = 메시지와 그것을 보낸 곳
threshold-privacy-retention-ledger = 제가 결정하고 한 일, 그리고 누가 무엇을 읽었는지에 대한 기록
threshold-privacy-retention-leavers = 퇴사한 뒤 이만큼 지나면 그 사람의 정보를 지웁니다. off이면 요청이 있을 때만 지웁니다
nudges-for-all = { $name } 값은 회사 전체에 적용되며 일부에만 따로 정할 수 없습니다. 바뀐 것은 없습니다. 바꾸려면: { $form }
erased-word = (삭제됨)
