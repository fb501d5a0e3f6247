"""`python -m tests.rulebook` writes docs/rules.md."""

from tests.rulebook.table import PAGE, page

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE}: every rule and threshold, in two languages")
