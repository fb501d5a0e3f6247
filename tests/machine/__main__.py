"""`python -m tests.machine` writes docs/escalation.md."""

from tests.machine.page import PAGE, page

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE}: the states and steps of a request for a decision")
