# 지표: 목표 곁에서 지켜보기만 하고 평가하지 않습니다.

button-kpi-new = 지표 지켜보기
button-kpi-promote = 핵심 결과로 만들기
button-kpi-drop = 그만 지켜보기
kpi-title = 지켜보는 지표
kpi-lead = 지켜보기만 하고 평가하지 않습니다. 목표를 이루는 동안 건강한 범위에 머물러야 하는 수치입니다.
kpi-none = 아직 지켜보는 지표가 없습니다. 지표는 목표 곁에서 지켜보기만 하고 평가하지 않습니다.
kpi-summary = 지켜보는 지표 { $count }개와 최근 수치입니다.
kpi-one-summary = { $name }: 최근 수치와 할 수 있는 일입니다.
kpi-more = 그 밖에 지표 { $count }개
kpi-begin = 지표는 지켜보기만 하고 평가하지 않습니다. 무엇인지, 어디까지가 건강한 범위인지 적어 주세요.
kpi-standing = { $place ->
    [inside] { $value } · 건강한 범위 안({ $range })
    [below] { $value } · 건강한 범위보다 낮음({ $range })
    [above] { $value } · 건강한 범위보다 높음({ $range })
   *[free] { $value } · 정해 둔 범위 없음
} · { $days ->
    [0] 오늘 업데이트
   *[other] { $days }일 전 업데이트
}
kpi-range = { $span ->
    [low] { $low } 이상
    [high] { $high } 이하
    [both] { $low }에서 { $high }까지
   *[none] 모든 값
}
kpi-unreported = 아직 보고된 값이 없습니다.
kpi-promoted = 목표의 핵심 결과이기도 하며, 계속 지켜봅니다.
kpi-form-title = 지켜볼 지표
kpi-field-name = 지표 이름
kpi-field-unit = 단위
kpi-field-current = 지금 값
kpi-field-low = 건강한 범위의 시작
kpi-field-high = 건강한 범위의 끝
kpi-hint-unit = %, 일, 건 같은 단위입니다. 비워 두셔도 됩니다.
kpi-hint-low = 둘 중 하나만 적어도 되고 모두 비워 두셔도 됩니다.
kpi-name-needed = 이름을 적어 주세요. 적으신 내용은 모두 남아 있습니다.
kpi-known-already = 같은 이름의 지표를 이미 지켜보고 있습니다. 적으신 내용은 모두 남아 있습니다.
kpi-range-turned = 건강한 범위의 시작보다 낮은 값입니다. 적으신 내용은 모두 남아 있습니다.
kpi-saved = “{ $name }” 지표를 저장했습니다. 지켜보기만 하고 평가하지 않습니다.
kpi-dropped = “{ $name }” 지표를 더 지켜보지 않습니다. 이미 만든 핵심 결과는 그대로입니다.
kpi-unknown = 지켜보는 지표 중에서 찾지 못해 바뀐 것이 없습니다. /goals kpi 로 지표를 볼 수 있어요.
kpi-promotion-title = 핵심 결과로 만들기
kpi-promotion-lead = “{ $name }” 지표가 지금 값에서 시작하는 핵심 결과가 됩니다. 지표는 계속 지켜봅니다.
kpi-field-goal = 어느 목표의 핵심 결과인가요?
kpi-goal-option = { $state ->
    [draft] { $goal } ({ $cycle }, 초안)
   *[active] { $goal } ({ $cycle }, 승인됨)
}
kpi-field-target = 목표 값
kpi-field-due = 언제까지인가요?
kpi-hint-due = 비워 두시면 목표의 주기가 끝나는 날까지입니다.
kpi-field-reason = 왜 핵심 결과로 만들까요?
kpi-hint-reason = 승인된 목표라면 적어 주세요. 이유와 승인이 있어야 바뀝니다.
kpi-result-already = 이미 그 목표의 핵심 결과입니다. 적으신 내용은 모두 남아 있습니다.
kpi-target-needed = 닿고 싶은 값을 적어 주세요. 적으신 내용은 모두 남아 있습니다.
kpi-target-same = 이미 그 값입니다. 어디에 닿으면 좋을까요? 적으신 내용은 모두 남아 있습니다.
kpi-no-goal = “{ $name }” 지표는 내 목표의 핵심 결과가 될 수 있는데, 지금은 담을 목표가 없어 바뀐 것이 없습니다. 목표 시작하기: /goals add
kpi-now-result = “{ $name }” 지표가 이제 “{ $goal }” 목표의 핵심 결과이며, 오늘 값에서 시작합니다.
