export-section = { $name ->
    [version] Version of this format
    [profile] Your profile
    [accounts] Your chat accounts
    [directory] As your company's directory names you
    [goals] Your goals
    [key_figures] Numbers you watch
    [check_ins] Your check-ins
    [requests_for_decisions] Requests for a decision: yours, and those you were asked
    [obligations] 1:1 items, obstacles, approvals, concerns
    [policies] Thresholds you set, or that hold for you alone
    [channels] Team channels you connected
    [messages] Messages to you
    [said] What you were already told, so that it is not said twice
    [reads] Who read your words
    [ledger] The ledger about you
   *[other] { $name }
}
export-field = { $name ->
    [id] Id
    [email] E-mail
    [name] Name
    [manager_id] Manager
    [deputy_id] Deputy
    [department] Department
    [team] Team
    [country] Country
    [zone] Time zone
    [locale] Language, from the company
    [work_days] Working days (0 is Monday)
    [work_hours] Working hours
    [start_date] First day
    [end_date] Last day
    [role] Role
    [known_since] Known since
    [language] Language you chose
    [chat_zone] Time zone in the chat
    [chat_locale] Language in the chat
    [welcomed] Has seen the first page
    [absences] Leave
    [mutes] Muted
    [digest_when] When the digest comes
    [one_on_one] When you meet your manager
    [prefers] Where Rondo writes first
    [erase_at] To be erased on
    [changed_at] Last changed
    [platform] Platform
    [tenant] Workspace or tenant
    [user] Account
    [person_id] Person
    [route] Conversation
    [last_seen] Last used
    [gone_count] Refused by the platform, in a row
    [source] From
    [external_id] Id there
    [user_name] User name
    [wrote] As it was received
    [manager_ref] Manager, as it was received
    [deleted] Deleted there
    [owner_id] Owner
    [title] Title
    [type] Type
    [cycle] Cycle
    [why] Why
    [parent_id] Belongs to the goal
    [coordinator_id] Coordinator
    [status] Status
    [updated_at] Last updated
    [answered_at] Answered
    [kind] Kind
    [state] State
    [question] Question to learn from
    [contributions] Contributions
    [revisions] Changes
    [closing] How it ended
    [carried_from] Carried over from
    [approved_at] Approved
    [approved_by] Approved by
    [key_results] Key results
    [goal_id] Goal
    [text] Text
    [unit] Unit
    [start] Start
    [target] Target
    [current] Current
    [due] Due
    [position] Position
    [low] From
    [high] To
    [promoted_to] Became the goal
    [dropped_at] Dropped
    [period] Week
    [asked_at] Asked
    [grace_ends_at] Late from
    [answers] Answers
    [wins] Wins
    [adjust] What should be adjusted
    [loss] What is lost if nothing is adjusted
    [private_note] Private note for your manager
    [skip_reason] Why skipped
    [snoozed_until] Snoozed until
    [reminders] Reminders
    [card] Message
    [shown] Form shown
    [draft] Draft
    [policy] Version of the thresholds
    [values] Values
    [confidence] Confidence
    [note] Note
    [blocker] Blocker
    [cause] Cause
    [remover] Who can remove it
    [opened_at] Opened
    [ladder] Who is asked in turn
    [step] Step
    [holder_id] With whom it is
    [shown_at] Shown
    [acknowledged_at] Acknowledged
    [reminded_at] Reminded
    [decided_at] Decided
    [decided_by] Decided by
    [choice] Decision
    [requested] Asked for by you
    [acknowledge_within] To be acknowledged within
    [decide_within] To be decided within
    [cards] Shown on
    [handed_by] Handed over by
    [suggested_id] Could decide it
    [waits] Waits
    [reopened] Asked again
    [followed_at] Followed up
    [ended] Ended
    [log] What happened
    [next_holder_id] Who comes next
    [done_at] Done
    [done_by] Done by
    [topic] Topic
    [version] Version
    [at] At
    [author] Set by
    [threshold] Threshold
    [scope_kind] For
    [scope_name] For whom
    [value] Value
    [reason] Reason
    [opened_by] Connected by
    [on] In use
    [posted] Posted
    [summed] Summed up
    [lost] Lost
    [key] Key
    [recipient_id] To
    [rule] Rule
    [subjects] About
    [subject] About
    [facts] Facts
    [on_doubt] If in doubt
    [failure] What failed
    [attempt] Attempts
    [doubtful_since] In doubt since
    [lost_until] Perhaps lost until
    [resent] Sent again
    [delivered_at] Delivered
    [expires_at] Not to be sent after
    [receipt] Receipt
    [stage] Stage
    [basis] Because of
    [times] Times
    [outcome] Outcome
    [first] From
    [last] Until
    [part] Part of the day
    [until] Until
    [deliverable] Deliverable
    [delivered] Delivered
    [number] Number
    [by] By
    [changes] Changes
    [approved] Approved
    [answered_by] Answered by
    [field] What
    [before] Before
    [after] After
    [learned] What was learned
    [reached] Reached
    [score] Score
    [explanation] Explanation
    [next] Next
    [who] Who
    [to] To
    [message] Message
    [since] Since
    [minutes] Minutes
    [goal] Goal
    [goals] Goals
    [fields] Fields
    [items] Items
    [address] Where
    [place] Conversation
    [read] Read
    [answered] Answer
    [told] Told
    [tried] Could not be reached
    [unheard] Not read until
    [erasure] Erasure
    [created] New
    [changed] Changed
    [unchanged] Unchanged
    [warnings] Warnings
   *[other] { $name }
}
export-value = { $name ->
    [yes] yes
    [no] no
    [on_track] On track
    [at_risk] At risk
    [off_track] Off track
    [open] open
    [on_time] on time
    [late] late
    [skipped] skipped
    [missed] not answered
    [committed] Committed
    [aspirational] Aspirational
    [learning] Learning
    [objective] objective
    [kpo] performance objective
    [draft] draft
    [proposed] proposed
    [active] active
    [closed] closed
    [discarded] discarded
    [acknowledged] acknowledged
    [decided] decided
    [withdrawn] withdrawn
    [unanswered] unanswered
    [review] review
    [prepare] preparation
    [wrap_up] wrap-up
    [stop] stop
    [concern] concern
    [approval] approval
    [blocker] obstacle
    [one_on_one] 1:1 item
    [priority] priority
    [people] people
    [time] time
    [money] money
    [dependency] dependency
    [goal] the goal itself
    [market] market
    [priorities] change priorities
    [resources] add people, time or money
    [revise] revise the goal
    [keep] keep as is
    [carry] carry forward
    [sent] sent
    [pending] waiting
    [sending] being sent
    [expired] not sent, too late
    [refused] refused by the platform
    [unknown] perhaps delivered
    [hr_admin] HR admin
    [slack] Slack
    [teams] Microsoft Teams
    [company] company
    [department] department
    [team] team
    [person] person
    [morning] morning
    [afternoon] afternoon
    [opened] opened
    [shown] shown
    [talk_first] to be talked about first
    [reminded] reminded
    [climbed] went to the next level
    [covered] went to the deputy
    [handed_over] handed over
    [stranded] nobody left to ask
    [asked_again] asked again
    [followed] followed up
    [reopened] opened again
    [support] support
    [obstacle] obstacle
    [development] development
    [decision] decision
    [delivered] delivered
    [read] read
    [answered] answered
    [raised] raised
    [queued] to be sent
    [held] held back
    [en] English
    [ko] Korean
   *[other] { $name }
}
