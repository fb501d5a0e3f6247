"""The mistakes, as small changes of the source: what stands there, what somebody might have written instead.

`old` stands exactly once in its file (a test says so), so a bug that no longer fits is noticed when the code changes.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """One mistake. `people`, `weeks` (0: the usual) and `faults`: a world in which it can show."""

    name: str
    path: str
    old: str
    new: str
    people: int = 0
    weeks: int = 0
    faults: str = "all"


CLAIMS = (
    Bug(
        name="a claim takes no new fence",
        path="storage/outbox.py",
        old="        fence=outbox.c.fence + 1,\n",
        new="        fence=outbox.c.fence,\n",
    ),
    Bug(
        name="a report under an old fence counts",
        path="storage/settle.py",
        old='row["fence"] != event.fence or ',
        new="",
    ),
    Bug(
        name="a claim whose process died is sent again without a look",
        path="storage/outbox.py",
        old='        doubtful_since=row["doubtful_since"] or died,\n',
        new='        doubtful_since=row["doubtful_since"],\n',
    ),
    Bug(
        name="several messages to one person at a time",
        path="storage/outbox.py",
        old="        text(\"other.state = 'sending'\"),\n",
        new="        text(\"other.state = 'nothing'\"),\n",
    ),
    Bug(
        name="an agenda row is taken whatever its fence",
        path="storage/settle.py",
        old='    agenda.c.fence == bindparam("due_fence"),\n    agenda.c.due_at == bindparam("due"),\n',
        new="",
    ),
)

SENDING = (
    Bug(
        name="a lost answer counts as not posted",
        path="scheduler/post.py",
        old="""        except InDoubt as error:
            self._unclear(address, error.reason)
            return Doubtful(reason=error.reason)
""",
        new="""        except InDoubt as error:
            return Again(seconds=1.0, reason=error.reason)
""",
    ),
    Bug(
        name="a lost answer counts as posted",
        path="scheduler/post.py",
        old="""        except InDoubt as error:
            self._unclear(address, error.reason)
            return Doubtful(reason=error.reason)
""",
        new="""        except InDoubt:
            return Arrived(receipt=Receipt(address=address, place="?", id="?"))
""",
    ),
    Bug(
        name="a doubt is looked into at once, before a late post can be seen",
        path="scheduler/deliver.py",
        old="""                self._outbox.doubtful(parcel, settle_seconds=seconds, reason=verdict.reason)
""",
        new="""                self._outbox.doubtful(parcel, settle_seconds=0.0, reason=verdict.reason)
""",
    ),
    Bug(
        name="what nobody can read back is sent again whatever it is",
        path="scheduler/post.py",
        old="expired or parcel.on_doubt is OnDoubt.DROP or ",
        new="expired or ",
    ),
    Bug(
        name="what was read back and not found is given up",
        path="scheduler/post.py",
        old="        elif parcel.resent >= RESENDS:\n",
        new="        else:\n",
    ),
    Bug(
        name="the read-back begins after the message",
        path="scheduler/post.py",
        old="since, lost_until = parcel.doubtful_since - SKEW, ",
        new="since, lost_until = parcel.doubtful_since + SKEW, ",
    ),
    Bug(
        name="what is no longer true is sent late",
        path="scheduler/post.py",
        old="        expired = parcel.expires_at is not None and parcel.expires_at <= self._clock.now()\n",
        new="        expired = False\n",
    ),
    Bug(
        name="Retry-After is not obeyed",
        path="scheduler/post.py",
        old="""            gate.limited(seconds if error.seconds is None else error.seconds)
        return Again(seconds=seconds, reason=error.reason)
""",
        new="        return Again(seconds=0.0, reason=error.reason)\n",
    ),
    Bug(
        name="the bucket fills twice as fast",
        path="scheduler/bucket.py",
        old="max(0.0, now - self._at) * self.rate(now))",
        new="max(0.0, now - self._at) * self.rate(now) * 2)",
    ),
    Bug(
        name="a receipt is not kept: the next change is a new message",
        path="storage/settle.py",
        old='        "now_receipt": event.receipt,\n',
        new='        "now_receipt": None,\n',
    ),
    Bug(
        name="a card that changed while it was sent is never brought up to date",
        path="storage/settle.py",
        old='    newer = row["revision"] > event.revision\n',
        new="    newer = False\n",
    ),
    Bug(
        name="what was withdrawn is sent",
        path="storage/settle.py",
        old="""    if row is None or row["delivered_at"] is not None or row["ready_at"] is None:
        return
    if row["state"]""",
        new="""    if row is not None:
        return
    if row["state"]""",
    ),
)

TAKING = (
    Bug(
        name="an event that was seen is taken again",
        path="storage/store.py",
        old="        if not self._note(event.id, event.at):\n            return False\n",
        new="        self._note(event.id, event.at)\n",
    ),
    Bug(
        name="a lost race counts as done",
        path="bot/turn.py",
        old="""                if attempt == ATTEMPTS - 1:
                    raise
