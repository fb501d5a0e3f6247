"""The weekly check-in: asked, answered by button, form or words, skipped, snoozed, edited. One card per person and week."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.decision import NOTHING, Decision, Entry, FieldErrors, Lane, Message, ShowForm, Withdraw, together
from bot.flows import checkin_said, checkin_weeks, escalation, nudge, obstacles
from bot.flows.checkin_card import checkin_card, checkin_form, goals_in_form, may_ask_decision, moved_card
from bot.flows.checkin_typed import answer_from
from bot.flows.escalation_over import BACK_ON_TRACK
from bot.history import written_values
from bot.model import Answer, CheckIn, CheckInState, Goal, Status, Told
from bot.rules import escalated
from bot.rules.checkin import NOW, PROMPT, REMINDER, checkin_of, current_period, is_behind, is_complete
from bot.rules.people import zone_of
from bot.rules.worktime import Calendar, Span, Unit, iso_period, localize
from bot.scene import Scene, edit
from bot.talk.cards import Card, Note, Paragraph
from bot.talk.text import clean


def current(scene: Scene) -> CheckIn:
    """The check-in of this week, new where there is none yet."""
    period = current_period(scene)
    return checkin_of(scene, period) or CheckIn(person_id=scene.person.id, period=period)


def in_question(scene: Scene) -> CheckIn:
    """What a report in words is about: last week's question while it waits unanswered and this week has none yet."""
    zone = zone_of(scene.person, scene.situation.company)
    before = checkin_of(scene, iso_period(scene.now - timedelta(days=7), zone))
    if before is None or before.state not in (CheckInState.OPEN, CheckInState.MISSED):
        return current(scene)
    asked = any(told.rule == PROMPT.name for told in _heard(scene, before))
    return before if asked and checkin_of(scene, current_period(scene)) is None else current(scene)


def named(scene: Scene, checkin_id: str) -> CheckIn | None:
    """The check-in an action names (`PERSON/PERIOD`, or `PERSON/now`), if it is the actor's own and may still be answered."""
    person, _, period = checkin_id.rpartition("/")
    if person != scene.person.id:
        return None
    if period in (NOW, current_period(scene)):
        return current(scene)
    found = checkin_of(scene, period)
    answered = found is not None and found.state in (CheckInState.ON_TIME, CheckInState.LATE)
    return None if answered else found


def shown(scene: Scene, checkin: CheckIn) -> Decision:
    """The card at the bottom of the conversation, because the person asked for it; an older copy says it moved."""
    number = checkin.shown + 1
    again = replace(checkin, card=f"checkin:{checkin.id}:{number}", shown=number)
    message = Message(
        key=again.card,
        to=scene.person.id,
        card=checkin_card(scene.after(Decision(changes=(again,))), again),
        lane=Lane.REPLY,
        subjects=(f"checkin:{checkin.id}",),
    )
    return together(Decision(changes=(again,), messages=(message,)), edit(checkin.card, moved_card(scene)))


def refreshed(scene: Scene, checkin: CheckIn) -> Decision:
    """The same card, as things are now; put out where there was none yet."""
    return edit(checkin.card, checkin_card(scene, checkin)) if checkin.card else shown(scene, checkin)


def stored(scene: Scene, checkin: CheckIn, goals: tuple[Goal, ...], *, how: str, freed: Collection[str] = ()) -> Decision:
    """A check-in with answers in it becomes the truth: goals move, cards change in place, waiting nudges go away.

    `freed`: ids of goals whose owner said that their obstacle is gone.
    """
    before = checkin_of(scene, checkin.period)
    today = tuple(goal for goal in goals if not checkin_weeks.overtaken(scene, checkin, goal))
    draft = checkin_said.left(checkin.draft, goals, form=how == "form")
    checkin = replace(checkin, answered_at=scene.now, draft=draft, snoozed_until=None, skip_reason="")
    first = before is None or before.state in (CheckInState.OPEN, CheckInState.MISSED, CheckInState.SKIPPED)
    known = scene.after(Decision(changes=(*goals, checkin)))
    if is_complete(checkin, known.active_goals()):
        late = checkin.grace_ends_at is not None and scene.now > checkin.grace_ends_at
        if first:
            checkin = replace(checkin, state=CheckInState.LATE if late else CheckInState.ON_TIME)
    elif checkin.state is CheckInState.SKIPPED:
        checkin = replace(checkin, state=CheckInState.OPEN)
    done = Decision(
        changes=(*goals, checkin),
        entries=(
            scene.entry(
                "checkin:answered" if first else "checkin:edited",
                f"checkin:{checkin.id}",
                outcome=checkin.state.value,
                by=how,
                goals=",".join(goal.id for goal in goals),
                values=written_values(today),
            ),
            *(_acted(scene, before) if before is not None else ()),
        ),
        looks=nudge.others_look(scene, [f"goal:{goal.id}" for goal in goals]),
    )
    known = scene.after(done)
    nudges = nudge.settled(known)
    decision = together(done, _no_longer_asked(known, checkin), nudges)
    for goal in today:
        decision = together(decision, _raised(known.after(decision), goal, checkin))
        decision = together(decision, escalation.reported(known.after(decision), goal))
        answer = checkin.answer_for(goal.id)
        if answer is not None:
            earlier = before.answer_for(goal.id) if before is not None else None
            step = obstacles.reported(known.after(decision), goal, answer, earlier, how=how, freed=goal.id in freed)
            decision = together(decision, step)
    latest = next((c for c in reversed(decision.changes) if isinstance(c, CheckIn)), checkin)
    # A button of a nudge is confirmed there; a card that nobody asked for yet would be a second message.
    card = NOTHING if how == "button" and nudges.edits and not latest.card else refreshed(known.after(decision), latest)
    gone = let_go(known.after(decision), checkin.period)
    return together(decision, card, gone, Decision(looks=(scene.look(scene.now, sooner=True),)))


