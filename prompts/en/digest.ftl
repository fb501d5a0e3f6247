# The manager's digest, and several requests for a decision in one message.

digest-title = What waits for you this week
digest-summary = Your digest: { $decisions ->
    [0] { $things ->
        [one] one thing waits for you
       *[other] { $things } things wait for you
    }
    [one] one decision waits{ $things ->
        [0] { "" }
        [one] , and one more thing
       *[other] , and { $things } more things
    }
   *[other] { $decisions } decisions wait{ $things ->
        [0] { "" }
        [one] , and one more thing
       *[other] , and { $things } more things
    }
}{ $wins ->
    [0] .
    [one] . One win from the last week is in it, too.
   *[other] . { $wins } wins from the last week are in it, too.
}
digest-section = { $kind ->
    [decisions] *Decisions that wait for you ({ $count })*
    [approval] *Goals that wait for your approval ({ $count })*
    [stalled] *Goals without a check-in for a while ({ $count })*
    [pace] *Committed goals behind the time that has passed ({ $count })*
    [missed] *Check-ins without an answer ({ $count })*
    [obstacles] *Obstacles ({ $count })*
    [talks] *For your next 1:1s ({ $count })*
    [reviews] *Reviews of new hires ({ $count })*
    [wins] *What went well last week ({ $count })*
   *[other] *What else is due ({ $count })*
}
digest-more = { $kind ->
    [wins] … and { $count ->
        [one] one more win.
       *[other] { $count } more wins.
    }
   *[other] … and { $count ->
        [one] one more. You find it under “Show team”.
       *[other] { $count } more. You find them under “Show team”.
    }
}
digest-more-done = … and { $count ->
    [one] one more is done.
   *[other] { $count } more are done.
}
digest-win = “{ $words }” – { $name }
digest-fresh = Everything was up to date, so there was nothing to ask: { $names }{ $more ->
    [0] .
    [one] , and one more person.
   *[other] , and { $more } more people.
}
digest-unseen = You are on record as the manager of { $more } more people than the { $seen } this message looks at. “Show team” has everybody; HR can correct who reports to whom.
digest-chart = Your team's goals by type
digest-chart-alt = Your team's goals by type. { $bars }.
digest-chart-words = Your team's goals: { $bars }.   ■ reached   ▨ on the way   □ no news for a while
digest-chart-bar = { $kind ->
    [committed] committed: { $reached } reached, { $moving } on the way, { $quiet } without news
    [aspirational] aspirational: { $reached } at 0.6 or more, { $moving } on the way, { $quiet } without news{ $known ->
        [yes] , { $mean } on average (0.6 to 0.7 is a success)
       *[no] { "" }
    }
   *[learning] learning: { $moving } on the way, { $quiet } without news
}
button-digest-team = Show team

decisions-summary = { $count ->
    [one] One decision waits for you: { $goals }
   *[other] { $count } decisions wait for you: { $goals }
}{ $more ->
    [0] .
    [one] , and one more.
   *[other] , and { $more } more.
}
decisions-lead = { $count ->
    [one] A decision is needed from you. What should be adjusted?
   *[other] { $count } decisions are needed from you. What should be adjusted?
}
decisions-more = { $count ->
    [one] One more decision waits. Its whole card comes with one tap:
   *[other] { $count } more decisions wait. Each whole card comes with one tap:
}
decisions-all-done = Nothing in this message waits for you any more. Thank you.
decision-part = { $state ->
    [reopened] The date that was set has passed without a change; { $owner } needs a decision again:
    [acknowledged] You acknowledged this; { $owner } is waiting for the decision:
   *[open] { $owner } needs a decision from you:
}
decision-over = { $kind ->
    [decided] “{ $goal }” of { $owner }: decided by { $holder }: { $choice }.
    [withdrawn] “{ $goal }” of { $owner }: no decision is needed any more.
    [unanswered] “{ $goal }” of { $owner }: closed without a decision.
    [passed] “{ $goal }” of { $owner }: with { $holder } now.
   *[newer] “{ $goal }” of { $owner }: you have a newer message about it.
}
button-decision-details = Details
button-decision-of = { $goal } ({ $owner })

digest-wish-set = Noted. Your digest comes { $when } from now on, when there is something in it. The next one: { $next }.
digest-wish-back = Noted. Your digest comes as HR set it for everybody: { $when }.
digest-wish-locked = HR has set one time for everybody’s digest: { $when }. Nothing changed.
settings-digest = Manager's digest
settings-digest-own = { $when } (your choice)

threshold-manager-digest-gather = what is due within so many working days before a digest waits for it; decisions and approvals never wait
why-manager-digest = Once a week, at a time of your own, you get what waits for you as one message. It is sent only when something in it is for you to do. /rondo digest monday 9:00 moves it.
