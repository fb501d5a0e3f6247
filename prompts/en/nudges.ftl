nudges-hr-only = Only HR admins can see and change nudge thresholds here. For your own rhythm, write /checkin settings.
nudges-title = Nudge thresholds
nudges-scope = In force for { $scope }:
nudges-summary = Nudge thresholds in force for { $scope }: { $values }
nudges-default = default
nudges-set-by = set by { $who } on { $when } for { $scope } (version { $version })
nudges-set-by-profile = profile { $profile }, set by { $who } on { $when } for { $scope } (version { $version })
nudges-from-profile = profile { $profile }
nudges-count = { $what ->
    [check-ins] { $count ->
        [one] { $count } check-in
       *[other] { $count } check-ins
    }
    [objectives] { $count ->
        [one] { $count } objective
       *[other] { $count } objectives
    }
    [key-results] { $count ->
        [one] { $count } key result
       *[other] { $count } key results
    }
    [points] { $count ->
        [one] { $count } point
       *[other] { $count } points
    }
   *[messages] { $count ->
        [one] { $count } message
       *[other] { $count } messages
    }
}
nudges-locked-by = locked for { $scope } by { $who } since { $when } (version { $version })
nudges-profile-label = Profile
nudges-pause-label = Pause
nudges-lock-of = Lock of { $name }
nudges-state = { $state ->
    [locked] locked
    [open] not locked
    [paused] paused
   *[speaking] not paused
}
nudges-how = To change one: { $example } · What a rule is for: /nudges show { $rule }
nudges-how-one = To change it: { $example }
nudges-history-how = What was changed: { $example }
nudges-elsewhere = Set or locked by itself inside:
nudges-void-now = does not count while locked
nudges-range = It can be anything from { $low } to { $high }.
nudges-no-rule = There is no rule called “{ $name }”, so nothing changed. Try: { $form }
nudges-no-person = I know nobody called “{ $name }”, so nothing changed. Name a person by e-mail or full name.{ $near ->
    [yes] { " " }Try: { $form }
   *[no] { "" }
}
nudges-several-people = Several people are called “{ $name }”, so nothing changed. Name the one you mean by e-mail: { $emails }. Try: { $form }
nudges-no-unit = { $kind ->
    [team] There is no team called “{ $name }”, so nothing changed.
   *[department] There is no department called “{ $name }”, so nothing changed.
}{ $near ->
    [yes] { " " }Try: { $form }
   *[no] { "" }
}
nudges-no-profile = There is no profile called “{ $name }”, so nothing changed. There are { $profiles }. Try: { $form }
nudges-no-version = There is no version “{ $version }”, so nothing changed. Try: { $form }
nudges-bad-value = “{ $value }” is not a value for { $threshold }, so nothing changed. { $range }Try: { $form }
nudges-passes = Then { $first } would not come before { $second }, so nothing changed. First try: { $form }
nudges-locked = { $name } is { $by }, so nothing changed. To unlock it: { $form }
nudges-not-locked = { $name } is not locked for { $scope }, so nothing changed.{ $where }
nudges-locked-elsewhere = To unlock what is locked: { $forms }
nudges-already = { $kind ->
    [back] { $name } has no value of its own for { $scope }{ $by }, so nothing changed.
    [locked] { $name } is locked for { $scope } already{ $by }, so nothing changed.
    [unlocked] { $name } is not locked for { $scope }{ $by }, so nothing changed.
    [profile] The profile { $value } is in force for { $scope } already{ $by }, so nothing changed.
    [paused] Rondo is paused for { $scope } already{ $by }, so nothing changed.
    [resumed] Rondo is not paused for { $scope }{ $by }, so nothing changed.
   *[value] { $name } is { $value } for { $scope } already{ $by }, so nothing changed.
}
nudges-preview-title = { $ahead ->
    [yes] What would change
   *[no] { $kind ->
        [back] Take this back?
        [locked] Lock this?
        [unlocked] Unlock this?
        [profile] Change the profile?
        [paused] Pause Rondo?
        [resumed] Let Rondo speak again?
       *[value] Change this threshold?
    }
}
nudges-preview-scope = For
nudges-preview-people = Concerns
nudges-preview-reason = Reason
nudges-preview-count = { $people ->
    [one] { $people } person
   *[other] { $people } people
}
nudges-pause-means = While Rondo is paused, nothing it starts by itself is sent. Answers and commands still work. Afterwards nothing is replayed in a heap: what is still true then comes as one message.
nudges-void = These values do not count while this is locked. They come back after it is unlocked:
nudges-returns = These values count again:
nudges-stays = This stays different inside, because it is set there by itself:
nudges-untouched = The profile does not change what is set by itself for exactly this scope:
nudges-locked-there = A wider lock keeps this as it is:
nudges-preview-note = { $ahead ->
    [yes] Nothing has changed, this is only a look ahead.
   *[no] Nothing has changed yet. After you confirm, it counts from the next decision on; what is already open keeps its rules.
}
nudges-preview-summary = { $kind ->
    [locked] Lock { $name } for { $scope }
    [unlocked] Unlock { $name } for { $scope }
    [paused] Pause Rondo for { $scope }
    [resumed] Let Rondo speak again for { $scope }
   *[value] Change for { $scope }
} ({ $people ->
    [one] { $people } person
   *[other] { $people } people
})? { $rows }. { $forecast }{ $ahead ->
    [yes] Nothing has changed, this is only a look ahead.
   *[no] Nothing has changed yet: confirm or cancel.
}
button-propose = Propose this change
nudges-changed-meanwhile = { $who } changed something here in the meantime: { $change } Please look again before you confirm.
nudges-saved = { $kind ->
    [back] { $name } has no value of its own any more for { $scope }.
    [locked] { $name } is now locked for { $scope }.
    [unlocked] { $name } is no longer locked for { $scope }.
    [profile] The profile { $value } is now in force for { $scope }.
    [paused] Rondo is now paused for { $scope }.
    [resumed] Rondo speaks again for { $scope }.
   *[value] { $name } is now { $value } for { $scope }.
}
nudges-saved-note = Policy version { $version }. It counts from the next decision on. To go back: { $back }
nudges-confirmed-already = This was already confirmed, so there is nothing to cancel. To go back: { $back }
nudges-cancelled = Cancelled. Nothing was changed.
nudges-history-title = { $all ->
    [yes] What was changed
   *[no] What was changed about { $what }
}
nudges-history-none = { $all ->
    [yes] Nothing was ever changed here. All thresholds have their defaults.
   *[no] Nothing was ever changed about { $what }.
}
nudges-history-older = { $count ->
    [one] and { $count } older version
   *[other] and { $count } older versions
}
nudges-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
nudges-history-summary = { $all ->
    [yes] Changes so far
   *[no] Changes of { $what } so far
}: { $count }. The last ones: { $entries }
nudges-version = Version { $version }
nudges-revert-how = To take one back: { $example }
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
why-checkin-missed = Somebody whose manager you are, or stand in for, had not answered several check-ins in a row. It waited for your weekly digest; weeks of leave do not count.
why-goal-flatline = You had answered for your goal “{ $goal }”, and its numbers had stood still for several check-ins. You are asked first, before anybody else is.
why-goal-off_pace = { $stage ->
    [asked] { $by } asked you about your committed goal “{ $goal }”, which was behind the time that has passed of its cycle.
    [digest] The committed goal “{ $goal }” was further behind the time that has passed of its cycle than the threshold allows. Its owner was asked first and that message arrived; then it waited for your weekly digest.
   *[owner] Your committed goal “{ $goal }” was further behind the time that has passed of its cycle than the threshold allows. You are asked first, before anybody else is.
}
why-cycle-prepare = People report to you, and the cycle was coming to its end. The questions come again, ever more rarely, until they are answered.
why-cycle-wrap_up = { $stage ->
    [graded] { $by } coordinates your goal “{ $goal }” and has closed it with a grade. You hear of it because the goal is yours.
   *[owner] You had goals in a cycle that was coming to its end. The question comes again, ever more rarely, until every goal is wrapped up.
}
why-goal-commitment_at_risk = { $requested ->
    [yes] { $owner } asked for a decision about the committed goal “{ $goal }”
   *[no] { $owner } reported a blocker on the committed goal “{ $goal }”
}{ $standing ->
    [holder] , and you are the next person who can decide what to adjust.
    [passed] , and you were asked as the next person who could decide what to adjust. It is with { $holder } now; there is nothing for you to do.
    [over] , and you were asked as the next person who could decide what to adjust. Nobody waits for that any more.
    [owner] . This is your goal, and you see every step of that request.
   *[unknown] , and you were asked as the next person who could decide what to adjust.
}
why-blocker-unresolved = { $stage ->
    [removed] { $by } said that an obstacle on your goal is gone. You hear of it because you reported it.
    [manager] An obstacle that { $owner } reported in a check-in was still there after whoever can remove it was asked. You are the next person who may help. Only what { $owner } wrote about the obstacle is shown.
   *[remover] { $owner } reported an obstacle in a check-in, and you are the person who may be able to remove it. Only what { $owner } wrote about the obstacle is shown.
}
why-one_on_one-open_items = This was put on the list for your next 1:1 with { $owner }, and it was open for a while.
why-review-overdue = The day of a review of { $owner } has passed, and it was not marked as held. You are, or stand in for, their manager.
why-kpo-review = { $stage ->
    [manager] { $owner } started not long ago, and you are, or stand in for, their manager. At these days a new hire and their manager talk about the performance objectives.
   *[newcomer] You started not long ago. At these days a new hire and their manager talk about the performance objectives.
}
why-escalation-decide = A decision about the goal “{ $goal }” was asked for. Everybody concerned hears about it when it is made or overdue.
why-nothing = I have not sent you anything by myself in the last 30 days.
why-reply = You got this because you wrote to me or pressed a button. I did not start it.
why-summary = Why you got this: rule { $rule }. { $words }
