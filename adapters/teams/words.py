"""The few lines that answer on the spot, where no decision speaks: often nobody knows whose language counts."""

from collections.abc import Mapping

_LINES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "unknown": "Rondo does not know you yet. Nothing was stored. Please ask HR to add you, then try again.",
        "elsewhere": "I answer in your own chat with me. Nothing there? Open Apps, look for Rondo, and add it.",
        "received": "Received. The answer is in this chat.",
        "form-closed": "There is nothing to fill in here now. Rondo's answer is in this chat.",
        "form-received": "This was received already. To change something, open the form again.",
        "not-understood": "This button belongs to an older card. Nothing was changed; please use a newer one.",
    },
    "ko": {
        "unknown": "Rondo가 아직 회원님을 모릅니다. 저장된 내용은 없습니다. 인사 담당자에게 등록을 요청한 뒤 다시 시도해 주세요.",
        "elsewhere": "답변은 저와의 개인 채팅으로 드립니다. 보이지 않으면 앱에서 Rondo를 찾아 추가해 주세요.",
        "received": "접수했습니다. 답변은 이 채팅에 있습니다.",
        "form-closed": "지금은 여기에서 입력할 내용이 없습니다. Rondo의 답변은 이 채팅에 있습니다.",
        "form-received": "이미 접수된 내용입니다. 수정하려면 양식을 다시 열어 주세요.",
        "not-understood": "이전 카드의 버튼입니다. 변경된 내용은 없으니 새 카드를 사용해 주세요.",
    },
}


def say(line: str, locale: str) -> str:
    """A line by its id, in Korean for Korean locales such as `ko-KR`, in English for all others."""
    return _LINES["ko" if locale.lower().startswith("ko") else "en"][line]
