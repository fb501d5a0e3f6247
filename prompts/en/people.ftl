welcome-summary = Hello, I am Rondo. Before we start: what I store, who can read it, what it is never used for, and how to object.
welcome-title = Hello, I am Rondo
welcome-lead = Hi { $name }. Once a week I ask how your goals are doing, and I bring decisions to the people who can make them. Before we start, in plain words:
welcome-stores-label = What I store
welcome-stores = Your name, e-mail, team, working time and goals, and what you answer in check-ins. Nothing from other conversations.
welcome-reads-label = Who can read it
welcome-reads = You see everything of yours. Your manager sees how your goals stand, what you were glad about, and, when a decision is needed, your last check-ins and the private note you left for them. Your team sees titles, status and numbers of your goals, and what the form says is for the team. Managers further up and HR see totals of at least five people; a decision request only reaches them when nobody before could decide. Every reading of your words is noted for you.
welcome-never-label = Never used for
welcome-never = Appraisal scores, rankings, counting your activity, or lists of who is late.
welcome-object-label = If you object
welcome-object = “/rondo privacy” shows what is stored about you and who read it, “/rondo export” sends it, “/rondo forget” erases it. { $named ->
    [yes] “/rondo concern” goes to { $contact } alone, never to your manager.
   *[no] Or talk to somebody you trust in HR.
} You can skip, snooze or be away without giving a reason.

home-title = Your goals and check-in
home-checkin-open = This week's check-in is open.
home-checkin-on_time = This week's check-in is answered. You can still change it.
home-checkin-late = This week's check-in is answered. You can still change it.
home-checkin-skipped = This week's check-in is skipped. You can still answer it.
home-checkin-missed = This week's check-in was not answered yet, and it still can be.

help-title = What you can say to me
help-summary = What you can say: /checkin, /goals, /away, /rondo language, and plain words like “all on track”.
help-checkin-label = /checkin
help-checkin = Shows this week's card. Also: /checkin skip travelling · /checkin snooze 2h · /checkin history · /checkin settings
help-words-label = Plain words
help-words = “all on track” · “launch at 40%, blocked by legal” · “skip this week: travelling”
help-goals-label = /goals
help-goals = Your goals with their numbers and an Update button. Also: /goals add · /goals edit · /goals close · /goals show · /goals at-risk · /goals team · /goals kpi · /goals stop
help-one-on-one-label = 1:1
help-one-on-one = “1:1 with Dana: budget for the launch” puts it on the list for your next 1:1, “1:1” shows the list, “1:1 with Dana on Tuesdays 14:00” says when it is.
help-away-label = /away
help-away = /away 2026-12-24..2026-12-31 (both days included) · /away 2026-12-24 afternoon · “away till Monday” · /away back
help-why-label = Why?
help-why = Every message I start has this button. /rondo why explains the last one.
help-privacy-label = /rondo privacy
help-privacy = What is stored about you, and who read it. Also: /rondo export · /rondo forget · /rondo concern followed by what you want to say to the named contact
help-language-label = /rondo language
help-language = /rondo language ko · /rondo language en
help-prefer-label = /rondo prefer
help-prefer = /rondo prefer slack · teams · auto: where I write to you first
help-nudges-label = /nudges (HR)
help-nudges = /nudges show · health · history · preview · set goal.stalled 10d for team "Sales" because quarter end · lock · unlock · profile · pause · resume · revert. Every change is shown before it counts.

away-set = Enjoy your time off: I will not ask you anything { $days ->
    [1] on { $first }
   *[other] from { $first } to { $last }, both days included
}. { $before ->
    [stays] This longer time off was there already and stays. To change it, write its new dates from { $was_first } on.{ " " }
    [replaced] It replaces what you said before, { $was_first } to { $was_last }.{ " " }
   *[none] { "" }
}“/away back” ends it early.
away-set-half = Noted: on { $day } I will not ask you anything in the { $part ->
    [morning] morning, before { $time }
   *[afternoon] afternoon, from { $time } on
}. “/away back” takes it back.
away-backwards = { $last } lies before { $first }, so nothing changed. Write it like this: { $form }
away-past = { $last } is already over, so nothing changed.
away-day-of-year = { $day } { $year }
skip-not-this-week = Only this week's check-in can be skipped, so nothing changed. If you will be away then, write: { $form }
away-none = You are not away right now, so there is nothing to end.
away-dropped = Your time off { $days ->
    [1] on { $first }
   *[other] from { $first } to { $last }
} is taken back; I will ask you as usual.
away-dropped-half = Your { $part ->
    [morning] morning (before { $time })
   *[afternoon] afternoon (from { $time } on)
} off on { $day } is taken back; I will ask you as usual.
away-back = Welcome back! Nothing old is waiting; your next check-in comes at its usual time.
language-set = From now on I write to you in English.
language-unknown = I do not speak that language yet, so nothing changed. I know: { $languages }
language-en = English
language-ko = 한국어 (Korean)
settings-title = Your check-in settings
settings-summary = You are asked { $when }.
settings-prompt = Check-in
settings-zone = Time zone
settings-language = Language
settings-hours = Working time
settings-prefers = I write to you in
settings-prefers-auto = wherever you were last
button-prefer-slack = Write in Slack
button-prefer-teams = Write in Teams
button-prefer-auto = Where I was last
prefer-set = From now on I write to you in { $platform } first. Where I cannot reach you there, I use your other account. What is already on a screen stays there, and you can answer in either place.
prefer-auto = From now on I write to you wherever you were last. What is already on a screen stays there, and you can answer in either place.
settings-hint = Time zone and working time come from HR or your chat profile. Change the language with /rondo language ko.
