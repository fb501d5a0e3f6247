checkin-title = Check-in for the week of { $week }
checkin-ask = Hi { $name }, { $goals ->
    [0] how was your week? The form takes a minute.
    [one] how is your goal doing? One tap is enough; the form takes a minute.
   *[other] how are your goals doing? One tap per goal is enough; the form takes a minute.
}
checkin-ask-summary = Your weekly check-in: { $goals ->
    [0] how was your week?
    [one] how is your goal doing?
   *[other] how are your { $goals } goals doing?
} You can answer with a button, in the form or in plain words.
checkin-partly = Thank you, that part is saved. The goals that still have buttons are waiting for a word from you.
checkin-partly-summary = Your check-in is partly answered; some of your { $goals } goals are still waiting.
checkin-saved = Saved on { $when }, thank you. You can change anything until the next check-in.
checkin-saved-summary = Your check-in was saved on { $when }. You can change it until the next one.
checkin-saved-over = Saved on { $when }, thank you. That week is over, so this is how it stays.
checkin-saved-over-summary = Your check-in for the week that is over was saved on { $when }.
checkin-saved-late = Saved on { $when }, thank you. It counts as late, and it is just as welcome.
checkin-saved-late-summary = Your check-in was saved on { $when }, as a late answer.
checkin-skipped = Skipped for this week. If you change your mind, the form is still here.
checkin-skipped-summary = This week's check-in is skipped. The form stays open if you change your mind.
checkin-snoozed = I will come back on { $until }. You can answer any time before.
checkin-snoozed-summary = Your check-in is snoozed until { $until }.
checkin-moved = This check-in continues further down.
checkin-more-goals = { $count ->
    [one] and { $count } more goal, in the form
   *[other] and { $count } more goals, in the form
}
checkin-no-goals = You have no goals in this cycle yet. You can still share wins, obstacles and what should be adjusted.
checkin-blocker = Blocker: { $blocker }
checkin-of-its-week = Your answer for that week: { $status }. A later week is answered already, so how the goal stands today does not change.
checkin-decision-asked = { $holder } was asked for a decision.
checkin-over = That week is over and its check-in stays as it was. Here is the current one.
checkin-over-kept = That week is over and its check-in stays as it was. What you typed waits in the form of the current one: look it over and save it there.

reminder-first = Your check-in is still open{ $left ->
    [0] .
    [one] : one goal is waiting for a word from you.
   *[other] : { $left } goals are waiting for a word from you.
}
reminder-second = A last nudge for your open check-in{ $left ->
    [0] .
    [one] : one goal is waiting.
   *[other] : { $left } goals are waiting.
} After this I will be quiet.
reminder-snoozed = You asked me to come back: here is your check-in again{ $left ->
    [0] .
    [one] , one goal is waiting.
   *[other] , { $left } goals are waiting.
}
reminder-words = You can also just write: “all on track”, “launch at 40%, blocked by legal” or “skip this week: travelling”.
reminder-done = Done, thank you. Nothing is waiting here any more.
skip-already-answered = This week is already answered, so there is nothing to skip. You can still edit your answer.
snooze-nothing-open = Nothing is waiting for you right now, so there is nothing to snooze.
snooze-too-long = I cannot find a working time that late. Please name a nearer one, for example “snooze 2h” or “snooze until tomorrow”.

checkin-state-open = open
checkin-state-on_time = answered
checkin-state-late = answered late
checkin-state-skipped = skipped
checkin-state-missed = not answered
checkin-state-partly = answered in part
history-title = Your last check-ins
history-line = Week of { $week }: { $state }
history-goal = { $goal } – { $status }
history-statuses = { $statuses }
history-none = There are no check-ins yet. The first one comes at your usual time, or right now with /checkin.

form-title = Check-in
form-submit = Save
field-status = Status
field-confidence = Confidence
field-confidence-hint = How sure are you that this will be reached? 0 (not at all) to 10 (certain)
field-note = Note
field-blocker = Blocker
field-blocker-hint = What stands in the way? Leave empty if nothing does. Once you name who can remove it, a weekly post of your team shows both.
field-cause = Cause of the blocker
field-remover = Who can remove it?
field-remover-hint = A name or e-mail. If it is still there after { $after }, I ask them, and show them what you wrote under Blocker.
field-result-hint = In { $unit }
field-result-hint-target = Target: { $target }
field-wins = Wins
field-adjust = What should be adjusted?
field-loss = What do we lose next month if nothing is adjusted?
field-private = Private note for your manager
cause-priority = Priorities
cause-people = People
cause-time = Time
cause-money = Money
cause-dependency = Dependency
cause-goal = The goal itself
cause-market = Market

error-choose-status = Please choose a status for this goal; everything you typed is kept.
error-confidence = Please write a whole number from 0 to 10.
error-choose-decision = Please choose one of the decisions.
error-date = Please write the date as year-month-day, for example 2026-12-31.
error-date-past = This date is in the past. Please choose today or a later day.
number-empty = Please write a number, for example { $example }.
number-words = I could not find a number here. Please write one, for example { $example }.
number-not-finite = This is not a number I can keep. Please write one like { $example }.
number-several = There is more than one number here. Please write just one, for example { $example }.
number-grouping = The commas or points are in unusual places. Please write it without separators, for example { $example }.
number-ambiguous = This can be read as { $one } or as { $other }. Please write it without a thousands separator.
number-wrong-unit = This has another unit than the key result. Please write it like { $example }.
number-too-long = This number has too many digits. Please write at most 15.
number-too-fine = Please use at most four decimals.
checkin-first-contact = We have not met yet: I store your name, e-mail, team, working time, goals and what you answer here. You see all of it, your manager sees how your goals stand; it is never used to judge you. Who reads what, and how to object: “/rondo privacy”
