# A goal's grade by its type, and the next cycle as it follows from the answers about this one.

button-grade = Close it
button-grade-again = Change the grade

grade-title = Close a goal
grade-lead-committed = A committed goal was reached or not. Where it was not, the only question is what should be adjusted next.
grade-lead-aspirational = An aspirational goal is graded from 0.0 to 1.0, and 0.6 to 0.7 is a success.
grade-lead-learning = A learning goal is graded by what was learned, without a number.
grade-lead-cross-team = One grade for the whole goal, and which parts were delivered. Nobody gets a score of their own.
grade-question = The question was: { $question }
grade-delivered = { $team }: { $deliverable }
grade-delivered-yes = Delivered
grade-delivered-no = Not delivered so far
grade-explanation = If not reached: what would it have taken, and what should be adjusted next?
grade-explanation-hint = An explanation, not a penalty. It may stay empty where the goal was reached.
grade-explanation-needed = Not reached is fine to say. One sentence is enough: what should be adjusted next? Everything you typed is kept.
grade-score-hint = Your key results came to { $mean } on average. For an aspirational goal, 0.6 to 0.7 is a success.
grade-next-hint = It may stay empty where the goal is simply finished.
grade-saved = “{ $goal }” is closed, thank you. I will not ask about it again.
grade-change-note = The grade can be changed until two weeks after the cycle: /goals close
grade-which = { $count ->
    [0] This is closed, and its grade can be changed:
    [one] This goal can be closed with its grade:
   *[other] Which goal would you like to close?
}
grade-unknown = I could not find “{ $words }” among the goals that can be closed now, so nothing changed. To see them all: /goals close
grade-none = There is no goal to close right now. A goal can be closed once it is approved, until two weeks after its cycle. Your goals: /goals
grade-not-yours = Only { $owner }, or whoever coordinates this goal, can close it, so nothing changed.
grade-not-open = “{ $goal }” cannot be closed now, so nothing changed. A goal can be closed once it is approved, until two weeks after its cycle.

grade-score = { $type }: { $score } of 1.0
grade-reached = { $type }: reached
grade-not-reached = { $type }: not reached
grade-learned = { $type }: closed with what was learned
grade-parts-delivered = Delivered: { $parts }
grade-parts-open = Not delivered so far: { $parts }
grade-words-learned = Learned: { $words }
grade-words-adjust = To adjust next: { $words }
grade-band-unrealistic = Perhaps it was unrealistic from the start: what would make the next one reachable?
grade-band-part = Part of the way is worth something: what should be adjusted to come further?
grade-band-success = This is what success looks like for an aspirational goal.
grade-band-beyond = This is further than an aspirational goal usually comes.
grade-band-easy = Perhaps it was not ambitious enough: what would be worth reaching for next?
grade-mean = Your aspirational goals of this cycle came to { $score } of 1.0 on average. It is for your planning, and only you see this average.

carry-note = From { $cycle }: { $words }
carried-draft = “{ $goal }” waits as a draft for { $cycle }.
carried-note = Nobody else sees a draft until you send it for approval.
leading-words = What matters most in { $cycle }, in { $leader }'s words: { $words }
prepare-matters-hint = The people who report to you see this answer when they write their goals.
review-more = { $count ->
    [one] and { $count } more performance objective
   *[other] and { $count } more performance objectives
}

rule-cycle-next = Reminds you of goals that you carried forward and that wait as drafts.
threshold-cycle-next-drafts = the owner of a draft that was carried forward hears of it so long after the answer
threshold-cycle-next-empty = so long after a cycle began, whoever has no goal in it hears of it; off unless HR wants it
nudge-cycle-next-owner = This goal waits as a draft for { $cycle }. Does it fit as it is, or what should be adjusted?
nudge-cycle-next-owner-summary = “{ $subject }” waits as a draft for { $cycle }{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
}
nudge-cycle-next-empty = { $cycle } has begun, and there is no goal of yours in it so far. One is enough to begin with.
nudge-cycle-next-empty-summary = { $cycle } has begun, and there is no goal of yours in it so far{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
}
why-cycle-next = { $stage ->
    [empty] A cycle began a while ago, and I know of no goal of yours in it. HR has switched this question on.
   *[owner] You carried “{ $goal }” forward, and it waits as a draft. I mention it ever more rarely, until it is sent for approval or dropped.
}
nudge-cycle-wrap_up-graded = { $by } coordinates this goal of yours, and has closed it. You can change the grade.
nudge-cycle-wrap_up-graded-summary = { $by } coordinates “{ $subject }”, and has closed it{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
} You can change the grade.
