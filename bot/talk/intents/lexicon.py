"""The words of a report, in English and Korean: statuses, doubt, blockers, and the words that carry nothing.

Patterns are searched in lower-case text of the same length as the original (see `lower`), so that positions agree.
"""

import re

from bot.model import Status
from bot.talk.pattern import Pattern


def lower(text: str) -> str:
    """Lower case, character by character: the result has the length of the text."""
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text).replace("’", "'")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_QUOTED = Pattern(r"\"[^\"\n]{0,500}\"|“[^”\n]{0,500}”|「[^」\n]{0,500}」|`[^`\n]{0,500}`")


def hide_quotes(text: str) -> str:
    """The text with the inside of quotes replaced by blanks: what somebody quotes, they do not report."""
    return _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)


def quotes(text: str) -> str:
    """The quoted parts of a text, which may name a goal."""
    return " ".join(_QUOTED.findall(text))


# A status that stands for itself, wherever it is in a clause.
STATUS = Pattern(
    r"(?<![^\W_])(?:"
    r"(?P<on_track>on[-_ ]?track|on (?:schedule|plan|target|course)|as planned|going (?:very |really )?(?:well|great|fine))"
    r"|(?P<off_track>off[-_ ]?track|off (?:schedule|plan|target|course)|behind (?:schedule|plan)|derailed)"
    r"|(?P<at_risk>at[-_ ]?risk|risky|in danger)"
    r")(?![^\W_])"
    r"|(?P<ko_on_track>순조[가-힣]*|잘 ?(?:되|돼|진행|가고)[가-힣]*|계획대로"
    r"|정상 ?진행[가-힣]*|정상적[가-힣]*|양호[가-힣]*|원활[가-힣]*"
    r"|(?:아무 )?(?:문제|이상) ?없[가-힣]*|온트랙)"
    r"|(?P<ko_off_track>궤도 ?이탈[가-힣]*|이탈[가-힣]*|벗어[가-힣]*|뒤처[가-힣]*"
    r"|지연[가-힣]*|늦어지[가-힣]*|미달[가-힣]*|오프트랙)"
    r"|(?P<ko_at_risk>위험[가-힣]*|위태[가-힣]*)"
)

# A status only as the last word of a clause: `launch is fine`, but not `a fine team`.
LAST_WORD = {
    word: status
    for status, words in {
        Status.ON_TRACK: "fine good ok okay green great well 정상 정상입니다 정상이에요 괜찮아요 괜찮습니다 좋아요 좋습니다 초록",
        Status.AT_RISK: "yellow amber 주의 노랑",
        Status.OFF_TRACK: "red behind 빨강",
    }.items()
    for word in words.split()
}
ALONE = _words("green yellow amber red 초록 노랑 빨강 주의 정상")
"""The last words that are a status even without anything before them."""

_NO_HYPHEN = r"(?!-(?!(?:on|off|at|in)(?![^\W_]))\w)"
"""A hyphenated word is one word: `no` is none in `no-shows`, but still is in `not-on-track`."""

NEGATED_BEFORE = Pattern(
    r"(?<![^\W_])(?<!\w-)(?:not|no|never|none|nothing|neither|nor|hardly|barely|scarcely|without|cannot|unlikely|less"
    r"|far from|nobody|few"
    rf"|isnt|arent|dont|doesnt|cant|wont|aint)(?![^\W_]){_NO_HYPHEN}|n't(?![^\W_])|(?<!\S)(?:안|못|별로|전혀)(?!\S)"
)
NEGATED_AFTER = Pattern(
    r"(?<![^\W_])(?<!\w-)(?:not|no|nope|never|anymore|any more|any longer|except|apart from|besides|other than|excluding|minus)"
    rf"(?![^\W_]){_NO_HYPHEN}"
    r"|않|못|아니|아닌|아닙|없|빼고|제외"
)
HEDGED = Pattern(
    r"(?<![^\W_])(?:if|unless|would|could|might|may|maybe|perhaps|possibly|probably|hopefully|should|will|shall|was|were|until"
    r"|once|when|before|used to|want|wants|wanted|hope|hoping|need|needs|get|gets|getting|become|becoming|almost|nearly|assuming"
    r"|provided|supposed|wish|going to be|except|said|says|told|pretend|define|mean|means|what|how|whether)(?![^\W_])"
    r"|'ll(?![^\W_])|'d(?![^\W_])|아마|만약|혹시|수도|라면|다면|려면|으면|했었|빼고|제외"
)
CONDITION = Pattern(r"^(?:if|unless|once|when|assuming|provided|as soon as|only if|만약|혹시)(?![^\W_])|(?:으면|라면|다면|되면)$")
DENIAL = Pattern(r"^(?:no|nope|not|not really|not at all|not yet|just kidding|kidding|아니|아니요|아뇨|농담)[\s.!]*$")
QUESTION = Pattern(r"[?？][\s!?？)]*$|^(?:is|are|am|do|does|did|can|could|what|who|when|where|how|which|why)\s(?!on|at|off)")

