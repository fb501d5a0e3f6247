# What every rule is for, what its thresholds mean, and what its nudges say (see bot/rules/rule.py).

nudge-done = { $kind ->
    [goal] { $subject }: updated, thank you.
    [over] { $subject }: no longer waits for you.
    [given] { $subject }: with { $owner } now, so it no longer waits for you.
    [unnamed] One thing that stood here no longer waits for you.
   *[other] { $subject }: done, thank you.
}
nudge-all-done = Nothing is left to do here. Thank you.
nudge-adjust = What should be adjusted? A tap is enough, and dropping a goal that no longer matters is a good answer too.
nudge-ask = A good question for your next conversation: what should be adjusted?
duty-done = { $subject }: noted as done, thank you.
duty-done-already = This is done already. Nothing changed, and thank you.
duty-not-yours = This is with { $holder }, so nothing changed.
duty-review = day-{ $what } review of { $name }
duty-prepare = questions for the cycle after { $what }
duty-wrap_up = wrap-up of { $what }
duty-one_on_one = an item for your 1:1
duty-blocker = an obstacle

rule-checkin-prompt = Asks how your goals are doing, once a week, in your own time zone.
threshold-checkin-prompt-when = weekday and local time of the weekly question
threshold-checkin-prompt-fresh = not asked while every goal was updated within this time

rule-checkin-reminder = Reminds you of an open check-in, at most twice, then is quiet.
threshold-checkin-reminder-first = first reminder, after the question arrived
threshold-checkin-reminder-second = second reminder, after the question arrived

rule-checkin-grace = How long an answer still counts as on time.
threshold-checkin-grace = answers after it count as late and are never refused

rule-checkin-missed = Tells a manager in the weekly digest that somebody has not answered for a while.
threshold-checkin-missed = so many check-ins in a row without an answer; weeks of leave do not count, and a skipped week is an answer
nudge-checkin-missed-digest = { $count ->
    [one] { $subject } has not answered the last check-in; a word in person may help.
   *[other] { $subject } has not answered the last { $count } check-ins; a word in person may help.
}
nudge-checkin-missed-digest-summary = { $count ->
    [one] { $subject } has not answered the last check-in
   *[other] { $subject } has not answered the last { $count } check-ins
}{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
} A word in person may help.

rule-goal-stalled = Notices a goal nobody updated: its owner is asked first, the manager hears of it later.
threshold-goal-stalled-owner = the owner is asked after so long without an update
threshold-goal-stalled-manager = the manager hears of it after so long without an update
threshold-goal-stalled-lead = the owner's message arrived at least so long before the manager hears of it
nudge-goal-stalled-owner = You haven't checked in on this goal in { $silence }.
nudge-goal-stalled-owner-summary = You haven't checked in on “{ $subject }” in { $silence }{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
} What should be adjusted?
nudge-goal-stalled-manager = { $owner } has not checked in on this goal in { $silence }, and was asked first.
nudge-goal-stalled-manager-summary = “{ $subject }” of { $owner } has had no check-in in { $silence }{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
} The owner was asked first.

rule-goal-flatline = Notices a goal that is answered for while its numbers stand still.
threshold-goal-flatline = so many check-ins in a row that move no key result of the goal
nudge-goal-flatline-owner = The last { $count } check-ins moved no number of this goal.
nudge-goal-flatline-owner-summary = The last { $count } check-ins moved no number of “{ $subject }”{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
} What should be adjusted?

rule-goal-off_pace = Notices a committed goal that is far behind the time that has passed of its cycle.
threshold-goal-off_pace-points = progress so many percentage points behind the share of the owner's working days that has passed
threshold-goal-off_pace-lead = the owner's message arrived at least so long before the manager reads of it in the digest
nudge-goal-off_pace-owner = This committed goal is { $progress } % of the way, and { $elapsed } % of its time has passed.
nudge-goal-off_pace-owner-summary = “{ $subject }” (committed) is { $progress } % of the way, and { $elapsed } % of its time has passed{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
} What should be adjusted?
nudge-goal-off_pace-digest = { $owner }'s committed goal is { $progress } % of the way, and { $elapsed } % of its time has passed. { $owner } was asked first.
nudge-goal-off_pace-digest-summary = “{ $subject }” of { $owner } (committed) is { $progress } % of the way, and { $elapsed } % of its time has passed{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
} The owner was asked first.

rule-cycle-prepare = Asks leaders four questions before the next cycle begins.
threshold-cycle-prepare = so long before the cycle ends
nudge-cycle-prepare-leader = { $left ->
    [0] { $cycle } ends today. Four short questions help the next cycle start well.
    [one] { $cycle } ends tomorrow. Four short questions help the next cycle start well.
   *[other] { $cycle } ends in { $left } days. Four short questions help the next cycle start well.
}
nudge-cycle-prepare-leader-summary = { $cycle } is coming to its end: four short questions for the next cycle{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
}

