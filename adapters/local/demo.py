"""The invented company that `rondo demo` starts with, as the two CSV files anybody else would import.

Halden makes an app for small clinics. Everybody and everything in it is made up.
"""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.rules.cycles import bounds, cycle_of

COMPANY = "Halden"
ZONE = "Europe/Berlin"
DOMAIN = "halden.example"

FIRST = f"lena.fischer@{DOMAIN}"
"""Whom the page shows first: three goals, one of them committed, and a manager who will be asked to decide."""

FORGOTTEN = frozenset({"G-07"})
"""Goals nobody has looked at for a while: imported as of `forgotten_since`, they stall in the first days."""

PEOPLE_COLUMNS = (
    "email", "name", "manager_email", "deputy_email", "department", "team", "country", "timezone", "locale",
    "work_days", "work_hours", "start_date", "end_date", "role",
)  # fmt: skip
GOAL_COLUMNS = (
    "objective_id", "owner_email", "team", "cycle", "type", "objective", "why", "parent_id", "coordinator_email",
    "kr_id", "key_result", "unit", "start", "target", "current", "due",
)  # fmt: skip

_BERLIN, _NEW_YORK = ("DE", "Europe/Berlin", "en"), ("US", "America/New_York", "en")
_SEOUL, _KOLKATA = ("KR", "Asia/Seoul", "ko"), ("IN", "Asia/Kolkata", "en")
_CLINIC, _PLATFORM, _GROWTH = ("Product", "Clinic App"), ("Product", "Platform"), ("Market", "Growth")
_NO_TEAM = ("", "")

# user, name, manager, deputy, unit, place, work days and hours, role, caption
_PEOPLE: Sequence[tuple[str, str, str, str, tuple[str, str], tuple[str, str, str], str, str, str]] = (
    ("ingrid.solheim", "Ingrid Solheim", "", "tobias.renner", _NO_TEAM, _BERLIN, "", "", "Managing director"),
    ("ruth.adeyemi", "Ruth Adeyemi", "ingrid.solheim", "", _NO_TEAM, _BERLIN, "", "hr_admin", "People & HR"),
    ("tobias.renner", "Tobias Renner", "ingrid.solheim", "lena.fischer", _CLINIC, _BERLIN, "", "", "Leads Clinic App"),
    ("lena.fischer", "Lena Fischer", "tobias.renner", "", _CLINIC, _BERLIN, "", "", "Product lead, Booking"),
    ("mina.seo", "서미나", "tobias.renner", "", _CLINIC, _SEOUL, "", "", "프로덕트 디자이너"),
    ("junho.baek", "백준호", "tobias.renner", "", _CLINIC, _SEOUL, " 10:00-19:00", "", "모바일 엔지니어"),
    ("arjun.nair", "Arjun Nair", "ingrid.solheim", "priya.deshmukh", _PLATFORM, _KOLKATA, "", "", "Leads Platform"),
    ("priya.deshmukh", "Priya Deshmukh", "arjun.nair", "", _PLATFORM, _KOLKATA, "", "", "Reliability engineer"),
    ("emeka.obi", "Emeka Obi", "arjun.nair", "", _PLATFORM, _BERLIN, "", "", "Data engineer"),
    ("caroline.whitlock", "Caroline Whitlock", "ingrid.solheim", "", _GROWTH, _NEW_YORK, "", "", "Leads Growth"),
    ("marcus.bell", "Marcus Bell", "caroline.whitlock", "", _GROWTH, _NEW_YORK, "", "", "Partnerships"),
    ("dana.ortiz", "Dana Ortiz", "caroline.whitlock", "", _GROWTH, _NEW_YORK, "Mon-Thu 08:00-17:00",
     "", "Customer onboarding"),
    ("sujin.moon", "문수진", "caroline.whitlock", "", _GROWTH, _SEOUL, "", "", "한국 출시 코디네이터"),
)  # fmt: skip

