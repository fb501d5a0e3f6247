goal-type-committed = Committed
goal-type-aspirational = Aspirational
goal-type-learning = Learning
goal-type-cross-team = Cross-team
goal-type-kpo = KPO
goal-type-marked = { $type } · { $mark }
goal-standing = { $type } · { $status } · { $days ->
    [0] updated today
    [one] updated { $days } day ago
   *[other] updated { $days } days ago
}
goal-unknown = I could not find that goal among your goals of this cycle, so nothing changed. Write /goals to see them.
goals-title = Your goals
goals-title-at-risk = Your goals that need attention
goals-summary = { $count ->
    [one] Your goal of this cycle, with its latest numbers.
   *[other] Your { $count } goals of this cycle, with their latest numbers.
}
goals-summary-at-risk = { $count ->
    [one] One goal that needs attention, with its latest numbers.
   *[other] { $count } goals that need attention, with their latest numbers.
}
goals-none = You have no goals in this cycle yet.
goals-none-at-risk = None of your goals is at risk, off track or stale. Nothing to do here.
result-line = { $text }: { $value }
result-line-target = { $text }: { $value } (target { $target })
result-unreported = not reported yet
result-more = { $count ->
    [one] and { $count } more key result
   *[other] and { $count } more key results
}

ask-owner = { $manager } asks: what should be adjusted on this goal? A tap is enough.
ask-owner-summary = { $manager } asks about “{ $goal }”: what should be adjusted? You can answer with a button or in the form.
ask-sent = I asked { $owner } about “{ $goal }”. The answer will show on the goal.
ask-updated = “{ $goal }” has been updated since, so there is nothing to ask { $owner } any more.
ask-later = { $reason ->
    [budget] { $owner } has had enough messages from me for now
   *[hours] { $owner } is not at work right now
}, so nothing was sent. From { $when } on you can press again.
ask-not-yours = Only the owner's manager can ask this, so nothing was sent.
ask-nobody = { $owner } is away for a long time, so nothing was sent.

words-number = { $result }: { $problem } Nothing was changed.
words-machine-fed = { $result } is reported by { $source }, so I did not change the number and nothing was saved. The status is yours: On track, At risk or Off track?
words-which-status = How is this goal doing? Nothing was saved yet.
words-which-status-summary = How is “{ $goal }” doing? Nothing was saved yet.
words-status-missing = How is this goal doing? “{ $said }” waits for your answer and is saved together with it.
words-status-missing-summary = How is “{ $goal }” doing? “{ $said }” waits for your answer and is saved together with it.
words-note-full = The note of this week has no room for “{ $note }”, so that was not saved. You can shorten the note in the form.
words-which-goal = Which goal do you mean? Nothing was saved yet.
words-this-goal = Please write it in the form of “{ $goal }”, where every number has its place. Nothing was saved yet.
words-malformed = I did not understand that completely, so nothing changed. Try: { $form }
words-pleasantry = Good to hear from you. Nothing is waiting for you.
words-pleasantry-open = Good to hear from you. Your check-in is open whenever you like: /checkin
words-unclear = I am not sure what you mean, so nothing changed.
words-examples = Try “all on track”, “launch at 40%, blocked by legal”, “snooze 2h”, “away till Monday”, “skip this week: travelling”, or /rondo help.

button-fill-in-prepare = Answer the questions
button-fill-in-wrap_up = Wrap up
prepare-title = The next cycle
prepare-lead = { $cycle } ends on { $date }. What you write is kept for planning the next cycle.
prepare-matters = Which result matters most in the next cycle?
prepare-blocks = What stands in the way, and who can remove it?
prepare-stop = What will you stop doing? (your stop list)
prepare-true = What must be true by the end of the next cycle?
prepare-saved = Saved, thank you. This goes along into the cycle after { $cycle }. On your stop list: { $stop }
wrap-up-title = Wrap-up
wrap-up-lead = What { $cycle } came to. It helps to plan what comes next, and is never a grade of a person.
wrap-up-learned = What did you learn?
wrap-up-reached = Was it reached?
wrap-up-reached-yes = Reached
wrap-up-reached-no = Not reached
wrap-up-score = How far did it come, from 0.0 to 1.0?
wrap-up-score-hint = For an aspirational goal, 0.6 to 0.7 is a success.
wrap-up-next = What should happen with it?
wrap-up-next-carry = Carry it forward
wrap-up-next-revise = Revise it
wrap-up-next-stop = Stop it
wrap-up-saved = Saved, thank you. { $cycle } is wrapped up.
wrap-up-left = Saved, thank you. { $goals ->
    [one] One more goal is left; the same button opens it.
   *[other] { $goals } more goals are left; the same button opens them.
}
error-needed = Please write a sentence here; everything you typed is kept.
error-choose-one = Please choose one; everything you typed is kept.
error-score = Please write a number from 0.0 to 1.0, for example 0.7.
