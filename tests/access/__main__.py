"""`python -m tests.access` writes docs/access.md."""

from tests.access.page import PAGE, page

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE}: every role, relation and act")
