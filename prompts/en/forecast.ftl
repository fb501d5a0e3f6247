forecast-no-history = I have no full week of history yet, so I cannot say what this would have changed.
forecast-few = These are fewer than five people, so I do not count what this would have changed for them.
forecast-weeks = { $weeks ->
    [one] Last week
   *[other] Last { $weeks } weeks
}
forecast-nudges = *{ $after }* instead of { $before } ({ $kind ->
    [fewer] { $difference } fewer
    [more] { $difference } more
   *[same] no difference
})
forecast-people-label = Sent to
forecast-people = { $after ->
    [one] { $after } person
   *[other] { $after } people
} instead of { $before }
forecast-messages-label = All messages together
forecast-messages = { $after } per person and week instead of { $before }
forecast-teams-label = Most affected
forecast-team = { $team }: { $after } instead of { $before }
forecast-summary = In the last { $weeks ->
    [one] week
   *[other] { $weeks } weeks
} it would have been { $after ->
    [one] { $after } nudge
   *[other] { $after } nudges
} to { $people ->
    [one] { $people } person
   *[other] { $people } people
} instead of { $before } ({ $kind ->
    [fewer] { $difference } fewer
    [more] { $difference } more
   *[same] no difference
}).
forecast-basis = Worked out from the updates and check-ins of these weeks, before daily and weekly limits, and as if people answered a nudge as quickly as they did.
forecast-sent = Really sent in that time: { $sent }.
forecast-estimate = Estimated from { $sampled } of { $population } people.
forecast-short = I have only { $weeks ->
    [one] { $weeks } week
   *[other] { $weeks } weeks
} of history.
forecast-quiet = { $weeks ->
    [one] In the last week
   *[other] In the last { $weeks } weeks
} { $after } of { $total } messages would have arrived at another time.
forecast-budget = { $weeks ->
    [one] In the last week
   *[other] In the last { $weeks } weeks
} { $after } of { $total } messages would have waited, { $before } with the limit as it is.
forecast-grace = { $weeks ->
    [one] In the last week
   *[other] In the last { $weeks } weeks
} { $after } of { $total } answers would have counted as late, { $before } with the grace time as it is.
forecast-acknowledge = { $weeks ->
    [one] In the last week
   *[other] In the last { $weeks } weeks
} { $after } of { $total } requests for a decision would have moved on from their first holder, { $before } with the time as it is.
forecast-decide = { $weeks ->
    [one] In the last week
   *[other] In the last { $weeks } weeks
} { $after } of { $total } acknowledged requests would have run over the time to decide, { $before } with the time as it is.
forecast-decision = Of the blockers reported in the last { $weeks ->
    [one] week
   *[other] { $weeks } weeks
}, { $after } would have asked a manager for a decision, { $before } as it is now.
forecast-pause = Messages sent there in the last { $weeks ->
    [one] week
   *[other] { $weeks } weeks
}: { $before }. While it is paused there are none.
forecast-resume = { $before ->
    [one] { $before } nudge
   *[other] { $before } nudges
} waited because of the pause; what is still true will be said.
forecast-lock = { $after ->
    [0] Nobody gets another value.
    [one] { $after } of { $total } people gets another value.
   *[other] { $after } of { $total } people get another value.
}
