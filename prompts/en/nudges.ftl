nudges-hr-only = Only HR admins can see and change nudge thresholds here. For your own rhythm, write /checkin settings.
nudges-title = Nudge thresholds
nudges-scope = In force for { $scope }:
nudges-summary = Nudge thresholds in force for { $scope }: { $values }
nudges-default = default
nudges-set-by = set by { $who } on { $when } for { $scope } (version { $version })
nudges-how = To change one: { $example }
nudges-range = It can be anything from { $low } to { $high }.
nudges-no-rule = There is no rule called “{ $name }”, so nothing changed. Try: { $near }
nudges-no-person = I know nobody called “{ $name }”, so nothing changed. Name a person by e-mail: for person dana@example.com
nudges-no-unit = There is no { $kind } called “{ $name }”, so nothing changed.
nudges-no-unit-near = There is nothing called “{ $name }”, so nothing changed. Did you mean: for { $near }
nudges-bad-value = “{ $value }” is not a value for { $threshold }, so nothing changed. { $range }Try: { $form }
nudges-preview-title = Change this threshold?
nudges-preview-scope = For
nudges-preview-people = Concerns
nudges-preview-reason = Reason
nudges-preview-count = { $people ->
    [one] { $people } person
   *[other] { $people } people
}
nudges-preview-note = Nothing has changed yet. After you confirm, it counts from the next decision on; what is already open keeps its rules.
nudges-preview-summary = Change { $threshold } from { $before } to { $after } for { $scope } ({ $people ->
    [one] { $people } person
   *[other] { $people } people
})? Nothing has changed yet: confirm or cancel.
nudges-changed-meanwhile = { $who } changed this threshold in the meantime, to { $value }. Please look again before you confirm.
nudges-saved = { $threshold } is now { $value } for { $scope }.
nudges-saved-note = Policy version { $version }. It counts from the next decision on.
nudges-confirmed-already = This was already confirmed, so there is nothing to cancel. To go back, set the value again.
nudges-cancelled = Cancelled. Nothing was changed.
scope-company = the whole company
scope-department = department { $name }
scope-team = team { $name }
scope-person = { $name }

why-title = Why you got this
why-rule = Rule
why-decided = Decided
why-asked-for = You asked for this card yourself. On its own it comes once a week.
why-checkin-prompt = Once a week I ask how your goals are doing, at a fixed time in your own time zone. This is the message for this week.
why-checkin-reminder = Your check-in was still open, so I reminded you. There are at most two reminders, then I am quiet.
why-goal-stalled = { $stage ->
    [manager] There had been no update on “{ $goal }” for { $days } days. Its owner was asked first and that message arrived.
    [asked] { $by } asked you about your goal “{ $goal }”, which had no update for { $days } days.
   *[owner] There had been no update on your goal “{ $goal }” for { $days } days. You are asked first, before anybody else is.
}
why-goal-commitment_at_risk = { $requested ->
    [yes] { $owner } asked for a decision about the committed goal “{ $goal }”, and you are the next person who can make it.
   *[no] { $owner } reported a blocker on the committed goal “{ $goal }”, and you are the next person who can decide what to adjust.
}
why-escalation-decide = A decision about the goal “{ $goal }” was asked for. Everybody concerned hears about it when it is made or overdue.
why-change = HR sets these thresholds. To change your own rhythm, talk to HR; to pause, write “away till Monday” or “snooze 2h”.
why-nothing = I have not sent you anything by myself in the last 30 days.
why-reply = You got this because you wrote to me or pressed a button. I did not start it.
why-summary = Why you got this: rule { $rule }. { $words }
