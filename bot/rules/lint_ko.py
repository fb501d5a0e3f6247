"""The goal lint's Korean: the last predicate says what is done or what changes, so a text is read from its end.

The same sources and the same weights as `lint_en.py`; the doing words are the Sino-Korean nouns that 하기, 한다, 합니다
and 완료 follow. Tuned on half of tests/lint/labels.csv; docs/lint.md has the measured result.
"""

import re

from bot.rules.lint_signs import Family, Numbers, Signs
from bot.talk.pattern import Pattern

DOING = {
    Family.TEACH: "교육 훈련 코칭 강의 멘토링 연수 온보딩 가르치기",
    Family.MEET: "실시 진행 개최 참여 참가 참석 협의 논의 회의 미팅 운영 주최 추진 수행 발표 시연 방문 면담 간담회 워크숍 세미나"
    " 출장 열기",
    Family.PUBLISH: "발행 발간 작성 배포 게시 발송 공유 공개 제작 업로드 연재 기고 집필 문서화 보고 번역 안내 전파 글쓰기"
    " 보내기 알리기 나누기",
    Family.PROMOTE: "홍보 캠페인 프로모션 광고 마케팅",
    Family.BUILD: "출시 개발 구축 구현 도입 설계 론칭 런칭 오픈 적용 전환 이전 이관 마이그레이션 업데이트 개편 리뉴얼 고도화 설치"
    " 통합 신설 자동화 리팩터링 리팩토링 교체 연동 개설 생성 추가 변경 수정 만들기 만든다 만듭니다 고치기",
    Family.STUDY: "검토 분석 조사 연구 평가 점검 리서치 파악 감사 진단 인터뷰 벤치마킹 모니터링 테스트 검증 측정 수집 학습 스터디"
    " 탐색 확인 배우기 살펴보기 알아보기",
    Family.ARRANGE: "수립 정의 준비 정비 기획 계획 마련 정리 조율 매칭 선정 설정 표준화 체계화 구성 배정 제안 신청"
    " 제출 결정 정하기",
    Family.HIRE: "채용 영입 모집 충원 소싱 뽑기",
    Family.HELP: "지원 컨설팅 자문 상담 제공 조언 협력 협업 도움 기여 돕기 돕는다 돕습니다",
    Family.KEEP: "관리 유지보수 보장 준수 노력 지속 강화 대응 활성화 집중 힘쓰기",
    Family.FINISH: "완료 마무리 처리 이행 착수 시작 시도 종료 완성 해결 끝내기",
}
"""Doing words by the outcome form that fits them."""

CHANGE = (
    r"달성|증가|감소|단축|향상|개선|절감|확대|축소|상승|하락|유지|확보|돌파|획득|취득|증대|성장|제고|억제|최소화|최대화|극대화|감축|하향|"
    r"상향|방지|없애기|벗어나기|되기|넘기기|바꾸기|(?:높|낮|늘|줄)(?:이기|추기|리기|임|림|춤|인다|춘다|린다|입니다|춥니다|립니다)|올리기|내리기"
)
OBJECTS = {
    Family.TEACH: r"교육|훈련|코칭|강의|연수|온보딩|워크숍",
    Family.STUDY: r"인터뷰|설문|감사|리뷰|분석|조사|연구|실험|벤치마킹",
    Family.PROMOTE: r"캠페인|웨비나|광고|프로모션|홍보",
    Family.PUBLISH: r"글\b|기사|뉴스레터|문서|보고서|가이드|매뉴얼|영상|콘텐츠|사례집",
    Family.ARRANGE: r"프로세스|체계|전략|정책|제도|계획|로드맵",
    Family.HIRE: r"후보자|채용",
}
"""What is done tells more than a general verb does: "교육 3회 실시" is teaching."""
_GENERAL = frozenset({Family.MEET, Family.BUILD, Family.FINISH, Family.HELP, Family.KEEP})
OTHERS = r"체결|승인|응답|사용|이용|수락|추천|구매|갱신|이수|합격|선택|가입|방문자|재방문|유치|유입"
"""What somebody else does or decides."""

