"""Reads what follows `/rondo export` and `/rondo forget`."""

from bot.talk.intents.kinds_privacy import ExportMine, Forget

_FORGET = {"": "", "me": "", "나": "", "저": ""}
_FORGET |= dict.fromkeys(("confirm", "yes", "확인", "네"), "confirm")
_FORGET |= dict.fromkeys(("cancel", "no", "stop", "keep", "취소", "아니요"), "cancel")


def read_export(rest: str) -> ExportMine | None:
    """What follows `/rondo export`: nothing, or a page."""
    words = rest.casefold().removeprefix("page").removesuffix("쪽").strip(" .")
    if not words:
        return ExportMine()
    known = words.isascii() and words.isdigit() and len(words) < 7
    return ExportMine(page=int(words)) if known and int(words) else None


def read_forget(rest: str) -> Forget | None:
    """What follows `/rondo forget`: nothing, `confirm`, `cancel`."""
    step = _FORGET.get(rest.casefold().strip(" .!"))
    return Forget(step=step) if step is not None else None