EVERYTHING = Pattern(r"(?<![^\W_])(?:all|everything|both|every|each)(?![^\W_])|전부|모두|모든|전체|(?<!\S)다(?!\S)")

BLOCKED = Pattern(
    r"(?<![^\W_])(?:blocked|stuck|held up|waiting)(?![^\W_])(?!-\w)(?:\s+(?:by|on|for|because of|because|due to|at|with|until))?"
    r"(?![^\W_])[\s:]*"
    r"|(?<![^\W_])blockers?(?![^\W_])\s*(?:is|are|now)?(?![^\W_])[\s:]*"
    r"|(?:블로커|장애물)(?:는|은|가)?[\s:]*"
)
IS_BLOCKING = Pattern(r"\s(?:is|are|keeps?)\s(?:still\s)?blocking(?![^\W_])\s*")
BLOCKED_KOREAN = Pattern(r"막혔[가-힣]*|막혀[가-힣 ]*|막힘|막힌[가-힣]*|막히[가-힣]*|기다리(?:는|고)[가-힣 ]*|대기 ?중[가-힣]*")
UNBLOCKED = Pattern(
    r"(?:not|no|never|nothing|no longer|isn't|aren't|wasn't|without|any|don't have|n't|isnt|arent)"
    r"(?:\s(?:is|are|really|currently|being|any|more|a|longer|major|big|real|new))*\s*$"
)
UNBLOCKED_KOREAN = Pattern(r"없|지 ?않|해소|해결")
FREED = Pattern(r"unblocked|(?:nothing|no ?one|nobody)(?:'s| is)? blocking")
FREED_KOREAN = Pattern(  # said for sure: `아직 해결되지 않았어요` is none
    r"막히지 ?않|막(?:힌|힐|히는) ?(?:것|거|게|곳|데|일|부분)?[은이가도]? ?(?:이제 |더 |전혀 |하나도 )?없|막힘[은이도]? ?없"
    r"|(?:블로커|장애물|걸림돌)[은는이가도]? ?(?:이제 |더 이상 |더는 |전혀 |모두 |다 )?"
    r"(?:없|사라졌|사라짐|(?:해소|해결) ?(?:됐|되었|됨|했))"
    r"|막(?:힘|[혔힌혀][가-힣 ]{0,12})[이은]? ?(?:해소|해결) ?(?:됐|되었|됨|했|완료)"
)
FREED_SUBJECT = Pattern(r"(?:더 ?이상|더는|이제는?|이젠|지금은|아무것도|전혀)(?!\S)")
CAUSE_KOREAN = Pattern(r"\s*(?:때문에|에 의해|으로 인해|로 인해|에게|에서|으로|에|을|를|로)\s*$")

REASON = Pattern(
    r"(?<![^\W_])(?:because of|because|since|due to|왜냐하면)(?![^\W_])[\s:]*"
    r"|\s?(?:(?<!\d)[:：]|[:：](?!\d))\s*|\s[-–]\s|\s?—\s?|\s?\("
)
REASON_KOREAN = Pattern(r"\s*때문에\s*")

