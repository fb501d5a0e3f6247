"""`python -m tests.gallery` writes docs/gallery.md."""

from pathlib import Path

from tests.gallery.build import gallery
from tests.gallery.markdown import page

PAGE = Path(__file__).parents[2] / "docs" / "gallery.md"

if __name__ == "__main__":
    PAGE.write_text(page(gallery("en").entries, gallery("ko").entries), encoding="utf-8")
    print(f"{PAGE}: {len(gallery('en').entries)} entries in two languages")