MEASURED = (
    r"(?:[가-힣]율|비율|률|비중|점수|평점|만족도|시간|기간|비용|매출|이익|수익|건수|응답 속도|속도|지연|가동|이탈|전환율|유지율|"
    r"재구매|장애|결함|오류|불량|사고|민원|사용자|고객 수|구독자|방문자|가입자|점유|추천 지수|NPS|MAU|DAU|WAU|ARR|MRR|CSAT|MTTR|"
    r"커버리지|의향|주기|유입|취약점|회원)"
)
DOINGS = (
    r"(?:교육|워크숍|세미나|회의|미팅|인터뷰|캠페인|글|뉴스레터|보고서|리뷰|시연|데모|행사|이벤트|발표|콘텐츠|영상|기사|웨비나|스터디|점검|출장)\s*"
    r"(?:횟수|건수|편수|개수|수)"
)
"""Counts of one's own doing."""

_STEMS = {stem: family for family, stems in DOING.items() for stem in stems.split()}
_ENDINGS = (
    r"(?:\s*(?:하기|하고자|한다|합니다|하겠습니다|할\s?예정|할\s?것|하자|해요|했음|했다|하였음|함|됨|된다|됩니다|되기|시키기|시킨다|"
    r"하는 것|"
    r"하도록\s?한다|할 수 있게 하기|하며|하고))?"
)
_LAST = Pattern(
    rf"(?P<stem>{'|'.join(sorted(_STEMS, key=len, reverse=True))})(?:을|를|도|까지)?"
    rf"(?:\s*(?:완료|실행|수행|추진|예정|마무리))?{_ENDINGS}\s*[.!。]*\s*$"
)
_CHANGED = Pattern(rf"(?P<stem>{CHANGE})(?:을|를)?(?:\s*(?:목표|지속))?{_ENDINGS}(?:\s*(?:한다|합니다|함))?\s*[.!。]*\s*$")
_NUMBER = r"\d[\d,.]*\s*(?:%|％|[가-힣A-Za-z]{1,3})?"
_SIGNS: tuple[tuple[int, Pattern], ...] = tuple(
    (weight, Pattern(pattern, re.IGNORECASE))
    for weight, pattern in (
        (-4, rf"{_NUMBER}\s*(?:→|->|=>|에서)\s*{_NUMBER}"),
        (-3, rf"{_NUMBER}\s*(?:이하|이상|이내|미만|초과|까지)(?:로|를|을)?"),
        (-3, rf"{_NUMBER}\s*[.]?$"),
        (-3, r"(?:장애|사고|민원|불량|결함|오류|이탈)[^,]*\s0\s?(?:건|명|회)"),
        (-4, rf"(?:{OTHERS})(?:한다|합니다|하기|함)?\s*(?:{_NUMBER})?\s*$"),
        (
            -4,
            rf"(?:{_NUMBER}|모든|전체|누구나|명 중)[^,]*(?:이|가|은|는)\s[^,]*(?:한다|합니다|쓴다|씁니다|느낀다|말한다|응답)\s*$",
        ),
        (-3, r"(?:비율|율|률)\s*(?:을|를|이)?\s*\d"),
        (-2, MEASURED),
        (-1, rf"{_NUMBER}"),
        (6, DOINGS),
        (3, r"지속적으로|꾸준히|적극(?:적으로)?|최선을|노력"),
    )
)
_DATES = Pattern(
    r"\d{4}-\d\d|\d{1,2}\s*월|[1-4]\s*분기|Q[1-4]|[1-4]Q|상반기|하반기|연말|월말|분기\s*말|올해|내년|연내|이번\s*(?:분기|달|주기|주)|"
    r"\d{4}\s*년|\d{1,2}[./]\d{1,2}[./]\d{2,4}|(?:월|화|수|목|금)요일까지",
    re.IGNORECASE,
)
_NUMBERS = Pattern(r"\d|(?:^|\s)(?:두|세|네|다섯|열)\s|절반|두 배|세 배|없이|없음|없애|제로|한 번|^(?:모든|전체|전원|누구나)\s")
_BASELINES = Pattern(rf"{_NUMBER}\s*(?:에서|→|->|=>)|현재|지금|기존|대비|오늘")
_LEVEL = Pattern(rf"{_NUMBER}\s*(?:까지|로|으로|이하|이상|이내|미만)|{_NUMBER}\s*(?:에서|→|->)")
_CHANGES = Pattern(
    rf"{_NUMBER}\s*(?:포인트|p)?\s*(?:증가|감소|단축|향상|개선|절감|확대|축소|상승|하락|증대|성장|감축|더|높|낮|늘|줄)",
    re.IGNORECASE,
)
_SOMEBODY = Pattern(
    r"고객|사용자|이용자|직원|구성원|동료|팀|입사자|파트너|협력사|개발자|관리자|리더|우리|회사|학생|환자|회원|소비자|독자|방문자|지원자|"
    r"후보자|가입자|부서|시민|주민|가족|부모|아이|판매자|구매자|담당자|엔지니어|디자이너|기획자|투자자|공급사|누구나|모두|사람|영업|인사|"
    r"재무|법무|운영자|점주|기사|운전자|상담사|교사|의사|간호사|분들|님"
)
_PARTICLE = Pattern(r"(?:을|를|에|의|에 대한|에 대해|관련|및|과|와|하고|에게|에서|으로|로)\s*$")


