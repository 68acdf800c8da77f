"""What the exit codes mean of one command, and calls of it to copy."""

from collections.abc import Mapping
from dataclasses import dataclass

from trialkit.cli.exit_codes import ExitCode


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandEnds:
    """What the codes mean of one command, and examples of its calls without ``trialkit``."""

    fine: str
    findings: str = ""
    """Empty where the command never ends with 1."""
    cannot: str = "the trial, a file, the disk or the call does not allow it"
    examples: tuple[str, ...]

    @property
    def codes(self) -> Mapping[ExitCode, str]:
        """What each code means that the command may end with."""
        said = {
            ExitCode.FINE: self.fine,
            ExitCode.FINDINGS: self.findings,
            ExitCode.CANNOT: self.cannot,
            ExitCode.FAULT: "a fault of trialkit; please report it",
        }
        return {code: text for code, text in said.items() if text}
