# Goals written, changed and approved in chat.
button-write = Write it
button-write-committed = Committed
button-write-aspirational = Aspirational
button-write-learning = Learning
button-write-cross-team = Cross-team
button-write-kpo = New hire’s objective
button-write-kpi = KPI
button-add-goal = Add a goal
button-edit-goal = Edit
button-edit-result = Edit key result { $number }
button-add-result = Add a key result
button-propose-goal = Send for approval
button-discard-goal = Discard
button-approve = Approve
button-return = Ask for a change
button-show-goal = Show
button-done-stop = Stopped

write-begin = What kind of goal is it?
write-begin-kind = Press the button to write it.
write-begin-summary = A new goal: choose its kind and write it.
write-begin-words = It begins with: { $words }
write-kind-committed = *Committed*: a promise others build on. It is met in full, or you say what should be adjusted.
write-kind-aspirational = *Aspirational*: a stretch. It goes from 0.0 to 1.0, and 0.6 to 0.7 is a success.
write-kind-learning = *Learning*: a question to find out. It ends with what you learned, not with a number.
write-kind-cross-team = *Cross-team*: several teams deliver a part each, and one coordinator has the final say.
write-kind-kpo = *New hire’s objective*: what your first months should lead to, looked at on day 30, 60 and 90.
write-kind-kpi = *KPI*: a health number that is watched beside goals, and never graded.
write-kpo-over = Objectives for new hires are for the first { $days } days, so I opened none. Any other goal: /goals add

write-form = { $kind ->
    [committed] Committed goal
    [aspirational] Aspirational goal
    [learning] Learning goal
    [cross-team] Cross-team goal
   *[kpo] New hire’s objective
}
write-submit = Save draft
write-title = Objective
write-why = Why does it matter?
write-why-hint = Who experiences what value?
write-question = What do you want to find out?
write-question-hint = One question that you can answer at the end.
write-results = Key results, one per line
write-results-hint = Raise activation from 40 % to 60 % by 15 December · or: Activation | 40 % | 60 % | 2026-12-15
write-results-many = Its { $count } key results are too long for one form. The card has a button for each of the first ones.
write-contributions = What each team delivers, one per line
write-contributions-hint = Team | what it delivers | date, for example: Legal | Contract signed | 2026-12-01
write-who = Coordinator
write-who-hint = Who has the final say: e-mail, mention or full name.
write-type-label = How it is meant
write-parent = Which goal does it support?
write-parent-none = None
write-cycle = Cycle
write-stop = If we include this goal, what must we remove?
write-stop-hint = It goes on the stop list. If your team has posts in its channel, they show it.
write-result-title = Key result
write-text = What is measured
write-unit = Unit
write-unit-hint = For example %, days, customers
write-start = Start
write-target = Target
write-due = Due
write-reason = Reason for the change
write-reason-hint = Needed where target, date or type change. It stays visible with the goal.

write-needs-question = Please write the question this goal should answer.
write-needs-committed = A committed goal needs a key result with a start, a target and a date, such as: Activation | 40 % | 60 % | 2026-12-15. Something that is done or not may end with: (met / not met)
write-needs-target = An aspirational goal needs at least one key result with a target, such as: Activation | 40 % | 60 %
write-needs-teams = A cross-team goal needs at least two teams, each on a line of its own: Team | what it delivers | date
write-needs-coordinator = Please name one coordinator, who has the final say.
write-needs-stop = There are enough objectives in this cycle already. What must go so that this one has room?
write-error-line = Line { $number }: { $problem }
write-error-day = I cannot read “{ $word }” as one day that is still to come. Write it like 2026-12-15.
write-error-words = “{ $word }” does not say what is measured. Begin with that, then the numbers.
write-error-units = “{ $word }” are two units. Use the same one for start and target.
write-error-parts = With bars it takes three or four parts: what | start | target | date
write-error-several = “{ $word }” is one too many: one start, one target, one date per line.
write-error-long = This line is longer than 500 characters.
write-error-many = These are { $count } lines; { $most } fit.
write-error-team = With bars it takes three parts: team | what it delivers | date
write-error-who = I found nobody, or more than one person, called “{ $who }”. An e-mail address always works.

