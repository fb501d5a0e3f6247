"""`GET /about`: one plain page about this Rondo, which the app's entry in Teams links to. No script, no data, no cookies."""

import html
from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Response

_WORDS: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "en": (
        (
            "what",
            "Rondo",
            "Rondo asks people once a week how their goals are doing, keeps the goals up to date, and brings "
            "decisions to those "
            "who can make them. {company} runs it on a server of its own.",
        ),
        (
            "privacy",
            "What is stored, and who reads it",
            "Rondo stores names, e-mails, teams, working times and goals as HR keeps them, and what people answer "
            "in check-ins. "
            "It reads no other conversation. People see all of their own; managers see how goals stand; HR sees settings and "
            "totals of at least five people. It is never used for appraisal scores or rankings. To see what is "
            "stored about you, "
            "write “rondo privacy” to Rondo; to object, write “rondo concern” and what concerns you, or talk to HR.",
        ),
        (
            "terms",
            "Terms of use",
            "Rondo is an internal tool of {company}, for the people who work there, under the rules that hold for its other "
            "tools. Questions go to its HR or IT department.",
        ),
    ),
    "ko": (
        (
            "what",
            "Rondo",
            "Rondo는 매주 한 번 목표가 어떻게 진행되고 있는지 묻고, 목표를 최신 상태로 유지하며, 결정이 필요할 때 "
            "결정할 수 있는 분에게 "
            "알립니다. {company}에서 자체 서버로 직접 운영합니다.",
        ),
        (
            "privacy",
            "저장하는 내용과 볼 수 있는 사람",
            "인사 담당자가 관리하는 이름, 이메일, 팀, 근무 시간, 목표와 체크인에 적은 답변을 저장합니다. 다른 대화는 읽지 "
            "않습니다. 본인은 자신의 내용을 "
            "모두 볼 수 있고, 관리자는 목표의 상태를, 인사 담당자는 설정과 다섯 명 이상의 합계를 봅니다. 평가 점수나 "
            "순위에는 절대 쓰지 않습니다. 저장된 "
            "내용은 Rondo에게 “론도 개인정보”라고 보내면 볼 수 있고, 우려되는 점은 “론도 우려”와 함께 적어 "
            "보내거나 인사 담당자에게 말씀해 주세요.",
        ),
        (
            "terms",
            "이용 조건",
            "Rondo는 {company}에서 일하는 분들을 위한 사내 도구이며, 회사의 다른 도구와 같은 규칙을 따릅니다. "
            "문의는 인사 부서나 IT 부서로 해 주세요.",
        ),
    ),
}
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, max-age=3600",
}
_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.6 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}"
    "h1,h2{line-height:1.25}section+section{margin-top:3rem}"
)


def about_router(company: str) -> APIRouter:
    """The page, in English and Korean; the English part has the anchors `privacy` and `terms`."""
    router = APIRouter()
    page = _page(company).encode()

    @router.get("/about", include_in_schema=False)
    async def about() -> Response:
        return Response(page, media_type="text/html; charset=utf-8", headers=dict(_HEADERS))

    return router


def _page(company: str) -> str:
    parts = []
    for locale, paragraphs in _WORDS.items():
        parts.append(f'<section lang="{locale}">')
        for number, (name, title, words) in enumerate(paragraphs):
            heading, anchor = "h2" if number else "h1", name if locale == "en" else f"{name}-{locale}"
            said = html.escape(words.format(company=company))
            parts.append(f'<{heading} id="{anchor}">{html.escape(title)}</{heading}><p>{said}</p>')
        parts.append("</section>")
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Rondo</title><style>{_STYLE}</style><main>{''.join(parts)}</main></html>"
    )
