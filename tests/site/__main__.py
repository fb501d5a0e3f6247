"""`python -m tests.site` writes docs/cli.md."""

from tests.site.commandline import PAGE, page

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE}: every command of rondo")
