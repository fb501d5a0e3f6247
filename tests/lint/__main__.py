"""`python -m tests.lint` prints precision and recall of the goal lint, and its worst mistakes."""

from tests.lint.measure import labelled, report

if __name__ == "__main__":
    print("\n".join(report(labelled())))
