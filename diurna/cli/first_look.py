"""What `diurna serve` shows once, after it has built the demonstration."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FirstLook:
    """What is shown once, when the demonstration was built: five links and a way in."""

    article: str
    changes: str
    points: str
    desk: str
    queue: str
    email: str
    password: str

    def lines(self) -> list[str]:
        """The lines to print."""
        return [
            "",
            f"  An article   {self.article}",
            f"  Its history  {self.changes}",
            f"  Its points   {self.points}",
            f"  The desk     {self.desk}",
            f"  The queue    {self.queue}",
            "",
            f"  Sign in at the desk as {self.email} with the password {self.password}",
            "  (shown this once; `diurna demo --force` builds everything anew).",
            "",
        ]
