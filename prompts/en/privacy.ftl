privacy-title = What is stored about you
privacy-lead = { $name }, { $email }: your name, e-mail, team, manager and working time come from your company. Besides that:
privacy-summary = What is stored about you, and who read it: { $count ->
    [0] nobody in the last 90 days.
    [one] once in the last 90 days.
   *[other] { $count } times in the last 90 days.
}
privacy-accounts = Chat accounts
privacy-goals = Goals
privacy-figures = Numbers you watch
privacy-checkins = Check-ins
privacy-notes = Private notes for your manager
privacy-decisions = Requests for a decision
privacy-duties = 1:1 items, obstacles, approvals
privacy-messages = Messages to you
privacy-ledger = Lines in the ledger
privacy-count = { $count ->
    [0] none
   *[other] { $count }
}
privacy-newest = { $count } · newest: “{ $words }”
privacy-who = *Who may read it:* you, all of it. { $managed ->
    [yes] { $manager }, your manager: your goals, and the words of your check-ins where a decision, the digest or your private note brings them; while they are away, whoever stands in for them, except for private notes.
   *[no] Nobody is on record as your manager.
} Your team: titles, status and numbers of your goals. Managers further up and HR ({ $hr }): sums of at least { $fewest } people, and a request for a decision only when it has reached them.
privacy-read = *Who read your words* in the last { $days } days: { $count ->
    [0] nobody.
    [one] once.
   *[other] { $count } times.
}
privacy-read-line = { $date }: { $name } ({ $role ->
    [manager] your manager
    [hr] HR
    [operator] whoever runs Rondo
   *[other] a colleague
}), { $where ->
    [decision] a request for a decision
    [digest] the weekly digest
    [goal] one of your goals
    [approval] a goal to approve
    [obstacle] an obstacle to remove
    [talk] the list for a 1:1
    [checkins] an export of all check-ins
    [goals] an export of all goals
    [person] an export of what is stored about you
   *[other] your words
}
privacy-read-more = { $count ->
    [one] and once more: it stands in the export
   *[other] and { $count } times more: all of them stand in the export
}
privacy-hint = Export sends you everything, Forget erases it after a week. A concern goes to one named person, never to your manager.
button-privacy = What is stored
button-export = Export
button-export-more = More ({ $page } of { $pages })
button-forget = Forget me
button-forget-cancel = Keep my data
button-concern = Raise a concern
button-other-language = 한국어
button-settings = Settings

export-title = Your data, page { $page } of { $pages }
export-lead = Everything stored about you as of { $date }: a line for each thing. Empty fields are left out; messages are named by their summary, as they stand in this chat.
export-end = That was everything. As one file for a computer: whoever runs Rondo makes it with “rondo export person { $email }”.
export-no-page = There are only { $pages } pages. The first one: { $form }

forget-title = Erase what is stored about you
forget-lead = Nothing has happened yet. After you confirm, everything about you is erased in { $days } days; until then you can take it back.
forget-gone-label = What goes
forget-gone = Your name, e-mail and chat accounts, every word you wrote, your drafts, private notes and concerns, the messages to you, and your name wherever it stands with others.
forget-kept-label = What stays
forget-kept = Numbers, statuses and dates, so that totals stay right, with nobody's name on them; and one line that somebody was erased.
forget-work-label = Open work
forget-work = { $goals ->
    [0] You have no goals under way.
    [one] Your goal under way stays as numbers without an owner.
   *[other] Your { $goals } goals under way stay as numbers without an owner.
} { $requests ->
    [0] No request for a decision of yours is open.
    [one] Your open request for a decision is withdrawn.
   *[other] Your { $requests } open requests for a decision are withdrawn.
} Who reports to you goes to the next manager up.
forget-when-label = When
forget-when = { $days } days after you confirm, within minutes. Backups keep a copy until they are replaced.
forget-chat-label = In the chat
forget-chat = What already stands in this chat stays there as long as your company keeps chat messages.
forget-hr-label = Who is told
forget-hr = One person in HR: your name and the day, nothing else.
forget-notice = { $name } asked to be forgotten. On { $date } everything about them is erased, unless they take it back. If they still work here, please talk with them: whoever is imported again begins as somebody new.
forget-notice-back = { $name } took back the wish to be forgotten: nothing is erased on { $date }.
forget-planned = Everything about you will be erased on { $when }.
forget-planned-note = Until then nothing changes, and you can keep your data with the button or with “/rondo forget cancel”. One person in HR hears your name and the day, nothing else.
forget-taken-back = Your data stays, and nothing will be erased. Whoever was told of it sees that you took it back.
forget-nothing-planned = Nothing is planned to be erased, and nothing changed.

concern-nobody = There is nobody here whom I could tell without telling your manager, so I kept nothing. Please talk to somebody you trust in HR or on the works council.
concern-how = Your concern goes to { $contact } and to nobody else: not to your manager, not into any report. Write “/rondo concern” with your words, or use the button.
concern-form-title = Raise a concern
concern-form-lead = Only { $contact } reads it, never your manager.
concern-submit = Send
field-concern = What should they know?
field-concern-hint = Your name goes with it, so that they can answer you.
concern-sent = { $contact } gets your concern.
concern-sent-note = It reaches { $contact } at their next working hours. Nobody else sees it. You see here when it was read, and the answer comes to you as a message.
concern-following = If { $contact } leaves, or has not read it after three of their working days, { $next } gets it instead, and you are told.
concern-moved = Nobody had read your concern yet, so { $contact } gets it now.
concern-unheard = { $contact } has not read your concern so far, and there is nobody else here who may hear it. Please talk to somebody you trust in HR or on the works council.
concern-passed-on = A concern stood here. It was not marked as read for three working days, so it went on to somebody else.
concern-read-until = Please mark it as read: after three working days without that, it goes to the next contact.
concern-read = { $contact } has read your concern.
concern-answered = { $contact } has answered your concern; the answer is a message of its own.
concern-lost = I could not reach { $contact }, nor anybody else who may hear it, so nobody has read your concern. Please talk to somebody you trust in HR or on the works council.
concern-yours = You wrote: “{ $words }”
concern-title = A concern
concern-summary = { $name } tells you a concern, for you alone.
concern-lead = { $name } tells you this, and only you:
concern-words = “{ $words }”
concern-private = Nobody else sees it here, and no word of it is in the ledger or in a report. Your answer goes to them alone.
concern-you-read = You marked it as read, and they see that.
concern-you-answered = You answered: “{ $words }”
concern-read-already = You marked that as read already.
button-concern-read = I have read it
button-concern-answer = Answer
concern-answer-title = Answer
concern-answer-lead = Only { $name } reads your answer.
field-concern-answer = Your answer
field-concern-answer-hint = What happens next, and when you will talk.
concern-answer-sent = Your answer goes to { $name }, at a good hour of theirs.
concern-answer-summary = { $contact } answers your concern.
concern-answer = { $contact } answers your concern:
concern-again = You can write again at any time.
