# 1:1s: what is on the list, when they are, and the agenda before them.

button-talk = Talk about it
button-add-item = Add an item
button-one-on-one-list = 1:1 list

topic-support = Support
topic-obstacle = Obstacle
topic-development = Development
topic-decision = Decision

item-form-title = For your next 1:1
field-one-on-one-who = With whom?
field-one-on-one-who-hint = Your manager or somebody who reports to you, by name or e-mail.
field-topic = What is it about?
field-item = What do you want to talk about?
field-item-hint = Both of you see it. A word about where goals stand is not needed here, check-ins say that.
error-one-on-one-who = Please name your manager or somebody who reports to you, for example { $name }; everything you typed is kept.
one-on-one-about = About “{ $goal }”.
one-on-one-with-note = With { $other }, who sees it too.

one-on-one-added = “{ $item }” is on the list for your { $known ->
    [yes] 1:1 with { $other } on { $when }.
   *[no] next 1:1 with { $other }.
} { $other } sees it there, too.
one-on-one-added-already = “{ $item }” is on the list already for your { $known ->
    [yes] 1:1 with { $other } on { $when }.
   *[no] next 1:1 with { $other }.
}
one-on-one-nobody = I do not know whom you have 1:1s with: no manager is on record for you, and nobody reports to you. Nothing changed. HR can add who leads you.
one-on-one-unknown = Your 1:1s are with your manager and with those who report to you, and “{ $name }” is not one clear name among them. Nothing changed. You could write: { $form }
one-on-one-not-yours = 1:1 lists are kept between people and their managers, so nothing changed here.
one-on-one-which = With whom?
one-on-one-which-words = This goes on the list: “{ $words }”
one-on-one-which-form = Write it with a name: { $form }

one-on-one-title = For your 1:1s
one-on-one-summary = { $count ->
    [0] Nothing is on your 1:1 list.
    [one] One thing is on your 1:1 list.
   *[other] { $count } things are on your 1:1 list.
}
one-on-one-with = *With { $other }*
one-on-one-empty = Nothing is on the list yet.
one-on-one-item = { $item } · { $by }, since { $when }{ $carried ->
    [yes] {" "}· carried over
   *[no] {""}
}
one-on-one-obstacle = { $item } · from a check-in, since { $when }
one-on-one-more-obstacles = { $count ->
    [one] and one more obstacle from check-ins
   *[other] and { $count } more obstacles from check-ins
}
one-on-one-more = { $count ->
    [one] and one more on the list; write 1:1 with the name to see it
   *[other] and { $count } more on the list; write 1:1 with the name to see them
}
one-on-one-more-later = { $count ->
    [one] and one more, which moves up once you have talked about one of these
   *[other] and { $count } more, which move up once you have talked about some of these
}
one-on-one-more-people = { $count ->
    [one] Also with one more person: { $names }
   *[other] Also with { $count } more people: { $names }
}
one-on-one-talked = { $item }: talked about.
one-on-one-hint = To add something: { $form }

one-on-one-rhythm = { $every ->
    [other] every other { $day } at { $time }
   *[week] every { $day } at { $time }
}
one-on-one-next = { $known ->
    [yes] The next one is on { $when }.
   *[no] In the next weeks there is no such day on which both of you are here.
}
one-on-one-time = Time: { $rhythm }.
one-on-one-no-slot = No fixed time. To agree on one: { $form }
one-on-one-slot-set = Your 1:1 with { $other } is { $rhythm }. Before it you both get what is on the list, if there is anything.
one-on-one-slot-already = Your 1:1 with { $other } is { $rhythm } already, so nothing changed.
one-on-one-slot-off = Your 1:1 with { $other } has no fixed time any more. What is on the list stays.
one-on-one-slot-none = Your 1:1 with { $other } has no fixed time, so nothing changed.
one-on-one-slot-zone = The time is kept where { $other } is ({ $zone }).
one-on-one-over = 1:1 with { $other } on { $when }: { $count ->
    [0] everything on the list was talked about.
   *[other] what is still open stays on the list for next time.
}

rule-one_on_one-agenda = Tells both what is on the list before their 1:1.
threshold-one_on_one-agenda = so long before the first 1:1 of a day both hear what is on the list
nudge-one_on_one-agenda-lead = Your 1:1 with { $other } is on { $when }. On the list:
nudge-one_on_one-agenda-lead-summary = Your 1:1 with { $other } is on { $when }. { $count ->
    [one] One thing is on the list
   *[other] { $count } things are on the list
}{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
}
nudge-one_on_one-agenda-report = Your 1:1 with { $other } is on { $when }. On the list:
nudge-one_on_one-agenda-report-summary = Your 1:1 with { $other } is on { $when }. { $count ->
    [one] One thing is on the list
   *[other] { $count } things are on the list
}{ $more ->
    [0] .
    [one] , and one more thing waits.
   *[other] , and { $more } more things wait.
}
why-one_on_one-agenda = You have a 1:1 with { $other } soon, at the time you two agreed on, and something is on the list for it.
fact-meeting = 1:1
