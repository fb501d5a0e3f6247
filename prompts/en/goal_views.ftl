# One goal, a team's goals, and what belongs to a goal.
view-button-show = Show
view-button-edit = Edit
view-button-close = Close
view-button-talk = Talk about it
view-button-delivered = { $team } has delivered
view-button-undelivered = { $team } has not delivered yet
view-summary = “{ $goal }” of { $owner }: { $standing }.
view-state = { $type } · { $state }
view-state-draft = draft, seen by nobody else
view-state-proposed = waits for approval
view-state-closed = graded
view-owner = Owner
view-cycle = Cycle
view-coordinator = Coordinator
view-parent = Supports
view-why = Who experiences what value
view-question = Question to find out
view-results = Key results
view-result = { $text }: { $current }, from { $start } to { $target }
view-result-bare = { $text }: { $current }, target { $target }, no baseline
view-now = { $value } now
view-due = by { $date }
view-source = reported by { $source }
view-contributions = Contributions
view-contribution = { $team }: { $deliverable }
view-delivered = delivered
view-undelivered = open
view-children = Goals that support it
view-roll-up = { $type }: { $counts }
view-count = { $count } { $status }
view-reached = { $reached } of { $count } reached their target
view-mean = { $mean } on average
view-history = History
view-which = Which goal would you like to see?
view-unknown = I could not find that goal among yours. Try: { $form }
view-not-yours = This goal is not open to you, or it is no more. A goal can be seen by its owner, their team and their manager.
view-changed = This goal has changed since, so nothing was marked. The goal as it is now: /goals
view-delivered-not-yours = Only the goal's owner or its coordinator marks what was delivered, so nothing changed.

team-title = Goals of { $team }
team-title-led = Goals of your team
team-summary = { $count ->
    [0] The goals of { $team } in this cycle.
    [one] One goal of { $team } in this cycle, with type, status and numbers.
   *[other] { $count } goals of { $team } in this cycle, with type, status and numbers.
}
team-your = your team
team-line = { $type } · { $status }
team-more = { $count ->
    [one] and one more goal
   *[other] and { $count } more goals
}
team-below = Everybody else, all together
team-left-out = A few people in small teams are left out, so that nobody's goals can be told from the difference to other sums.
team-too-few = The goals of fewer than five other people are not added up, so that nobody's goals can be told from the sum.
team-capped = There are more goals than I add up at once; these are the first { $count }.
team-no-goals = There are no goals of { $team } in this cycle yet.
team-none = I do not know your team yet, and nobody reports to you. HR keeps the teams; your own goals: /goals
team-unknown = I do not know a team called “{ $name }”. Try: { $form }
team-not-yours = The goals of { $team } are open to its people, to those who lead them and to HR. What works for you: { $form }