def let_go(scene: Scene, period: str) -> Decision:
    """Weeks before this one that were put off: their question does not come back any more, and their cards say so."""
    older = (one for one in scene.situation.checkins if one.period < period and one.snoozed_until is not None)
    awake = tuple(replace(one, snoozed_until=None) for one in older)
    known = scene.after(Decision(changes=awake)) if awake else scene
    return together(*(Decision(changes=(one,), edits=edit(one.card, checkin_card(known, one)).edits) for one in awake))


def _heard(scene: Scene, checkin: CheckIn) -> tuple[Told, ...]:
    """The prompt and the reminders of a check-in that arrived, newest first."""
    about = (told for told in scene.situation.told if f"checkin:{checkin.id}" in told.subjects)
    return tuple(told for told in about if told.rule in (PROMPT.name, REMINDER.name) and told.delivered_at is not None)


def _acted(scene: Scene, before: CheckIn) -> tuple[Entry, ...]:
    """The ledger's lines about messages that are answered now: those that arrived since the answer before, each once."""
    answered = before.answered_at
    return tuple(
        _line(scene, told, "acted")
        for told in _heard(scene, before)
        if answered is None or (told.delivered_at is not None and told.delivered_at > answered)
    )


def _line(scene: Scene, told: Told, what: str) -> Entry:
    """`nudge:RULE:WHAT` about one message of a check-in, with the minutes since it arrived."""
    minutes = int((scene.now - (told.delivered_at or told.decided_at)).total_seconds() // 60)
    return scene.entry(
        f"nudge:{told.rule}:{what}",
        told.subjects[0],
        rule=told.rule,
        policy=told.policy,
        outcome=what,
        stage=told.facts.get("stage", ""),
        message=told.key,
        minutes=str(minutes),
    )


def _no_longer_asked(scene: Scene, checkin: CheckIn) -> Decision:
    """Reminders of an answered check-in: not sent if they wait, marked done where they stand."""
    if checkin.state in (CheckInState.OPEN, CheckInState.MISSED):
        return NOTHING
    voice = scene.voice(scene.person)
    card = Card(summary=voice.line("reminder-done"), elements=(Note(text=voice.text("reminder-done")),))
    return together(*(together(Decision(withdrawals=(Withdraw(key=key),)), edit(key, card)) for key in checkin.reminders))


def _raised(scene: Scene, goal: Goal, checkin: CheckIn) -> Decision:
    """`goal.commitment_at_risk`: a committed goal off the green with a blocker asks for a decision at once."""
    answer = checkin.answer_for(goal.id)
    if answer is None or answer.blocker is None or not may_ask_decision(goal, answer.status):
        return NOTHING
    setting = scene.setting(scene.person, escalated.AT_RISK)
    if setting.off or not escalation.may_open(scene, goal):
        return NOTHING if setting.off else escalation.not_opened(scene, goal, setting.version)
    zone = zone_of(scene.person, scene.situation.company)
    earlier = (item for item in scene.situation.escalations if item.goal_id == goal.id and item.ended != BACK_ON_TRACK)
    opened = [item.opened_at for item in earlier]
    if any(iso_period(at, zone) == current_period(scene) for at in opened):
        return NOTHING  # it was decided this week already; only the button opens another one
    return escalation.opened(
        scene,
        goal,
        cause=answer.blocker.text,
        loss=checkin.loss,
        requested=False,
        kind=answer.blocker.cause,
        remover=answer.blocker.remover,
    )


def updated_goal(scene: Scene, goal: Goal, answer: Answer) -> Goal:
    """A goal after its owner said something about it; what a machine feeds stays as the machine said."""
    results = tuple(
        replace(result, current=answer.values.get(result.id, result.current)) if not result.source else result
        for result in goal.key_results
    )
    return replace(
        goal,
        status=answer.status or goal.status,
        key_results=results,
        updated_at=scene.now,
        answered_at=scene.now,
    )


def _moved(scene: Scene, checkin: CheckIn, goal: Goal, answer: Answer) -> Goal:
    """The goal after its owner answered in a check-in, which may be of a week that is over."""
    if checkin_weeks.overtaken(scene, checkin, goal):
        return checkin_weeks.with_first_numbers(goal, answer)
    return updated_goal(scene, goal, answer)


def with_answer(checkin: CheckIn, answer: Answer) -> CheckIn:
    """The check-in with this answer in place of an earlier one about the same goal."""
    others = tuple(other for other in checkin.answers if other.goal_id != answer.goal_id)
    return replace(checkin, answers=(*others, answer))


def reported(scene: Scene, checkin: CheckIn, statuses: Mapping[str, Status], *, how: str) -> Decision:
    """Quick answers: a status per goal id, everything else said earlier is kept."""
    goals: list[Goal] = []
    for goal in scene.active_goals():
        if goal.id in statuses:
            status = statuses[goal.id]
            earlier = checkin_said.known(checkin, checkin_weeks.as_of(scene, checkin, goal))
            kept = earlier.blocker if status is not Status.ON_TRACK else None
            answer = replace(earlier, status=status, blocker=kept)
            checkin = with_answer(checkin, answer)
            goals.append(_moved(scene, checkin, goal, answer))
    return stored(scene, checkin, tuple(goals), how=how) if goals else scene.tell("goal-unknown")


def form_asked(scene: Scene, checkin: CheckIn, wanted: tuple[str, ...]) -> Decision:
    """*Open form* was pressed."""
    return Decision(reply=ShowForm(form=checkin_form(scene, checkin, goals_in_form(scene, checkin, wanted))))


def drafted(checkin: CheckIn, values: Mapping[str, str]) -> Decision:
    """The form was closed: what was typed waits for the next time it opens."""
    kept = {field: clean(value) for field, value in values.items() if value.strip()}
    return Decision(changes=(replace(checkin, draft=checkin_said.beside(checkin.draft, values) | kept),)) if kept else NOTHING


def submitted(scene: Scene, checkin: CheckIn, goal_ids: tuple[str, ...], values: Mapping[str, str]) -> Decision:
    """The form came in: either every field is understood and all is stored, or errors stand at the fields."""
    voice = scene.voice(scene.person)
    goals = tuple(goal for goal in scene.active_goals() if goal.id in goal_ids)
    errors: dict[str, str] = {}
    known = (checkin_weeks.as_of(scene, checkin, goal) for goal in goals)
    answers = [answer for goal in known if (answer := answer_from(scene, goal, values, errors)) is not None]
    if errors:
        form = checkin_form(scene, checkin, goals, typed=values)
        kept = checkin_said.beside(checkin.draft, values) | {field: clean(value) for field, value in values.items()}
        return Decision(changes=(replace(checkin, draft=kept),), reply=FieldErrors(errors=errors, form=form))
    week = {name: clean(values.get(name, "")) for name in ("wins", "adjust", "loss", "private")}
    if goals and not answers and not any(week.values()):
        errors = {f"status:{goals[0].id}": voice.line("error-choose-status")}
        return Decision(reply=FieldErrors(errors=errors, form=checkin_form(scene, checkin, goals, typed=values)))
    for answer in answers:
        checkin = with_answer(checkin, answer)
    checkin = replace(checkin, wins=week["wins"], adjust=week["adjust"], loss=week["loss"], private_note=week["private"])
    by_id = {goal.id: goal for goal in goals}
    moved = tuple(_moved(scene, checkin, by_id[answer.goal_id], answer) for answer in answers)
    return stored(scene, checkin, moved, how="form")


def skipped(scene: Scene, checkin: CheckIn, reason: str) -> Decision:
    """Not this week; the card says so and stays open for a change of mind."""
    if checkin.state in (CheckInState.ON_TIME, CheckInState.LATE):
        return together(scene.tell("skip-already-answered"), refreshed(scene, checkin))
    skip = replace(checkin, state=CheckInState.SKIPPED, skip_reason=clean(reason, limit=300), snoozed_until=None)
    done = Decision(
        changes=(skip,),
        entries=(scene.entry("checkin:skipped", f"checkin:{skip.id}", outcome="skipped"),),
        looks=(scene.look(scene.now, sooner=True),),
    )
    known = scene.after(done)
    return together(done, _no_longer_asked(known, skip), refreshed(known, skip), let_go(known, skip.period))


def snoozed(scene: Scene, checkin: CheckIn, minutes: int | None) -> Decision:
    """Come back later: after some minutes (None: at the start of the next working day), never at an impolite hour.

    Where a later week waits already, it is that one that comes back.
    """
    checkin = scene.situation.checkins[0] if is_behind(scene, checkin) else checkin
    if checkin.state not in (CheckInState.OPEN, CheckInState.MISSED):
        return together(scene.tell("snooze-nothing-open"), refreshed(scene, checkin))
    calendar = scene.calendar(scene.person)
    wanted = scene.now + timedelta(minutes=minutes) if minutes is not None else _tomorrow(calendar, scene.now)
    until = calendar.next_polite(wanted) if wanted is not None else None
    if until is None:
        return scene.tell("snooze-too-long")
    asleep = replace(checkin, snoozed_until=until)
    snoozed_now = scene.entry("checkin:snoozed", f"checkin:{checkin.id}", outcome="snoozed", until=until.isoformat())
    done = Decision(
        changes=(asleep,),
        entries=(snoozed_now, *(_line(scene, told, "snoozed") for told in _heard(scene, checkin) if told.rule == PROMPT.name)),
        looks=(scene.look(scene.now, sooner=True),),
    )
    known = scene.after(done)
    return together(done, refreshed(known, asleep))


def _tomorrow(calendar: Calendar, now: datetime) -> datetime | None:
    """The beginning of the next working day after today's local date, also when today's work is over."""
    day = calendar.add(now, Span(amount=1, unit=Unit.DAYS))
    return localize(calendar.local(day).date(), time(0), calendar.zone) if day is not None else None


def excused(scene: Scene, checkin: CheckIn) -> Decision:
    """The person is on leave: what was asked of them this week is no longer asked."""
    if checkin.state is not CheckInState.OPEN or checkin.asked_at is None:
        return NOTHING
    away = replace(checkin, state=CheckInState.SKIPPED, skip_reason="away", snoozed_until=None)
    done = Decision(
        changes=(away,),
        entries=(scene.entry("checkin:excused", f"checkin:{away.id}", outcome="skipped", reason="away"),),
    )
    known = scene.after(done)
    return together(done, _no_longer_asked(known, away), edit(away.card, checkin_card(known, away)))


def relieved(scene: Scene) -> Decision:
    """Goals were closed: this week's card shows those that are left, and nothing is asked any more where none is open."""
    checkin = checkin_of(scene, current_period(scene))
    if checkin is None:
        return NOTHING
    done = NOTHING
    if checkin.state is CheckInState.OPEN and checkin.asked_at is not None and is_complete(checkin, scene.active_goals()):
        late = checkin.grace_ends_at is not None and scene.now > checkin.grace_ends_at
        checkin = replace(checkin, state=CheckInState.LATE if late else CheckInState.ON_TIME, snoozed_until=None)
        entry = scene.entry("checkin:answered", f"checkin:{checkin.id}", outcome=checkin.state.value, by="grade")
        done = Decision(changes=(checkin,), entries=(entry,))
    elif checkin.state is CheckInState.OPEN and checkin.asked_at is not None and not scene.active_goals():
        checkin = replace(checkin, state=CheckInState.SKIPPED, skip_reason="", snoozed_until=None)
        entry = scene.entry("checkin:excused", f"checkin:{checkin.id}", outcome="skipped", reason="no goal is open")
        done = Decision(changes=(checkin,), entries=(entry,))
    known = scene.after(done)
    return together(done, _no_longer_asked(known, checkin), edit(checkin.card, checkin_card(known, checkin)))


def nothing_to_answer(scene: Scene) -> Decision:
    """A button of a week that is over: say so, and show the current card."""
    voice = scene.voice(scene.person)
    over = scene.reply(Paragraph(text=voice.text("checkin-over")), summary=voice.line("checkin-over"))
    return together(over, shown(scene, current(scene)))


def typed_too_late(scene: Scene, values: Mapping[str, str]) -> Decision:
    """The form of a week that was answered and is over: what was typed waits in the form of the current week."""
    voice = scene.voice(scene.person)
    kept = drafted(current(scene), values)
    if not kept.changes:
        return nothing_to_answer(scene)
    over = scene.reply(Paragraph(text=voice.text("checkin-over-kept")), summary=voice.line("checkin-over-kept"))
    known = scene.after(kept)
    return together(kept, over, shown(known, current(known)))
