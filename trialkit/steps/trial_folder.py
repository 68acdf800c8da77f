"""A trial's folder in a notebook: each stage of the line is made when it is first asked for."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from trialkit.checks.findings.findings import Findings
from trialkit.datasets.model import Datasets
from trialkit.errors import TrialStep
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.results import Results
from trialkit.steps.analysing import analyse, datasets_of
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial, Validated
from trialkit.steps.validating import validate


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class TrialFolder:
    """A trial as its folder holds it; nothing is written, and what was read once is kept.

    ``protocol``, ``findings``, ``datasets`` and ``results`` are the nouns of the line. Datasets and
    results raise :class:`FindingsError` where there are hard findings, unless ``allow_hard``.
    """

    folder: Path
    cut: date | None
    today: date | None
    allow_hard: bool

    def __repr__(self) -> str:
        return f"trialkit.open({str(self.folder)!r})"

    @property
    def protocol(self) -> Protocol:
        """What was planned."""
        return self._opened.protocol

    @property
    def findings(self) -> Findings:
        """What is wrong with the data; ``to_frame()`` is a table."""
        return self._validated.findings

    def check(self) -> Findings:
        """What is wrong with the data as they stand now, read anew; all else stays as it was read."""
        now = open_folder(self.folder, cut=self.cut, today=self.today, allow_hard=self.allow_hard)
        return now.findings

    @cached_property
    def datasets(self) -> Datasets:
        """The analysis datasets, without the plan being carried out."""
        return datasets_of(self._validated, allow_hard=self.allow_hard)

    @cached_property
    def results(self) -> Results:
        """The plan carried out; ``to_frame()`` is a table, a row a statistic."""
        return analyse(self._validated, allow_hard=self.allow_hard).results

    @cached_property
    def _opened(self) -> OpenedTrial:
        return open_trial(self.folder, step=TrialStep.ANALYSE)

    @cached_property
    def _validated(self) -> Validated:
        return validate(self._opened, cut=self.cut, today=self.today)


def open_folder(
    folder: str | Path,
    *,
    cut: date | None = None,
    today: date | None = None,
    allow_hard: bool = False,
) -> TrialFolder:
    """The trial in ``folder``, as ``trialkit.open``.

    ``cut`` is the last day of the data that count: the protocol's where it is not given, else
    ``today``. Without any of these nothing is still to come, and what is not there is missing. Raises
    :class:`ProtocolError` where there is no trial that can be analysed; data are read when they are
    first asked for.
    """
    trial = TrialFolder(folder=Path(folder), cut=cut, today=today, allow_hard=allow_hard)
    _ = trial.protocol
    return trial
