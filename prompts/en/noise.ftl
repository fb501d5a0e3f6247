# Noise control in a person's own hands: mute, snooze, not useful; and what an explanation is made of.

button-not-useful = Not useful
button-mute = Mute
button-mute-rule = Mute { $rule }
button-unmute = Unmute
button-unmute-rule = Unmute { $rule }
button-snooze-week = Snooze a week
button-snooze-week-rule = Snooze { $rule } a week

mute-for-good = for good
mute-until = until { $day }
mute-state = muted { $until }
mute-done = { $rule } is muted { $until }: from now on nothing of this rule comes to you. What it does: { $about }
mute-undo = Your goals and check-ins stay as they are, and you can open them at any time. *Unmute* or “/rondo unmute { $rule }” brings it back, and /checkin settings shows what you muted.
mute-over = { $rule } is no longer muted. You hear of it again as soon as there is something to say.
mute-none = { $rule } is not muted, so nothing changed.
mute-no-rule = There is no rule called “{ $name }” that can be muted, so nothing changed. Try: { $near }
mute-cannot = { $kind ->
    [deciding] { $rule } cannot be muted: somebody waits for a decision, and that is not noise. You can decide it from the card itself.
    [deciding_owner] { $rule } cannot be muted: it tells you what becomes of a decision about your goal.
    [decision] { $rule } cannot be muted: it comes when somebody waits for a decision, and that is not noise.
    [team] { $rule } writes to a channel, so there is nothing to mute for one person. For the whole team, /team post off ends it.
    [digest] { $rule } is one message a week, and it comes only when something in it is for you to do. /rondo digest monday 9:00 moves it.
    [silent] { $rule } is a limit and never writes to you by itself, so there is nothing to mute.
   *[awaited] { $rule } cannot be muted: somebody else waits for what it is about.
}
mute-locked = { $who } locked { $rule } for { $scope } on { $when }, so it cannot be muted there.
mute-talk-to-hr = Nothing changed. If this is too much for you, please talk to HR: they can change it for one person, too.
mute-refused = { $words } Nothing changed.
mute-title = What you can mute
mute-summary = { $count ->
    [0] What you can mute. Nothing is muted now.
    [one] What you can mute. { $count } rule is muted now.
   *[other] What you can mute. { $count } rules are muted now.
}
mute-how = To mute one, for a while or for good: { $example }
mute-state-locked = HR locked this one.
not-useful-thanks = { $offer ->
    [yes] Thank you, noted. It counts when HR looks at which messages are noise. You can also hear less of it:
   *[no] Thank you, noted. It counts when HR looks at which messages are noise.
}
settings-mutes = Muted
settings-mutes-none = nothing
help-mute-label = /rondo mute
help-mute = Shows what you can mute. “/rondo mute goal.stalled for 2 weeks” · “/rondo unmute goal.stalled”

why-about = About
why-arrived = Arrived
why-more = { $count ->
    [one] { $count } more thing stood in the same message:
   *[other] { $count } more things stood in the same message:
}
why-thresholds = The thresholds in force then:
why-frozen = The rules were frozen when it was opened on { $when }:
why-nobody-else = Nobody else was told about this.
why-others = { $more ->
    [0] Also told: { $names }.
   *[other] Also told: { $names }, and { $more } more.
}
why-somebody = somebody else
why-other = { $arrived ->
    [yes] { $name } ({ $when })
   *[no] { $name } ({ $when }, not arrived so far)
}
why-who = Who can change these thresholds: { $names } (HR).
why-mute = Too much? *Snooze a week* and *Mute* stop this for you alone; “/rondo mute { $rule } for 2 weeks” does the same in words.
why-muted = { $rule } is muted { $until } for you; *Unmute* brings it back.

fact-week = the week of { $day }
fact-updated = Last update
fact-owner-told = The owner was asked
fact-rhythm = Rhythm
fact-period = Check-in
fact-zone = Time zone
fact-after = Reminded after
fact-snoozed = You put it off until
fact-goal = Goal
fact-owner = Owner
fact-cause = Cause
fact-within = Answer expected within
fact-decision = Decision
fact-by = By
fact-send-window = Send window
fact-check-ins = Check-ins without movement
fact-since = Since
fact-opened = Reported
fact-remover-told = Who can remove it was asked
fact-removed = Removed
fact-missed = Check-ins not answered
fact-progress = Progress
fact-elapsed = Time elapsed
fact-cycle = Cycle
fact-ends = The cycle ends
fact-started = First day
fact-day = Day
