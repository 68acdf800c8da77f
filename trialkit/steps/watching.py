"""Who watches a run, told what is under way and what was reached."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from trialkit.steps.progress import Progress, silently
from trialkit.steps.stages import Analysed, Published, Validated


class Watcher:
    """Who watches a run: told what is under way and what was reached, and here saying nothing."""

    def working(self, what: str) -> AbstractContextManager[Progress]:  # noqa: ARG002 - shown by others
        """The time that a step takes; what it gives is called with each part of the step."""
        return nullcontext(silently)

    def has_validated(self, validated: Validated, written: list[Path]) -> None:
        """The data are checked, and the findings written unless ``written`` is empty."""

    def has_analysed(self, analysed: Analysed, written: list[Path]) -> None:
        """The plan is carried out, and the results written."""

    def has_published(self, published: Published, written: list[Path]) -> None:
        """The report is written."""


NOBODY = Watcher()
