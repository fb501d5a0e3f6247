letters-title = Messages that did not arrive
letters-said = { $count ->
    [one] One message did not get through, or nobody can tell whether it did. I do not send it again by myself.
   *[other] { $count } messages did not get through, or nobody can tell whether they did. I do not send them again by myself.
}
letters-refused = { $count } refused by the platform: { $reason }
letters-unknown = { $count } perhaps delivered, nobody can tell
letters-more = { $count } more
letters-how = Refused is a bug or a setting: pass the reason on to whoever runs Rondo. About what may have arrived there is nothing to do.
letters-often = I say this at most once a day.
letters-summary = { $count ->
    [one] One message did not get through, or nobody can tell. { $rules }.
   *[other] { $count } messages did not get through, or nobody can tell. { $rules }.
}
letters-where = See /nudges health.
button-letters-health = What became of nudges
unreachable-title = People I cannot reach
unreachable-said = { $count ->
    [one] Nothing I write reaches one person, so they are not asked anything, and it does not count against them.
   *[other] Nothing I write reaches { $count } people, so they are not asked anything, and it does not count against them.
}
unreachable-removed = took Rondo away from their chat
unreachable-blocked = blocked Rondo, or took it away
unreachable-not-installed = Rondo is not installed for them
unreachable-deactivated = their account is closed
unreachable-no-account = no account with this e-mail was found
unreachable-other = the platform does not let me write to them
unreachable-do-removed = Took it away: that is their choice. If they want it back, they add Rondo again under Apps.
unreachable-do-blocked = Blocked: in their chat with Rondo they can allow it again; or they add Rondo again under Apps.
unreachable-do-not-installed = Not installed: ask whoever manages Teams to install Rondo for everybody (app setup policy).
unreachable-do-deactivated = Account closed: if they have left, an end date in the people file ends it.
unreachable-do-no-account = No account: compare the e-mail in the people file with the one they use in chat.
unreachable-do-other = Otherwise: pass it on to whoever runs Rondo; the reason is in GET /api/v1/outbox?state=refused.
unreachable-more = { $count ->
    [one] and one more person
   *[other] and { $count } more people
}
unreachable-still = { $count ->
    [one] One other person I told you of before is still out of reach.
   *[other] { $count } others I told you of before are still out of reach.
}
unreachable-how = As soon as they are back I write to them by myself, with what still holds then.
unreachable-summary = { $count ->
    [one] I cannot reach one person: { $names }.
   *[other] I cannot reach { $count } people: { $names }{ $more ->
        [0] {""}
       *[other] {" "}and { $more } more
    }.
}
ended-title = Rondo was removed from Slack
ended-said = { $count ->
    [one] Somebody removed Rondo from { $names }. People there get nothing from me in Slack at present.
   *[other] Somebody removed Rondo from { $count } workspaces: { $names }. People there get nothing from me in Slack at present.
}
ended-how = Nothing is lost: what I have to say takes another way where there is one, and otherwise waits as long as it is true. If it was meant so, there is nothing to do. If not, ask whoever runs Rondo to install it there again; then everything goes on by itself.
