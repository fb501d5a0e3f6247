"""The example company's words: names, goals, key results and notes in both languages, plain and under stress."""

from enum import StrEnum

HOSTILE = "<!channel> <@U1> *b* [x](http://e) &lt; \u202e 한글 العربية 👩‍👩‍👧‍👦"
LONG_TITLE, LONG_NAME = 1_000, 75


class Variant(StrEnum):
    """How ordinary the example data is."""

    PLAIN = "plain"
    LONG = "long"
    HOSTILE = "hostile"


_NAMES = {
    "boss": ("Boss Nguyen", "구보성"),
    "hana": ("Hana Kim", "김하나"),
    "dana": ("Dana Fox", "서다나"),
    "tom": ("Tom Berg", "박도윤"),
    "ivo": ("Ivo Marin", "강이보"),
    "max": ("Max Wolf", "이민재"),
    "mina": ("Mina Cho", "조미나"),
}
_WORDS = {
    "portal": ("Launch the new portal", "새 포털 출시"),
    "customers": ("Happier customers", "더 만족하는 고객"),
    "interviews": ("Understand why trials end", "체험이 끝나는 이유 알기"),
    "pages": ("Pages live", "공개된 페이지"),
    "nps": ("NPS", "추천 지수"),
    "talks": ("Interviews done", "진행한 인터뷰"),
    "legal": ("Legal review", "법무 검토"),
    "lawyers": ("Two lawyers for a week", "변호사 두 명을 일주일 동안"),
    "note": ("The texts are ready", "문구는 준비되었습니다"),
    "adjust": ("Publish in two steps", "두 단계로 나누어 공개"),
    "loss": ("The autumn campaign", "가을 캠페인"),
    "wins": ("First customers are live", "첫 고객이 사용을 시작했습니다"),
    "private": ("I could use some help", "도움이 조금 필요합니다"),
    "travel": ("travelling", "출장"),
    "concern": ("My private notes were read aloud", "제 비공개 메모가 회의에서 읽혔습니다"),
    "concern-answer": ("Thank you. Let us talk tomorrow at ten", "고맙습니다. 내일 열 시에 이야기해요"),
    "launch month": ("launch month", "출시하는 달"),
    "other": ("Goal number", "목표 번호"),
    "more": ("Key result number", "핵심 결과 번호"),
}


class Words:
    """One language's example data."""

    def __init__(self, locale: str, variant: Variant) -> None:
        self._column = 0 if locale == "en" else 1
        self.variant = variant

    def name(self, who: str) -> str:
        """A person's name."""
        return self._stressed(_NAMES[who][self._column], LONG_NAME)

    def title(self, what: str) -> str:
        """A goal's title."""
        return self._stressed(self.plain(what), LONG_TITLE)

    def text(self, what: str) -> str:
        """The words of a key result, a note, a reason."""
        return self._stressed(self.plain(what), 300)

    def plain(self, what: str) -> str:
        """Words that have to stay as they are, because somebody types them."""
        key, _, number = what.partition("#")
        return _WORDS[key][self._column] + (f" {number}" if number else "")

    def _stressed(self, words: str, longest: int) -> str:
        match self.variant:
            case Variant.PLAIN:
                return words
            case Variant.LONG:
                return (f"{words} " + "and so on " * longest)[:longest].strip()
            case Variant.HOSTILE:
                return f"{words} {HOSTILE}"[:longest]