CAPTIONS = {f"{person[0]}@{DOMAIN}": person[8] for person in _PEOPLE}
"""What everybody does, by e-mail; the CSV has no column for it."""

_Result = tuple[str, str, str, str, str, int]  # text, unit, start, target, current, due days before the cycle ends
# id, owner, team, type, objective, why, parent, coordinator, key results
_GOALS: Sequence[tuple[str, str, str, str, str, str, str, str, tuple[_Result, ...]]] = (
    ("G-01", "ingrid.solheim", "", "aspirational", "Small clinics run their day in Halden",
     "A clinic that opens Halden first every morning stays for years.", "", "",
     (("Clinics that use Halden on every working day", "clinics", "310", "450", "352", 0),
      ("Monthly revenue from clinics", "k€", "184", "240", "203", 0),
      ("Clinics that leave in the quarter", "%", "4.2", "2.5", "3.6", 0))),
    ("G-02", "tobias.renner", "Clinic App", "committed", "Patients book without calling",
     "Every call a front desk does not take is four minutes for a patient in the room.", "G-01", "",
     (("Appointments booked online", "%", "38", "60", "45", 0),
      ("Median time to book", "seconds", "95", "45", "71", 0),
      ("No-shows among online bookings", "%", "11", "7", "9.4", 0))),
    ("G-03", "lena.fischer", "Clinic App", "committed", "Online booking is launched in all 120 pilot clinics",
     "The pilots signed for this quarter; sales has promised the date.", "G-02", "",
     (("Pilot clinics live", "%", "15", "100", "38", 14),
      ("Bookings that fail", "per 1,000", "38", "5", "21", 14),
      ("Front desks trained", "desks", "20", "120", "58", 21))),
    ("G-04", "lena.fischer", "Clinic App", "aspirational", "Patients rate booking higher than a phone call",
     "", "G-02", "",
     (("Rating after booking", "points", "3.9", "4.6", "4.2", 0),
      ("Patients who book a second time online", "%", "27", "50", "36", 0))),
    ("G-05", "lena.fischer", "Clinic App", "learning", "We know why older patients stop half way",
     "A third of patients over 65 start a booking and do not finish it.", "", "",
     (("Interviews with patients over 65", "interviews", "0", "15", "6", 28),)),
    ("G-06", "mina.seo", "Clinic App", "committed", "접근성 기준을 모든 예약 화면이 통과한다",
     "공공 의료기관과 계약하려면 접근성 인증이 필요합니다.", "G-02", "",
     (("인증 기준을 통과한 화면", "개", "6", "24", "13", 10),
      ("화면 낭독기로 예약을 마친 사람", "%", "41", "90", "62", 10))),
    ("G-07", "emeka.obi", "Platform", "committed", "Clinics see their numbers the next morning",
     "Clinic managers plan staff at eight; today the report comes at noon.", "", "",
     (("Reports ready by 07:00 local time", "%", "54", "98", "67", 0),
      ("Reports with wrong totals", "per month", "9", "0", "5", 0))),
    ("G-08", "junho.baek", "Clinic App", "aspirational", "앱이 오래된 휴대전화에서도 빠르다",
     "환자의 3분의 1이 4년 넘은 기기를 씁니다.", "G-02", "",
     (("시작 시간(4년 된 기기)", "초", "5.8", "2.5", "4.1", 0),
      ("비정상 종료가 없는 세션", "%", "97.2", "99.7", "98.6", 0))),
    ("G-09", "priya.deshmukh", "Platform", "committed", "An outage never loses an appointment",
     "In spring one outage cost 212 appointments.", "G-01", "",
     (("Appointments lost to outages", "appointments", "212", "0", "12", 0),
      ("Time to restore from backup", "minutes", "140", "20", "55", 0),
      ("Restore drills passed", "drills", "0", "6", "3", 7))),
    ("G-10", "arjun.nair", "Platform", "learning", "We know what it takes to serve 2,000 clinics",
     "", "G-01", "",
     (("Bottlenecks measured under load", "", "0", "8", "3", 20),)),
    ("G-11", "caroline.whitlock", "Growth", "committed", "Thirty clinics in Korea run on Halden",
     "Our partner in Seoul has promised thirty openings this quarter.", "G-01", "sujin.moon",
     (("Clinics live in Korea", "clinics", "0", "30", "9", 0),
      ("Insurance billing connection approved", "", "", "1", "", 30),
      ("Screens translated and reviewed", "%", "35", "100", "78", 35))),
    ("G-12", "marcus.bell", "Growth", "aspirational", "Practice software vendors recommend us",
     "", "G-01", "",
     (("Signed integration partners", "partners", "2", "8", "4", 0),
      ("New clinics through partners", "clinics", "11", "60", "24", 0))),
    ("G-13", "dana.ortiz", "Growth", "committed", "A new clinic takes bookings within a week",
     "Clinics that wait longer than ten days cancel twice as often.", "G-01", "",
     (("Median days from contract to first booking", "days", "19", "7", "12", 0),
      ("Clinics that finish set-up without a call", "%", "22", "60", "37", 0))),
    ("G-14", "sujin.moon", "Growth", "aspirational", "한국 병원의 질문에 당일 답한다",
     "첫 달에 답을 늦게 받은 병원은 두 배 더 자주 떠납니다.", "G-11", "",
     (("당일 답변한 문의", "%", "48", "95", "70", 0),
      ("도움말에서 스스로 해결한 병원", "%", "12", "40", "21", 0))),
)  # fmt: skip


