"""What the operator is told when the command cannot go on: what is wrong, and what to do."""


class Problem(Exception):
    """A fault the operator can mend; `remedy` is the sentence that says how."""

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  → {self.remedy}"