rule-cycle-wrap_up = Asks owners what their goals came to as the cycle ends.
threshold-cycle-wrap_up = so long before the cycle ends
nudge-cycle-wrap_up-owner = { $goals ->
    [one] { $cycle } is at its end. What did you learn from your goal, and what should happen with it?
   *[other] { $cycle } is at its end. What did you learn from your { $goals } goals, and what should happen with them?
}
nudge-cycle-wrap_up-owner-summary = { $cycle } is at its end: time to wrap up { $goals ->
    [one] your goal
   *[other] your { $goals } goals
}{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
}

rule-manager-digest = Once a week tells a manager, in one message, what can wait until then.
threshold-manager-digest-when = weekday and local time of the manager's digest

rule-goal-commitment_at_risk = Brings a committed goal that is off the green with a blocker to who can decide.
threshold-goal-commitment_at_risk = on: the manager is asked for a decision at once

rule-blocker-unresolved = Brings an obstacle that stands for a while to whoever can remove it, and then to who comes next.
threshold-blocker-unresolved = whoever can remove it hears of it after so long; as long after that, the coordinator or manager does
nudge-blocker-unresolved-remover = { $owner } met an obstacle on “{ $goal }”, and you may be able to remove it: “{ $subject }”
nudge-blocker-unresolved-remover-summary = “{ $subject }” stands in the way of “{ $goal }” of { $owner }, and you may be able to remove it{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
}
nudge-blocker-unresolved-manager = An obstacle on “{ $goal }” of { $owner } is still there: “{ $subject }”. { $remover } was asked first; perhaps you can help.
nudge-blocker-unresolved-manager-summary = “{ $subject }” stands in the way of “{ $goal }” of { $owner }{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
} { $remover } was asked first.
nudge-blocker-unresolved-removed = { $remover } says this obstacle is gone: “{ $obstacle }”. What should be adjusted?
nudge-blocker-unresolved-removed-summary = { $remover } says an obstacle on “{ $subject }” is gone{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
} What should be adjusted?

rule-escalation-acknowledge = How long each step of an escalation has to take it.
threshold-escalation-acknowledge = after it, the next step of the ladder is asked and the earlier holder is told

rule-escalation-decide = How long a decision may take once somebody took it.
threshold-escalation-decide = after it the holder is reminded once, then the next step of the ladder is asked

rule-one_on_one-open_items = Remembers what was put on the list for the next 1:1 until it was talked about.
threshold-one_on_one-open_items = whoever leads the 1:1 hears of an item that is open so long
nudge-one_on_one-open_items-holder = { $asked ->
    [yes] { $owner } would like to talk with you about “{ $subject }” in your next 1:1.
   *[no] You wanted to talk with { $owner } about “{ $subject }” in your next 1:1. What should be adjusted?
}
nudge-one_on_one-open_items-holder-summary = { $asked ->
    [yes] { $owner } would like to talk with you about “{ $subject }”
   *[no] You wanted to talk with { $owner } about “{ $subject }”
}{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
}

rule-review-overdue = Asks a manager about the review of a new hire whose day has passed.
threshold-review-overdue = the manager hears of it so long after the day of the review
nudge-review-overdue-manager = The day-{ $day } review of { $owner } is open. Half an hour is enough: how do their performance objectives stand, and what should be adjusted?
nudge-review-overdue-manager-summary = The day-{ $day } review of { $owner } is open{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
}

rule-kpo-review = Marks the days on which a new hire and their manager talk about the performance objectives.
threshold-kpo-review-first = the first review, so long after the first day
threshold-kpo-review-second = the second review, so long after the first day
threshold-kpo-review-third = the third review, so long after the first day
nudge-kpo-review-newcomer = Your day-{ $day } review { $time ->
    [ahead] is near ({ $due }):
    [today] is due on { $due }:
   *[past] was due on { $due } and can still be held:
} a good moment to talk with your manager about how your performance objectives stand, and what should be adjusted.
nudge-kpo-review-newcomer-summary = Your day-{ $day } review { $time ->
    [ahead] is near ({ $due })
    [today] is due on { $due }
   *[past] was due on { $due }
}{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
}
nudge-kpo-review-manager = The day-{ $day } review of { $owner } { $time ->
    [ahead] is near ({ $due }):
    [today] is due on { $due }:
   *[past] was due on { $due } and can still be held:
} how do their performance objectives stand, and what should be adjusted?
nudge-kpo-review-manager-summary = The day-{ $day } review of { $owner } { $time ->
    [ahead] is near ({ $due })
    [today] is due on { $due }
   *[past] was due on { $due }
}{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
}

rule-budget-per_day = The most messages Rondo starts toward one person on one day.
threshold-budget-per_day = what is over it waits and comes as one message

rule-budget-per_week = The most messages Rondo starts toward one person in any seven days.
threshold-budget-per_week = what is over it waits and comes as one message

rule-quiet_hours = When nothing Rondo starts by itself arrives.
threshold-quiet_hours = from when to when, local time; days off are quiet anyway