def demo_start(wall: datetime) -> datetime:
    """Wednesday 08:00 UTC of this week or, where that is over, of the next: the first check-in is 17 hours away."""
    today = wall.astimezone(UTC).date()
    day = today + timedelta(days=(2 - today.weekday()) % 7)
    start = datetime.combine(day, time(8), UTC)
    return start if start >= wall else start + timedelta(days=7)


def forgotten_since(start: datetime) -> datetime:
    """When the forgotten goals were last updated: their owners are nudged (14 calendar days) on the first Friday."""
    return start - timedelta(days=12, hours=3)


def people_csv(now: datetime) -> str:
    """Everybody, in the format "People CSV" of INTERFACES.md."""
    rows = []
    for user, name, manager, deputy, unit, place, pattern, role, _ in _PEOPLE:
        days, _, hours = pattern.partition(" ")
        joined = date(now.year - 2, 1 + len(user) % 12, 1 + len(name) % 27)
        rows.append(
            (
                _email(user),
                name,
                _email(manager),
                _email(deputy),
                *unit,
                *place,
                days,
                hours,
                joined.isoformat(),
                "",
                role,
            )
        )
    return _csv(PEOPLE_COLUMNS, rows)


def goals_csv(now: datetime, *, only: frozenset[str] | None = None) -> str:
    """Their goals in the cycle of `now`, in the format "Goals CSV" of INTERFACES.md; `only` names the objectives."""
    cycle = cycle_of(now.date(), 1)
    _, last = bounds(cycle, 1)
    rows = []
    for id, owner, team, kind, title, why, parent, coordinator, results in _GOALS:
        if only is not None and id not in only:
            continue
        told = (id, _email(owner), team, cycle, kind, title, why, parent, _email(coordinator))
        for number, (text, unit, begin, target, current, early) in enumerate(results, start=1):
            objective = told if number == 1 else ("",) * len(told)
            due = (last - timedelta(days=early)).isoformat()
            rows.append((*objective, f"{id}-{number}", text, unit, begin, target, current, due))
    return _csv(GOAL_COLUMNS, rows)


def _email(user: str) -> str:
    return f"{user}@{DOMAIN}" if user else ""


def _csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
