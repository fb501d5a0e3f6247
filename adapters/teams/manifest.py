"""The app package an administrator uploads to Teams: manifest 1.30, Korean beside it, two icons, one zip.

Asks for nothing but a bot: no permissions on the tenant, no sign-in, no tab. The same input gives the same bytes.
"""

import json
import re
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

VERSION = "1.30"
SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json"
ACCENT = "#2b6a8f"
COLOR, OUTLINE, KOREAN = "color.png", "outline.png", "ko.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can hold: no clock in the package
_GUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")

Command = tuple[str, str, str, str]
"""English title and description, Korean title and description. A title is what Teams writes into the box: all are understood."""

PERSONAL: tuple[Command, ...] = (
    ("checkin", "Your check-in for this week", "체크인", "이번 주 체크인"),
    ("checkin snooze 2h", "Ask me again in two hours", "체크인 미루기 2시간", "두 시간 뒤에 다시 묻기"),
    ("checkin skip", "Skip this week", "체크인 건너뛰기", "이번 주 건너뛰기"),
    ("checkin settings", "When and how Rondo asks you", "체크인 설정", "언제, 어떻게 물어볼지 보기"),
    ("goals", "Your goals and how they stand", "목표", "내 목표와 현재 상태"),
    ("goals add", "Write a new goal", "목표 추가", "새 목표 작성"),
    ("goals update", "Update a goal now", "목표 업데이트", "지금 목표 업데이트"),
    ("goals team", "Your team's goals", "목표 팀", "우리 팀의 목표"),
    ("team", "How your team is doing", "팀", "우리 팀의 현재 상황"),
    (
        "away tomorrow",
        "Be left alone; or away 2026-12-24..2026-12-31",
        "자리비움 내일",
        "자리를 비우는 동안 알림 받지 않기",
    ),
    ("rondo privacy", "What Rondo stores about you", "론도 개인정보", "Rondo가 저장하는 내용"),
    ("rondo help", "All that you can say", "론도 도움말", "사용할 수 있는 모든 말"),
)
TEAM: tuple[Command, ...] = (
    ("checkin", "Your check-in; it opens in your own chat with Rondo", "체크인", "체크인 (Rondo와의 개인 채팅에서 열림)"),
    ("goals", "Your goals; they are shown in your own chat with Rondo", "목표", "내 목표 (Rondo와의 개인 채팅에서 보임)"),
    ("team post here", "Post the team's week in this channel", "팀 게시 여기", "이 채널에 팀의 한 주를 게시하기"),
    ("team post off", "Stop posting the team's week", "팀 게시 끄기", "팀의 한 주를 더 이상 게시하지 않기"),
    ("rondo help", "All that you can say", "론도 도움말", "사용할 수 있는 모든 말"),
)
GROUP: tuple[Command, ...] = (TEAM[0], TEAM[1], TEAM[4])
LISTS: tuple[tuple[str, tuple[Command, ...]], ...] = (("personal", PERSONAL), ("team", TEAM), ("groupChat", GROUP))

SHORT = "Weekly check-ins, goals and decisions, in a few minutes a week."
FULL = (
    "Rondo asks each person once a week how their goals are doing, at a time that suits them, in a chat of their own. "
    "It keeps goals up to date, shows managers where a decision is needed, and says nothing where nothing is needed. "
    "Answers are seen by the person and their manager; everybody can ask what is stored about them: rondo privacy. "
    "Rondo is run by your own organisation, on its own server."
)
SHORT_KO = "주간 체크인, 목표, 의사결정을 한 주에 몇 분으로."
FULL_KO = (
    "Rondo는 매주 한 번, 각자에게 편한 시간에 개인 채팅으로 목표가 어떻게 진행되고 있는지 묻습니다. 목표를 최신 상태로 유지하고, "
    "결정이 필요한 곳을 관리자에게 알려 주며, 필요한 것이 없을 때는 아무 말도 하지 않습니다. 답변은 본인과 관리자가 봅니다. "
    "저장된 내용은 누구나 “론도 개인정보”로 확인할 수 있습니다. Rondo는 회사가 직접 자체 서버에서 운영합니다."
)


def manifest(*, app_id: str, base_url: str, version: str) -> dict[str, Any]:
    """The manifest. Raises ValueError, in one line, for an app id that is none."""
    if not _GUID.fullmatch(app_id):
        raise ValueError("RONDO_TEAMS_APP_ID is no application id; copy the Application (client) ID from Microsoft Entra")
    base = base_url.rstrip("/")
    lists = []
    for scope, commands in LISTS:
        shown = [{"title": title, "description": words} for title, words, _, _ in commands]
        # Slash commands exist where several people write; in one's own chat every word is a command anyway.
        triggers = {"triggers": ["mention", "slash"]} if scope != "personal" else {}
        lists.append({**triggers, "scopes": [scope], "commands": shown})
    return {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": version,
        "id": app_id.lower(),
        "developer": {
            "name": "Rondo",
            "websiteUrl": f"{base}/about",
            "privacyUrl": f"{base}/about#privacy",
            "termsOfUseUrl": f"{base}/about#terms",
        },
        "name": {"short": "Rondo", "full": "Rondo: check-ins, goals and decisions"},
        "description": {"short": SHORT, "full": FULL},
        "localizationInfo": {
            "defaultLanguageTag": "en",
            "additionalLanguages": [{"languageTag": "ko", "file": KOREAN}],
        },
        "icons": {"color": COLOR, "outline": OUTLINE},
        "accentColor": ACCENT,
        "defaultInstallScope": "personal",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
        "bots": [
            {
                "botId": app_id.lower(),
                "scopes": [scope for scope, _ in LISTS],
                "supportsFiles": False,
                "isNotificationOnly": False,
                "supportsCalling": False,
                "supportsVideo": False,
                "supportsTargetedMessages": True,
                "commandLists": lists,
            }
        ],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [urlsplit(base).netloc],
        # Says whose app this is, no more: with it Graph lets the app install itself, and only itself, where that is allowed.
        "webApplicationInfo": {"id": app_id.lower(), "resource": f"api://{app_id.lower()}"},
    }


def korean() -> dict[str, str]:
    """The Korean words, by their places in the manifest."""
    words = {
        "$schema": SCHEMA.replace("MicrosoftTeams.schema", "MicrosoftTeams.Localization.schema"),
        "name.short": "Rondo",
        "name.full": "Rondo: 체크인, 목표, 의사결정",
        "description.short": SHORT_KO,
        "description.full": FULL_KO,
    }
    for number, (_, commands) in enumerate(LISTS):
        for place, (_, _, title, description) in enumerate(commands):
            name = f"bots[0].commandLists[{number}].commands[{place}]"
            words |= {f"{name}.title": title, f"{name}.description": description}
    return words


def package(*, app_id: str, base_url: str, version: str, color: bytes, outline: bytes) -> bytes:
    """The zip. `color`: PNG of 192 points, `outline`: of 32. Raises ValueError as `manifest` does."""
    files = {
        "manifest.json": _written(manifest(app_id=app_id, base_url=base_url, version=version)),
        KOREAN: _written(korean()),
        COLOR: color,
        OUTLINE: outline,
    }
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in files.items():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def _written(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
