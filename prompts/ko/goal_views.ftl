# 목표 하나, 팀의 목표, 그리고 목표에 딸린 것들.
view-button-show = 보기
view-button-edit = 수정
view-button-close = 마감
view-button-talk = 이야기하기
view-button-delivered = { $team } 전달 완료로 표시
view-button-undelivered = { $team } 전달 전으로 표시
view-summary = { $owner } 님의 “{ $goal }” 목표: { $standing }.
view-state = { $type } · { $state }
view-state-draft = 초안, 다른 사람에게는 보이지 않음
view-state-proposed = 승인을 기다리는 중
view-state-closed = 마감됨
view-owner = 담당자
view-cycle = 주기
view-coordinator = 조정자
view-parent = 상위 목표
view-why = 누가 어떤 가치를 경험하나요
view-question = 알아내려는 질문
view-results = 핵심 결과
view-result = { $text }: { $current }, 시작 { $start }, 목표 { $target }
view-result-bare = { $text }: { $current }, 목표 { $target }, 기준값 없음
view-now = 현재 { $value }
view-due = { $date }까지
view-source = { $source }에서 자동 보고
view-contributions = 팀별 기여
view-contribution = { $team }: { $deliverable }
view-delivered = 전달됨
view-undelivered = 진행 중
view-children = 이 목표를 뒷받침하는 목표
view-roll-up = { $type }: { $counts }
view-count = { $status } { $count }개
view-reached = { $count }개 중 { $reached }개가 목표값에 도달
view-mean = 평균 { $mean }
view-history = 이력
view-which = 어느 목표를 볼까요?
view-unknown = 내 목표 중에서 찾지 못했습니다. 이렇게 적어 보세요: { $form }
view-not-yours = 볼 수 없는 목표이거나 더는 없는 목표입니다. 목표는 담당자와 같은 팀, 담당자의 관리자가 볼 수 있습니다.
view-changed = 그 사이 목표가 바뀌어 표시한 것이 없습니다. 지금의 목표는 /goals 로 볼 수 있어요.
view-delivered-not-yours = 전달 여부는 목표의 담당자나 조정자만 표시할 수 있어서 바뀐 것이 없습니다.

team-title = { $team } 팀의 목표
team-title-led = 우리 팀의 목표
team-summary = { $count ->
    [0] 이번 주기 { $team }의 목표입니다.
   *[other] 이번 주기 { $team }의 목표 { $count }개와 종류, 상태, 수치입니다.
}
team-your = 우리 팀
team-line = { $type } · { $status }
team-more = 그 밖에 목표 { $count }개
team-below = 그 밖의 사람들을 모두 합해서
team-left-out = 작은 팀에 있는 몇 분은 빠져 있습니다. 다른 합계와의 차이로 누구의 목표인지 드러나지 않게 하기 위해서입니다.
team-too-few = 그 밖에 목표가 있는 사람이 다섯 명보다 적습니다. 누구의 목표인지 드러나지 않도록 합계를 내지 않습니다.
team-capped = 한 번에 합할 수 있는 것보다 목표가 많아서 처음 { $count }개만 담았습니다.
team-no-goals = 이번 주기에는 아직 { $team }의 목표가 없습니다.
team-none = 아직 어느 팀인지 모르고 함께 일하는 팀원도 없습니다. 팀은 인사 담당자가 관리합니다. 내 목표는 /goals 로 볼 수 있어요.
team-unknown = “{ $name }” 팀을 찾지 못했습니다. 이렇게 적어 보세요: { $form }
team-not-yours = { $team }의 목표는 팀 구성원과 이끄는 사람, 인사 담당자가 볼 수 있습니다. 지금 되는 것: { $form }
