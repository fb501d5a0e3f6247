letters-title = Messages that did not arrive
letters-said = { $count ->
    [one] One message did not get through, or nobody can tell whether it did. I do not send it again by myself.
   *[other] { $count } messages did not get through, or nobody can tell whether they did. I do not send them again by myself.
}
letters-refused = { $count } refused by the platform: { $reason }
letters-unknown = { $count } perhaps delivered, nobody can tell
letters-more = { $count } more
letters-how = Refused is a bug or a setting: pass the reason on to whoever runs Rondo. About what may have arrived there is nothing to do. I say this at most once a day.
letters-summary = { $count ->
    [one] One message did not get through, or nobody can tell. { $rules }.
   *[other] { $count } messages did not get through, or nobody can tell. { $rules }.
} See /nudges health.
button-letters-health = What became of nudges
