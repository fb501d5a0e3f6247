"""The invented company of these tests, as the CSV texts an operator would import."""

from collections.abc import Iterable

DOMAIN = "brightwater.example"
MONDAY = "2031-01-06T08:00"
"""UTC; nine in Berlin. Far ahead, so that a restarted process (which starts at wall time) finds nothing due."""

PEOPLE_HEADER = (
    "email,name,manager_email,deputy_email,department,team,country,timezone,locale,work_days,work_hours,"
    "start_date,end_date,role\n"
)
GOALS_HEADER = (
    "objective_id,owner_email,team,cycle,type,objective,why,parent_id,coordinator_email,kr_id,key_result,unit,start,"
    "target,current,due\n"
)

BERLIN = "Europe/Berlin"
# name: manager, time zone, locale, role
PEOPLE: dict[str, tuple[str, str, str, str]] = {
    "vera": ("", BERLIN, "en", "hr_admin"),
    "dana": ("vera", BERLIN, "en", ""),
    "max": ("dana", BERLIN, "en", ""),
    "mina": ("dana", "Asia/Seoul", "ko", ""),
    "joe": ("dana", "", "", ""),  # zone and language from the chat profile
    "ana": ("dana", BERLIN, "en", ""),
    "ben": ("dana", BERLIN, "en", ""),
    "cem": ("dana", BERLIN, "en", ""),
}
# id: owner, type, objective, key result id, key result, unit, start, target
GOALS: dict[str, tuple[str, str, str, str, str, str, str, str]] = {
    "O1": ("max", "committed", "Launch the new portal", "K1", "Pages live", "%", "0", "100"),
    "O2": ("max", "aspirational", "Happier customers", "K2", "NPS", "points", "20", "50"),
    "O3": ("mina", "committed", "모바일 앱 출시", "K3", "출시 진행률", "%", "0", "100"),
    "O4": ("ana", "committed", "Quieter nights on call", "K4", "Pages per week", "alerts", "40", "10"),
    "O5": ("ben", "aspirational", "Faster onboarding", "K5", "First merge", "days", "9", "3"),
    "O6": ("joe", "committed", "Open the Boston office", "K6", "Desks ready", "desks", "0", "30"),
}


def email(name: str) -> str:
    return f"{name}@{DOMAIN}"


def people_csv(names: Iterable[str] = PEOPLE, **zones: str) -> str:
    """People of the company; `zones` override. Managers come last on purpose."""
    rows = []
    for name in reversed(list(names)):
        manager, zone, locale, role = PEOPLE[name]
        rows.append(
            f"{email(name)},{name.title()},{email(manager) if manager else ''},,Product,Web,,{zones.get(name, zone)},{locale},"
            f"Mon-Fri,09:00-18:00,,,{role}"
        )
    return PEOPLE_HEADER + "\n".join(rows) + "\n"


def goals_csv(ids: Iterable[str] = GOALS) -> str:
    rows = []
    for id in ids:
        owner, kind, objective, result_id, result, unit, start, target = GOALS[id]
        rows.append(
            f"{id},{email(owner)},Web,2031-Q1,{kind},{objective},,,,{result_id},{result},{unit},{start},{target},,2031-03-31"
        )
    return GOALS_HEADER + "\n".join(rows) + "\n"