NUMBER = Pattern(
    r"(?<![\w.,/:-])(?:[+\-−–]\s?)?[$€£¥₩]?\s?[+\-−]?\d[\d.,]*(?:\s?/\s?\d[\d.,]*)?"
    r"(?:\s?(?:[%％]|percent|pct|퍼센트|프로(?![가-힣]))|\s?[k천만억](?![^\W\d_]))?(?P<unit>[^\W\d_]*)"
)
DATE = Pattern(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[./]\d{1,2}\.(?:\d{2,4})?|\d{1,2}:\d{1,2}(?!\d)|\d{1,2}월 ?\d{1,2}일")
PERCENT = frozenset({"%", "percent", "pct", "퍼센트"})
PERCENT_WORD = Pattern(r"\s?(?:percent|pct|퍼센트|프로)$")
NO_VALUE = Pattern(  # a change, a bound or a wish, not where the key result stands
    r"(?<![^\W_])(?<!\w-)(?:by|up|down|increased|decreased|grew|dropped|rose|fell|more|another|plus|minus|extra|under|over|above|below|least"
    r"|most|than|target|of)\s*$"
)
OUT_OF = Pattern(r"\s*(?:of|out of|/)\s*$")
UP_TO = Pattern(r"\s*(?:to|up to|down to|now|->|→|➜|=>)\s*$")
COPULA = Pattern(r"(?:입니다|이에요|예요|에요|까지|으로|로|요|임|야|이다|다|됨|이고|고|이며|며)$")

FILLERS = _words(
    "i i'm im we we're were's it it's its is are am be been being the a an my our your this that these those all everything both"
    " every each goal goals objective objectives okr okrs kr still now currently today week again looks look looking seems"
    " seem seeming going go doing do feel feels feeling think believe pretty very quite so far really just thanks thank you"
    " please hi hey hello rondo with for me us at to on of in and then here update updates status progress progressing report"
    " mark marked set as reached hit up down from out by or has have had done remains remain stays stay stands stand sits sit"
    " also too well yes yeah yep ok okay one them things stuff mine are's there there's already about around approximately"
    " back green fully totally completely 이번 이번주 주 주는 지금 현재 아직 여전히 상태 상태는 목표 목표는 목표가 제 내 저 "
    "우리 저희 진행 전부 모두 모든 전체 다 입니다 이에요 예요 에요 요 있어요 있습니다 있음 중 중입니다 중이에요 "
    "됩니다 돼요 해요 합니다 네 예"
    " 약 거의 정도 정말 아주 매우 잘 것 같아요 같습니다"
)
FILLER_STEMS = ("진행", "있", "이번")
"""Korean words that carry nothing whatever their ending."""

PLEASANT = _words(
    "hi hey hello hallo thanks thank thx ty you much very many so cheers ok okay k cool great nice perfect awesome good morning"
    " afternoon evening night yes yep yeah got it sure bye goodbye there rondo lot a welcome alright understood"
    " 안녕 안녕하세요 안녕하십니까 감사합니다 감사해요 고마워 고마워요 고맙습니다 네 넵 예 응 좋아요 좋습니다 "
    "알겠습니다 알겠어요 알았어요"
    " 수고하세요 수고하셨습니다 반가워요 반갑습니다 정말 론도 ㅇㅋ ㅎㅎ ㅋㅋ ㄱㅅ 오케이 땡큐 하이 굿"
)
_EMPTY_PLEASANTRIES = _words("you much very many so a lot it there good sure rondo 론도 정말")


def is_pleasantry(text: str) -> bool:
    """Thanks, hello, ok: nothing but such words, at most eight of them; or nothing but an emoji."""
    words = re.findall(r"[^\W_]+", lower(text))
    if not words:
        return bool(text.strip()) and all(not c.isascii() or c.isspace() or c in "!.:)(;-" for c in text) and len(text) <= 20
    return len(words) <= 8 and all(w in PLEASANT for w in words) and not all(w in _EMPTY_PLEASANTRIES for w in words)


def is_filler(token: str) -> bool:
    """The token says nothing about which goal is meant."""
    return token in FILLERS or token.startswith(FILLER_STEMS)
