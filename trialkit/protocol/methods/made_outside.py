"""What a plan fixes of results that another program makes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeOutside:
    """Results that another program makes, and what of it the plan fixes."""

    program: str
    file: str
    """The file of the results, named from the trial's folder."""
    script: str = ""
    script_sha256: str = ""
    """Of the script as it was planned; blank where the plan does not fix it."""
