# Labels that people and integrators rely on (INTERFACES, Chat commands). Changing one needs a migration note.
button-on_track = On track
button-at_risk = At risk
button-off_track = Off track
button-all-on-track = All on track
button-open-form = Open form
button-skip = Skip
button-snooze = Snooze
button-why = Why?
button-need-decision = I need a decision
button-acknowledge = Acknowledge
button-decide = Decide
button-talk-first = Talk first
button-done-blocker = Obstacle removed
button-done-one_on_one = Talked about it
button-done-review = Review held
button-confirm = Confirm
button-cancel = Cancel
button-update = Update
button-ask-owner = Ask { $owner }
button-help = What can I say?
button-goals = My goals
button-checkin-now = Check in now
button-unknown = This button belongs to an older card, so nothing changed. Write /checkin or /goals to see how things are now.
note-elsewhere = The answer is in your direct messages with Rondo.
note-stranger = Rondo does not know you yet, and nothing was stored. Please ask HR to add you.
form-failed = I could not open the form in time, and nothing was lost. Please press the button again, or just write to me, for example “all on track”.

status-on_track = On track
status-at_risk = At risk
status-off_track = Off track
status-none = no status yet
status-stale = stale

day-0 = Mon
day-1 = Tue
day-2 = Wed
day-3 = Thu
day-4 = Fri
day-5 = Sat
day-6 = Sun
day-long-0 = Monday
day-long-1 = Tuesday
day-long-2 = Wednesday
day-long-3 = Thursday
day-long-4 = Friday
day-long-5 = Saturday
day-long-6 = Sunday

rhythm-weekly = every { $day } at { $time }, your local time
value-off = off
value-on = on
span-h = { $count ->
    [one] { $count } working hour
   *[other] { $count } working hours
}
span-d = { $count ->
    [one] { $count } working day
   *[other] { $count } working days
}
span-cd = { $count ->
    [one] { $count } calendar day
   *[other] { $count } calendar days
}
silence-weeks = { $weeks ->
    [2] two weeks
    [3] three weeks
    [4] four weeks
    [5] five weeks
    [6] six weeks
    [7] seven weeks
    [8] eight weeks
    [9] nine weeks
    [10] ten weeks
    [11] eleven weeks
   *[other] twelve weeks
}
silence-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}

perhaps-twice = You may have this message twice: it was not clear whether it arrived the first time. Either one will do.
