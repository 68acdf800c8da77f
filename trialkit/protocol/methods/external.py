"""An analysis that another program carries out, by a script of the trial's folder."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.made_outside import MadeOutside
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import MEASURES, Effect, Scale

_PLACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9][A-Za-z0-9_.-]*){0,5}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class External(Specification):
    """A method that trialkit does not have: its results are read from a file of the trial."""

    file: str
    """The CSV file of results, named from the trial's folder."""
    program: str
    """What carries it out, with its version, such as ``R 4.5.1, survival 3.8-3``."""
    description: str
    """What is done, in the author's words, as part of a sentence."""
    scale: Scale
    script: str = ""
    """The script, named from the trial's folder."""
    script_sha256: str = ""
    """The SHA-256 of the planned script: one that was changed since gives no results."""
    one_sided: bool = False

    SUPPOSES: ClassVar[Supposition] = Supposition.OUTSIDE
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset(
        {
            Summary.MEAN,
            Summary.PROPORTION,
            Summary.RATE,
            Summary.LEVELS,
            Summary.TIME,
            Summary.RECURRENCE,
        }
    )
    SCALES: ClassVar[Mapping[Summary, frozenset[Scale]]] = MappingProxyType(
        {
            Summary.MEAN: frozenset(
                {
                    Scale.DIFFERENCE,
                    Scale.RATIO,
                    Scale.HAZARD_RATIO,
                    Scale.RATE_RATIO,
                    Scale.PROBABILITY,
                }
            ),
            Summary.PROPORTION: frozenset(MEASURES),
            Summary.RATE: frozenset({Scale.RATE_RATIO, Scale.RATIO, Scale.DIFFERENCE}),
            Summary.LEVELS: frozenset(
                {
                    Scale.ODDS_RATIO,
                    Scale.PROBABILITY,
                    Scale.WIN_PROBABILITY,
                    Scale.WIN_ODDS,
                    Scale.WIN_RATIO,
                    Scale.NET_BENEFIT,
                }
            ),
            Summary.TIME: frozenset({Scale.HAZARD_RATIO}),
            Summary.RECURRENCE: frozenset(
                {Scale.RATE_RATIO, Scale.HAZARD_RATIO, Scale.RATIO, Scale.DIFFERENCE}
            ),
        }
    )

    def __post_init__(self) -> None:
        for key in ("file", "script"):
            named = getattr(self, key)
            if (named or key == "file") and not _PLACE.fullmatch(named):
                raise ProtocolError(
                    f"{key} must name a file of the trial's folder in plain letters, such as "
                    f"'external/cox.csv', got {named[:80]!r}"
                )
        if not self.file.lower().endswith(".csv"):
            raise ProtocolError(f"file must be a CSV file (.csv), got {self.file[:80]!r}")
        for key in ("program", "description"):
            if not getattr(self, key).strip():
                raise ProtocolError(f"{key} is blank; say what carries the analysis out, and how")
        if self.scale is Scale.STANDARDISED_DIFFERENCE:
            raise ProtocolError(
                "scale cannot be standardised_difference, for nothing says by what it was "
                "standardised; state the difference in the outcome's unit"
            )
        if self.script_sha256 and not self.script:
            raise ProtocolError("script_sha256 is of no script; name the script, too")
        if self.script_sha256 and not _SHA256.fullmatch(self.script_sha256):
            raise ProtocolError(
                "script_sha256 must be the 64 hexadecimal digits of a SHA-256, as "
                f"'sha256sum {self.script}' prints them, got {self.script_sha256[:80]!r}"
            )

    @property
    def made_outside(self) -> MadeOutside:
        """The program, its file of results and its script."""
        return MadeOutside(
            program=self.program,
            file=self.file,
            script=self.script,
            script_sha256=self.script_sha256,
        )

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """What the plan says that the program states; its limits and its p come from one place."""
        return Effect(scale=self.scale, one_sided=self.one_sided, agrees=False)
