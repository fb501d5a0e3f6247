"""Does what somebody wrote name a person? By e-mail, full or first name; in Korean also the given name, 님 and particles."""

import re

from bot.talk.text import fold_email

_HANGUL = re.compile(r"[가-힣]{3,4}")


def names_of(name: str) -> frozenset[str]:
    """All that a person of this name may be called, folded: the whole name, the first, the given one (`김하나`: `하나`)."""
    whole = fold_email(" ".join(name.split()))
    found = {whole, whole.split(" ")[0]} if whole else set()
    if _HANGUL.fullmatch(whole):
        found.add(whole[-2:])
    return frozenset(found)


def is_named(words: str, name: str, email: str) -> bool:
    """The words, all of them, name this person."""
    return named_at_start(words, name, email) == len(words.strip())


def named_at_start(words: str, name: str, email: str) -> int:
    """How many characters of the words name this person; 0: they do not begin with them."""
    text = words.strip()
    folded = "".join(c if len(c.casefold()) != 1 else c.casefold() for c in text)
    for called in sorted({*names_of(name), fold_email(email)}, key=len, reverse=True):
        if not called or not folded.startswith(called):
            continue
        rest = folded[len(called) :]
        end = re.match(r"(?:\s?님)?(?:과의|와의|이랑|하고|과|와|랑|의)?(?=\s|$)|'s(?=\s|$)", rest)
        if end is not None:
            return len(called) + end.end()
    return 0
