"""What people write about what is stored of them, in English and Korean."""

from datetime import date

import pytest

from bot.talk.intents import Concern, ExportMine, Forget, Intent, Malformed, Privacy, understand


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/rondo privacy", Privacy()),
        ("개인정보", Privacy()),
        ("/rondo export", ExportMine()),
        ("/rondo export 3", ExportMine(page=3)),
        ("론도 내보내기 2쪽", ExportMine(page=2)),
        ("/rondo export 0", Malformed(command="/rondo", nearest="/rondo export")),
        ("/rondo forget", Forget()),
        ("/rondo forget me", Forget()),
        ("/rondo forget confirm", Forget(step="confirm")),
        ("/rondo forget cancel", Forget(step="cancel")),
        ("론도 삭제 확인", Forget(step="confirm")),
        ("/rondo forget Dana", Malformed(command="/rondo", nearest="/rondo forget")),
        ("/rondo concern My notes are read", Concern(words="My notes are read")),
        ("론도 우려: 제 메모가 읽혀요", Concern(words="제 메모가 읽혀요")),
        ("/rondo concern", Concern()),
        ("privacy", Privacy()),
    ],
)
def test_words_about_ones_own_data_are_understood(text: str, meant: Intent) -> None:
    assert understand(text, goals=(), today=date(2026, 11, 23)) == meant