write-type = { $kind ->
    [cross-team] Cross-team ({ $type })
    [kpo] New hire’s objective
   *[other] { $type }
} · { $cycle }
write-result = { $how ->
    [said] { $text }
    [met] { $text }: met or not met
    [both] { $text }: { $start } → { $target }
    [target] { $text }: no start yet → { $target }
    [start] { $text }: { $start } → no target yet
   *[words] { $text }: no numbers yet
}{ $dated ->
    [yes] , by { $due }
   *[no] {""}
}
write-contribution = { $team }: { $deliverable }{ $dated ->
    [yes] , by { $due }
   *[no] {""}
}
write-question-line = To find out: { $question }
write-coordinator = Coordinator: { $name }
write-why-line = Why: { $why }
write-parent-line = Supports: { $parent }
write-stop-line = To make room, this goes: { $stop }
write-warning-results = { $count ->
    [0] It has no key results yet
    [one] It has one key result
   *[other] It has { $count } key results
}; { $low } to { $high } are usual. You can keep it as it is.
write-warning-due = Key result { $number } is due outside { $cycle } ({ $first } to { $last }). You can keep it as it is.
write-returned-note = Asked for: { $note }

write-state-draft = This is a draft that only you see. { $name } approves it once you send it.
write-state-alone = This is a draft that only you see. Nobody has to approve it; sending it makes it active.
write-state-proposed = It waits for { $name }. If you change it, it becomes a draft again.
write-state-approved = { $named ->
    [yes] Approved by { $name }.
   *[no] It is active.
}
write-state-discarded = Discarded. It stays in the history, and nobody is asked about it.
write-summary-draft = Your draft “{ $goal }”, as I read it. { $name } approves it once you send it.
write-summary-alone = Your draft “{ $goal }”, as I read it. Sending it makes it active.
write-summary-proposed = “{ $goal }” waits for { $name }.
write-summary-approved = “{ $goal }” { $named ->
    [yes] was approved by { $name }.
   *[no] is active.
}
write-summary-discarded = “{ $goal }” was discarded.

write-sent = I ask { $name } to approve “{ $goal }”. You hear from me when there is an answer.
write-sent-already = “{ $goal }” already waits for { $name }, so nothing was sent again.
write-approved-already = “{ $goal }” is approved already, so there is nothing to send.
write-alone = There is nobody above you who could approve “{ $goal }”, so it holds from now on. The ledger says so.
write-incomplete = “{ $goal }” was not sent yet; something is still missing.
write-discarded = “{ $goal }” was discarded already.
write-discard-active = “{ $goal }” is active, so it was not discarded. To close it: /goals close
write-none = You have no goals that could be changed. To write one: /goals add
write-not-yours = “{ $goal }” can only be changed by its owner, so nothing changed. Its approver can ask for a change.
write-over = “{ $goal }” is closed, so nothing changed. A new one: /goals add
write-edit-which = Which goal do you want to change?
write-edit-this = Press the button to change it.
write-edit-summary = { $count ->
    [one] Change “{ $goal }”: press Edit.
   *[other] Which goal do you want to change? There are { $count }.
}