""",
        new="""                return Outcome(known=True, decision=None)
""",
    ),
    Bug(
        name="every reminder has the key of the first",
        path="bot/flows/desk.py",
        old='    key = f"reminder:{checkin.id}:{len(checkin.reminders) + 1}" + ',
        new='    key = f"reminder:{checkin.id}:1" + ',
    ),
)

TIME = (
    Bug(
        name="local times are taken for UTC",
        path="bot/rules/localtime.py",
        old="    after = wanted.replace(tzinfo=zone).astimezone(UTC)\n",
        new="    after = wanted.replace(tzinfo=UTC)\n    return after\n",
    ),
    Bug(
        name="a week is counted in UTC",
        path="bot/rules/worktime.py",
        old="    today = utc(instant).astimezone(zone).date()\n    return (period_of",
        new="    today = (utc(instant) + timedelta(days=3)).date()\n    return (period_of",
    ),
    Bug(
        name="leave does not count",
        path="bot/rules/worktime.py",
        old="        return any(since <= day <= until for since, until in self.absences) or len(self._free_parts(day)) > 1\n",
        new="        return False\n",
    ),
    Bug(
        name="who has not started yet is asked",
        path="bot/rules/people.py",
        old="        first_day=first_day,\n",
        new="        first_day=None,\n",
    ),
    Bug(
        name="any hour is polite",
        path="bot/flows/desk.py",
        old="    elif scene.calendar(person).is_polite(scene.now):\n",
        new="    else:\n",
    ),
    Bug(
        name="the next look is planned an hour after it is due",
        path="bot/flows/desk.py",
        old="    return min(later)\n",
        new="    return min(later) + timedelta(hours=1)\n",
    ),
    Bug(
        name="a look that finds nothing plans none",
        path="bot/flows/desk.py",
        old="    if not later or scene.situation.reports:\n",
        new="    if not later:\n        return None\n    if scene.situation.reports:\n",
    ),
)

MANNERS = (
    Bug(
        name="nobody counts the messages of a day",
        path="bot/rules/budget.py",
        old="    return min(scene.setting(scene.person, PER_DAY).count - len(today), scene",
        new="    return min(scene.setting(scene.person, PER_DAY).count, scene",
    ),
    Bug(
        name="reminders have no end",
        path="bot/rules/checkin.py",
        old="""len(checkin.reminders) >= MOST_REMINDERS:
        return
    upcoming = next(prompt(scene), None)
    wanted = [setting for setting in (scene.setting(person, FIRST), scene.setting(person, SECOND)) if not setting.off]
    for setting in wanted[len(checkin.reminders) :]:
""",
        new="""not person:
        return
    upcoming = next(prompt(scene), None)
    wanted = [scene.setting(person, FIRST)]
    for setting in wanted:
""",
    ),
    Bug(
        name="a reminder of a question that never arrived",
        path="bot/rules/checkin.py",
        old="    return checkin if _arrived(scene, checkin) else None\n",
        new="    return checkin\n",
    ),
    Bug(
        name="a reminder although the question was answered",
        path="bot/rules/checkin.py",
        old="    if checkin is None or checkin.state is not CheckInState.OPEN or len",
        new="    if checkin is None or len",
    ),
    Bug(
        name="a mute is forgotten",
        path="bot/flows/desk.py",
        old='    return "muted" if for_good and not own_wish and mute_counts(scene, finding.rule) else ""\n',
        new='    return ""\n',
    ),
    Bug(
        name="the question is asked again after an answer",
        path="bot/rules/checkin.py",
        old="    if checkin.asked_at is not None or checkin.state is not CheckInState.OPEN:\n        return True\n",
        new="    if checkin.state is CheckInState.SKIPPED:\n        return True\n",
    ),
)

LADDER = (
    Bug(
        name="a decision that was made climbs on",
        path="bot/flows/escalation.py",
        old="        case EscalationState.DECIDED:\n            return after_decision(scene, goal, escalation)\n",
        new="        case EscalationState.DECIDED:\n            return climbed(scene, goal, escalation)\n",
    ),
    Bug(
        name="the old holder may go on deciding",
        path="bot/rules/escalation_states.py",
        old='"reminded_at": None, "holder_id": who, **changes}',
        new='"reminded_at": None, **({} if before else {"holder_id": who}), **changes}',
    ),
    Bug(
        name="an acknowledgement does not stop the clock",
        path="bot/flows/escalation_clock.py",
        old="    acknowledged = escalation.state is EscalationState.ACKNOWLEDGED\n    began",
        new="    acknowledged = False\n    began",
    ),
    Bug(
        name="the ladder's clock is never looked at",
        path="bot/flows/escalation_shown.py",
        old="    return Decision(changes=(seen,), looks=next_looks(scene, seen, holder))\n",
        new="    return Decision(changes=(seen,), looks=(Look(subject=subject_of(seen), at=None),))\n",
    ),
)

BUGS = (*CLAIMS, *SENDING, *TAKING, *TIME, *MANNERS, *LADDER)
