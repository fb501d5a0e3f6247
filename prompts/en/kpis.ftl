# Health numbers: watched beside goals, never graded.

button-kpi-new = Watch a number
button-kpi-promote = Make it a key result
button-kpi-drop = Stop watching
kpi-title = Numbers you watch
kpi-lead = Watched, never graded: a number that should stay where it is healthy while you work on your goals.
kpi-none = You watch no number so far. A number beside your goals is watched, never graded.
kpi-summary = { $count ->
    [one] The number you watch, with its latest value.
   *[other] The { $count } numbers you watch, with their latest values.
}
kpi-one-summary = { $name }: its latest value, and what you can do with it.
kpi-more = { $count ->
    [one] and { $count } more number
   *[other] and { $count } more numbers
}
kpi-begin = A number is watched, never graded. Write down what it is, and where it is healthy.
kpi-standing = { $place ->
    [inside] { $value } · in its healthy range ({ $range })
    [below] { $value } · below its healthy range ({ $range })
    [above] { $value } · above its healthy range ({ $range })
   *[free] { $value } · no healthy range given
} · { $days ->
    [0] updated today
    [one] updated { $days } day ago
   *[other] updated { $days } days ago
}
kpi-range = { $span ->
    [low] { $low } or more
    [high] { $high } or less
    [both] { $low } to { $high }
   *[none] any value
}
kpi-unreported = No value reported so far.
kpi-promoted = It is a key result of a goal as well, and is still watched.
kpi-form-title = A number to watch
kpi-field-name = What is it called?
kpi-field-unit = Unit
kpi-field-current = Value now
kpi-field-low = Healthy from
kpi-field-high = Healthy up to
kpi-hint-unit = Such as %, days or tickets. It may stay empty.
kpi-hint-low = One of the two limits is enough, and both may stay empty.
kpi-name-needed = Please write a name; everything you typed is kept.
kpi-known-already = You watch a number of this name already. Everything you typed is kept.
kpi-range-turned = This lies below where the healthy range begins. Everything you typed is kept.
kpi-saved = “{ $name }” is kept. It is watched, never graded.
kpi-dropped = “{ $name }” is watched no longer. A key result it became stays.
kpi-unknown = I could not find that number among those you watch, so nothing changed. Write /goals kpi to see them.
kpi-promotion-title = Make it a key result
kpi-promotion-lead = “{ $name }” becomes a key result that starts where it stands now. The number itself is watched on.
kpi-field-goal = Of which goal?
kpi-goal-option = { $state ->
    [draft] { $goal } ({ $cycle }, draft)
   *[active] { $goal } ({ $cycle }, approved)
}
kpi-field-target = Target
kpi-field-due = By when?
kpi-hint-due = Empty: by the end of the goal's cycle.
kpi-field-reason = Why should it become a key result?
kpi-hint-reason = Needed where the goal is approved: it changes with a reason and an approval.
kpi-result-already = This number is a key result of that goal already. Everything you typed is kept.
kpi-target-needed = Please write the value it should reach; everything you typed is kept.
kpi-target-same = That is its value already. What should it reach? Everything you typed is kept.
kpi-no-goal = “{ $name }” can become a key result of a goal of yours, and there is none it could belong to, so nothing changed. To begin one: /goals add
kpi-now-result = “{ $name }” is a key result of “{ $goal }” now, and starts where it stands today.
