# A team's channel: its weekly post, its monthly summary, and what people say to get them.

rule-team-post = Once a week shows a team in its own channel where its goals stand, where somebody turned it on.
threshold-team-post-when = weekday and local time of the team's weekly post, for whoever turned it on
why-team-post = { $stage ->
    [lost] You turned on the weekly post of { $team }, and I could not write in that channel any more.
   *[week] Somebody turned on the weekly post of { $team } in this channel. It is kept up to date, and never says who answered.
}
rule-team-summary = Once a month sums up for a team in its own channel what was reached, decided and learned.
threshold-team-summary = on: a summary on the first working day of the month, in channels with a weekly post
why-team-summary = Somebody turned on the posts of { $team } in this channel. Once a month they sum up what was reached, decided and learned.
fact-team = Team
fact-posted = Post
fact-month = Month

post-opened = Done: the weekly post of { $team } will be here. The next one comes: { $when }. It shows goals with status and numbers, wins, obstacles where help is asked and decisions to everybody in that channel, never who answered. If I am not in the channel yet, please add me there. To end it: { $form }
post-moved = Done: the weekly post of { $team } moves to this channel, and the old one stays as it is. The next post comes: { $when }. Everybody in that channel sees it. If I am not in the channel yet, please add me there. To end it: { $form }
post-already = The weekly post of { $team } is in this channel already, so nothing changed. The next one comes: { $when }. To end it: { $form }
post-never = not before HR switches it on again
post-closed = The weekly post of { $team } has ended. What was posted stays. To start again, write in the team's channel: { $form }
post-none = { $team } has no weekly post, so nothing changed. To start one, write in the team's channel: { $form }
post-how = A weekly post needs a channel. Write this in the channel of { $team } (in Teams, mention me there): { $form }
post-no-team = There is nobody in a team called “{ $team }”, so nothing changed. Try: { $form }
post-which-team = I do not know which team you mean, so nothing changed. Try: { $form }
post-not-yours = Only people of { $team }, their managers and HR can turn its weekly post on or off, so nothing changed.
post-lost = I could not write in the channel of { $team } any more, so I stopped the weekly post. To mend it, add me to the channel and write there: { $form }

help-team-post-label = /team post
help-team-post = In your team's channel, “/team post here” starts a weekly post about its goals, “/team post off” ends it.

post-title = { $team }: week of { $week }
post-summary = The week of { $week } in { $team }: { $goals ->
    [0] no goals
    [one] one goal
   *[other] { $goals } goals
} with status and numbers, { $wins ->
    [0] no wins written down
    [one] one win
   *[other] { $wins } wins
}, { $obstacles ->
    [0] no call for help
    [one] one call for help
   *[other] { $obstacles } calls for help
}, { $decisions ->
    [0] no decisions.
    [one] one decision.
   *[other] { $decisions } decisions.
}
post-goal = { $type } · { $status }
post-moved-value = { $result }: { $before } → { $after }
post-more-goals = { $count ->
    [one] and one more goal
   *[other] and { $count } more goals
}
post-more = { $count ->
    [one] and one more
   *[other] and { $count } more
}
post-wins = Wins
post-win = “{ $words }” – { $name }
post-obstacles = Where help is asked
post-obstacle = “{ $words }” ({ $cause }) stands in the way of “{ $goal }”. { $name } may be able to remove it.
post-decisions = Decided this week
post-decision = “{ $goal }”: { $choice } – { $name }
post-footer = { $name } turned on this post. It is kept up to date. To end it: { $form }

post-month-name = { $month ->
    [1] January { $year }
    [2] February { $year }
    [3] March { $year }
    [4] April { $year }
    [5] May { $year }
    [6] June { $year }
    [7] July { $year }
    [8] August { $year }
    [9] September { $year }
    [10] October { $year }
    [11] November { $year }
   *[other] December { $year }
}
post-month-title = { $team }: { $month }
post-month-lead = What the month came to.
post-month-summary = { $month } in { $team }: { $reached ->
    [0] no goal closed as reached
    [one] one goal reached
   *[other] { $reached } goals reached
}, { $moves ->
    [0] no number moved
    [one] one number moved
   *[other] { $moves } numbers moved
}, { $decisions ->
    [0] no decisions
    [one] one decision
   *[other] { $decisions } decisions
}, { $learned ->
    [0] nothing written down as learned
    [one] one thing learned
   *[other] { $learned } things learned
}, { $stopped ->
    [0] an empty stop list.
    [one] one thing stopped.
   *[other] { $stopped } things stopped.
}
post-month-reached = Reached
post-month-moves = Moved
post-month-moved = { $type } · { $goal } · { $words }
post-month-decisions = Decided
post-month-learned = Learned
post-month-stopped = Stop list
post-reached = { $type } · reached
post-scored = { $type } · { $score }
post-learned = “{ $goal }”: “{ $words }”
post-stop = “{ $words }”

post-field-hint = If your team has posts in its channel, they show this.
