health-title = What became of nudges
health-title-rule = { $rule }, week by week
health-weeks = The last { $weeks } weeks, everybody together. A nudge is one thing said to one person.
health-empty = Nothing was sent in the last { $weeks } weeks, and nothing was held back.
health-empty-rule = { $rule } sent nothing in the last { $weeks } weeks, and held nothing back.
health-how = “Acted on” counts what followed within { $days } days, of nudges that are at least that old. Nothing is told of fewer than { $fewest } people. One rule week by week: { $example }
health-chart = Nudges that arrived
health-legend = ■ acted on within { $days } days   ▨ not acted on   □ younger than { $days } days. The numbers: acted on / arrived.
health-alt = Bars of the nudges that arrived, with those acted on within { $days } days. { $bars }
health-bar = { $label }: { $delivered } arrived, { $acted } acted on, { $waiting } younger than that
health-sent = sent { $count }
health-acted = acted on { $acted } of { $ripe }
health-share = acted on { $acted } of { $ripe } ({ $share } %)
health-median = half of them within { $time }
health-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
health-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
health-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
health-held = held back { $count } ({ $reasons })
health-reason = { $reason ->
    [budget] budget
    [bundle] room in one message
    [paused] paused by HR
    [muted] muted
    [fresh] everything up to date
   *[other] other
} { $count }
health-snoozed = snoozed { $count }
health-muted = muted { $count }
health-not_useful = marked not useful { $count }
health-unreachable = could not be delivered { $count }
health-refused = refused by the platform { $count }
health-unknown = perhaps delivered, nobody can tell { $count }
health-few = fewer than { $fewest } people, so nothing is told of it
health-nothing = nothing
health-all-weeks = All { $weeks } weeks
health-summary = What became of nudges in the last { $weeks } weeks. { $rules }.
health-noise = *{ $rule }* looks like noise: acted on { $share } %. At { $value } it would have fired { $fewer } % less{ $updates ->
    [0] .
   *[other] { " " }and missed { $missed } of { $updates } updates.
}
health-noise-plain = Looks like noise: *{ $rules }*. What should be adjusted: thresholds, or for whom they hold?
health-noise-share = { $rule } (acted on { $share } %)
button-health-try = Try { $value }
button-health-thresholds = Thresholds of { $rule }