change-title = Change a goal
change-waits = This waits for approval: { $changes }. Another change takes its place.
change-needs-approval = A change of type, target or date needs a reason and an approval. Everything else changes at once.
change-needs-reason = Please say why the target, the date or the type should change. Everything you typed is kept.
change-nothing = Nothing was different, so “{ $goal }” stays as it is.
change-saved = “{ $goal }” is changed.
change-asked = I ask { $name } to approve a change of “{ $goal }”: { $changes }. Until then the old values hold.
change-alone = There is nobody above you who could approve it, so “{ $goal }” is changed from now on: { $changes }. The history and the ledger say so.
change-type = Type: { $before } → { $after }
change-value = { $what ->
    [target] Target
    [start] Start
    [unit] Unit
   *[due] Date
} of “{ $result }”: { $before } → { $after }
change-result = New key result: { $result }
history-change = { $date }: { $change }
history-answer = { $reasoned ->
    [yes] Reason: { $reason }. { $state ->
        [waiting] It waits for approval.
        [approved] Approved by { $by }.
        [returned] Not made; answered by { $by }.
       *[replaced] Taken back by its owner.
    }
   *[no] { $state ->
        [waiting] It waits for approval.
        [approved] Approved by { $by }.
        [returned] Not made; answered by { $by }.
       *[replaced] Taken back by its owner.
    }
}{ $noted ->
    [yes] {" "}“{ $note }”
   *[no] {""}
}

approval-reason = Reason: { $reason }
approval-given = Approved: “{ $goal }”. I tell { $owner }.
approval-returned = I tell { $owner } what you would change about “{ $goal }”.
approval-over = “{ $goal }” was answered or changed in the meantime, so nothing changed.
approval-not-yours = Only { $name }, or who stands in for them, can answer this, so nothing changed.
approval-return-title = Ask for a change
approval-return-submit = Send
approval-note = What should be different?
approval-note-hint = The owner reads this beside the goal.

rule-goal-approval = Asks the manager to approve a goal, or a change of one, and tells the owner the answer.
threshold-goal-approval-again = the manager is asked again so long after, ever more rarely
nudge-goal-approval-manager = { $what ->
    [change] { $owner } asks you to approve a change of a goal.
   *[goal] { $owner } asks you to approve a goal.
}
nudge-goal-approval-manager-summary = { $what ->
    [change] { $owner } asks you to approve a change of “{ $subject }”
   *[goal] { $owner } asks you to approve “{ $subject }”
}{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
}
nudge-goal-approval-approved = { $what ->
    [change] { $by } approved the change of this goal. It holds from now on.
   *[goal] { $by } approved this goal. It is active in its cycle.
}
nudge-goal-approval-approved-summary = { $by } approved { $what ->
    [change] the change of “{ $subject }”
   *[goal] “{ $subject }”
}{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
}
nudge-goal-approval-returned = { $what ->
    [change] { $by } would leave this goal as it is: “{ $note }”
   *[goal] { $by } asks for a change of this goal: “{ $note }”
}
nudge-goal-approval-returned-summary = { $by } answered about “{ $subject }”: “{ $note }”{ $more ->
    [0] {""}
    [one] {" "}One more thing waits.
   *[other] {" "}{ $more } more things wait.
}
nudge-goal-approval-gone = { $by }, who was asked to approve this, is no longer here. Send it again, and the next one is asked.
nudge-goal-approval-gone-summary = { $by }, who was asked about “{ $subject }”, is no longer here{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
} You can send it again.
why-goal-approval = { $stage ->
    [manager] { $owner } sent a goal, or a change of one, for approval. You are, or stand in for, the one who approves it.
   *[owner] You sent a goal, or a change of one, for approval. This is what became of it.
}
rule-goal-limits = How many objectives and key results are usual: a further objective asks what must go, the rest is a note.
threshold-goal-limits-objectives = objectives per person and cycle before another one asks what must go
threshold-goal-limits-key_results_low = key results an objective usually has at least
threshold-goal-limits-key_results_high = key results an objective usually has at most

stop-title = Your stop list
stop-lead = What goes so that goals have room.
stop-for = For “{ $goal }”
stop-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
stop-none = Nothing is on your stop list. It fills when a goal needs room.
stop-summary = { $count ->
    [one] On your stop list: { $first }
   *[other] { $count } things are on your stop list, the first: { $first }
}
duty-stop = stop list of { $name } { $what }
duty-approval = approval for { $name } { $what }

goals-drafts = Not active yet
goal-state = { $state ->
    [draft] Draft: only you see it.
    [proposed] Waits for { $name }.
   *[later] Approved, begins with { $cycle }.
}