def weigh(text: str, numbers: Numbers) -> Signs:
    """Every sign in the text and its numbers, added up."""
    plain = re.sub(r"\s*\([^)]*\)", "", text).strip()
    score = sum(weight for weight, pattern in _SIGNS if pattern.search(plain))
    found, changed = _LAST.search(plain), _CHANGED.search(plain)
    word, family, thing = "", Family.FINISH, plain
    if found and not changed:
        word, family, thing = found["stem"], _STEMS[found["stem"]], plain[: found.start()]
        if family is Family.FINISH and (before := _LAST.search(thing.strip())):
            word, family, thing = before["stem"], _STEMS[before["stem"]], thing[: before.start()]
        score = max(score, -3) + 6
    elif changed:
        score -= 3 if has_number(plain) or numbers.target is not None else 1
    if counted := re.search(DOINGS, plain):
        word = word or counted.group()
    thing = _trimmed(thing) or plain
    return Signs(score=score + _of(numbers, bool(word)), word=word, family=_fitting(family, thing), thing=thing)


def _fitting(family: Family, thing: str) -> Family:
    """The form for a general verb is chosen by what it is done to."""
    if family in _GENERAL:
        for other, pattern in OBJECTS.items():
            if re.search(pattern, thing):
                return other
    return family


def doing(text: str) -> Signs | None:
    """The activity that the words alone name; None: none."""
    signs = weigh(text, Numbers())
    return signs if signs.score > 0 and signs.word else None


def names_somebody(why: str) -> bool:
    """The reason says who experiences the value."""
    return bool(_SOMEBODY.search(why))


def has_number(text: str) -> bool:
    """Digits, or a number in words."""
    return bool(_NUMBERS.search(text))


def has_baseline(text: str) -> bool:
    """The words say where it stands today."""
    return bool(_BASELINES.search(text))


def only_a_change(text: str) -> bool:
    """ "20 % 증가", and neither from where nor to where."""
    return bool(_CHANGES.search(text)) and not _LEVEL.search(text) and not has_baseline(text)


def has_date(text: str) -> bool:
    """A day, a month, a quarter, the end of something."""
    return bool(_DATES.search(text))


def _of(numbers: Numbers, does: bool) -> int:
    """What unit, start and target add."""
    score = 2 if numbers.unit.strip() in ("편", "회") else 0
    if numbers.unit.strip().lower() in ("ms", "초", "분", "시간", "일", "원", "점", "달러", "usd", "krw"):
        score -= 2
    if numbers.counts_doneness:
        score += 2
    if numbers.moves_a_level:
        score -= 1 if does else 3
    return score


def _trimmed(thing: str) -> str:
    """The part of a text that a suggestion can be built from: without the verb's particle, the last clause only."""
    cut = re.split(r"[;,]\s|(?:하여|해서|통해|위해|한 후|한 뒤)\s", thing.strip())[-1]
    cut = re.sub(r"(?:을|를)\s+\S+(?:에|에게|에서|으로)$", "", cut.strip())  # "앱을 한국에 (출시)"
    cut = re.sub(r"(?:을|를)(?=\s+(?:월|주|분기|연)?\s*\d+\S*$)", "", _PARTICLE.sub("", cut).strip(" ·-"))  # "교육을 3회"
    if re.fullmatch(r"\S+[한할된될]", cut):  # "진행한 (인터뷰)": nothing but what describes it
        return ""
    return cut if len(cut) <= 80 else f"{cut[:79].rstrip()}…"
