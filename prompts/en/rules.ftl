# What every rule is for, what its thresholds mean, and what its nudges say (see bot/rules/rule.py).

nudge-done = { $kind ->
    [goal] { $subject }: updated, thank you.
   *[other] { $subject }: done, thank you.
}
nudge-all-done = All of this is done. Thank you.
nudge-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
nudge-adjust = What should be adjusted? A tap is enough, and dropping a goal that no longer matters is a good answer too.
nudge-ask = A good question for your next conversation: what should be adjusted?
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

rule-goal-commitment_at_risk = Brings a committed goal that is off the green with a blocker to who can decide.
threshold-goal-commitment_at_risk = on: the manager is asked for a decision at once

rule-escalation-acknowledge = How long each step of an escalation has to take it.
threshold-escalation-acknowledge = after it, the next step of the ladder is asked and the earlier holder is told

rule-escalation-decide = How long a decision may take once somebody took it.
threshold-escalation-decide = after it the holder is reminded once, then the next step of the ladder is asked

rule-budget-per_day = The most messages Rondo starts toward one person on one day.
threshold-budget-per_day = what is over it waits and comes as one message

rule-budget-per_week = The most messages Rondo starts toward one person in any seven days.
threshold-budget-per_week = what is over it waits and comes as one message

rule-quiet_hours = When nothing Rondo starts by itself arrives.
threshold-quiet_hours = from when to when, local time; days off are quiet anyway
