"""Forms that no sentence of Rondo's may have: blame, shame, pressure, ranking people, listing who is late.

Rondo asks what should be adjusted (PRODUCT.md, sections 2 and 5). Patterns for both languages are tried on every text:
a transcript may hold both. What people type themselves is theirs, and not looked at here.
"""

import re
from collections.abc import Mapping
from enum import StrEnum


class Form(StrEnum):
    """What is wrong with a sentence."""

    BLAME = "blame"
    SHAME = "shame"
    PRESSURE = "pressure"
    RANKING = "ranking"
    LATE_LIST = "late list"


_PEOPLE = r"(?:people|those|everybody|everyone|colleagues|employees|members)"

ENGLISH: Mapping[Form, tuple[str, ...]] = {
    Form.BLAME: (
        r"\bwhy (?:did|didn['’]?t|have|haven['’]?t|has|hasn['’]?t|are|aren['’]?t|were|weren['’]?t) (?:you|this|it|they)\b",
        r"\byou (?:missed|failed|forgot|neglected|ignored|let (?:\w+ )?down)",
        r"\byou (?:did not|didn['’]t) (?:\w+ )?(?:do|answer|update|deliver|finish|check in|reach|keep|manage)",
        r"\bfail(?:ed|ure|ing|s)? (?:to|of)\b|\bfailure\b|\bhas failed\b",
        r"\byour (?:fault|failure|mistake|negligence)\b|\bblam(?:e|ed|ing)\b|\bexcuses?\b|\bat fault\b",
        r"\bshould have (?:done|been|known|told|updated|answered)\b|\bstill (?:no|not)\b|\byet again\b|\boverdue by you\b",
        r"\bmissed (?:your|the|their|his|her) (?:target|goal|deadline|commitment)",
    ),
    Form.SHAME: (
        r"\bunderperform|\blow performers?\b|\bpoor(?:ly)?\b|\blazy\b|\bcareless|\bshame|\bdisappoint|\bunacceptable",
        r"\bembarrass|\bviolat|\breprimand|\bdelinquent|\boffenders?\b|\bculprits?\b|\bslackers?\b",
        r"\bweak(?:est)? (?:performer|link|employee)|\blate again\b|\bflagged red\b|\bin the red\b|\bred list\b",
        r"\byou(?:['’]re| are) (?:too )?(?:late|behind|overdue|slow)\b",
    ),
    Form.PRESSURE: (
        r"\byou (?:must|have to|should have|are required|need to)\b|\burgent(?:ly)?\b|\basap\b|\bimmediately\b|\bwarning\b",
        r"\bfinal (?:reminder|notice)\b|\blast chance\b|\bor else\b|\bconsequences\b|\bno excuse|!!",
    ),
    Form.RANKING: (
        r"\bworst\b|\bbottom (?:\d|performer|of the|half|third|quartile|ten|five|three)|\bleader ?boards?\b|\blast place\b",
        r"\brank(?:ed|ing|ings|s)?\b|\btop performers?\b|\bbest performers?\b|\bslowest\b|\bleast active\b",
        r"\bcompared (?:to|with) (?:your|other) (?:colleagues|peers|people|teams)",
        r"\b(?:behind|slower than|below) (?:your|the other) (?:colleagues|peers|people|team ?mates)",
    ),
    Form.LATE_LIST: (
        rf"\b{_PEOPLE} who (?:are|is|were|was) (?:late|behind|overdue)\b",
        rf"\b{_PEOPLE} who (?:have|has|did) not (?:yet )?(?:answer|check|repl|updat)",
        r"\bwho(?:['’]s| is) late|\blate list|\blist of late|\blatecomers\b|\bnon-?responders?\b|\blaggards?\b|\bdefaulters?\b",
        r"(?<![.\w])(?:late|overdue|missing|not answered|no answer yet):\s+(?=[^\W\d])",
    ),
}

KOREAN: Mapping[Form, tuple[str, ...]] = {
    Form.BLAME: (
        r"왜\s?(?:아직|안|못|이렇게|놓치|놓쳤|늦|하지 않)|어째서|아직도|또다시 (?:늦|놓)",
        r"실패(?:했|하셨|하였|한 것|하신|입니다)|불이행|누락하셨|잊으셨|놓치셨|소홀|게을리|잘못(?:하|했|입니다|이에요)",
        r"(?:안|못)\s?(?:하셨|했네|하시네|지키셨|지켰)|지키지 (?:않|못)|책임을|책임입니다|탓(?:이|입|에|으로)|변명|질책|추궁",
    ),
    Form.SHAME: (
        r"미달(?!성)|목표 미달성|부진|저조|저성과|미흡|(?<!상)태만|불성실|게으|한심|실망|부끄러|창피|무책임|역량 부족",
        r"성과가 (?:낮|나쁘|없)|(?:불량|문제) 직원|지각|늦으셨|늦었습니다|또 늦|뒤떨어|느립니다|굼뜨|적신호|빨간불",
        r"뒤처(?:지셨|지고 계|진 (?:사람|분|직원|팀))",
    ),
    Form.PRESSURE: (
        r"해야만|(?:하셔야|하여야|해야) 합니다|반드시|의무(?:입니다|적)|의무를|경고|독촉|즉시|위반|최후|마지막 기회",
        r"불이익|당장|빨리 (?:하|해|답)",
    ),
    Form.RANKING: (
        r"(?<!우선)순위|등수|꼴찌|꼴등|최하위|하위\s?(?:\d|권|그룹)|상위 성과자|일등|최악|성적표|랭킹",
        r"(?:다른 (?:사람|분|팀|동료)|남들|동료들?)(?:들)?보다",
    ),
    Form.LATE_LIST: (
        r"지연자|미제출자|미응답자|무응답자|미답변자|미참여자|(?:늦은|답하지 않은|안 낸) (?:사람|분)",
        r"(?:지연|미제출|미응답|미답변|늦음)\s?(?:명단|목록|:)",
    ),
}

_PATTERNS = {
    form: re.compile("|".join((*ENGLISH.get(form, ()), *KOREAN.get(form, ()))), re.IGNORECASE | re.MULTILINE) for form in Form
}
_SIGNS = re.compile("[🔴🟥❌⛔🚨😡😠🤬👎⚠‼❗🛑☠💢🙄]")
"""Red shaming in one character."""


def banned(words: str) -> list[str]:
    """Each banned form in a text, as `kind: what was found`; empty where there is none."""
    found = [f"{form}: {match[0]}" for form, pattern in _PATTERNS.items() for match in pattern.finditer(words)]
    return found + [f"{Form.SHAME}: {sign}" for sign in _SIGNS.findall(words)]
