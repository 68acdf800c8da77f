"""What a person sees of a run, step by step."""

from contextlib import AbstractContextManager
from pathlib import Path

from trialkit.cli.report_summaries import (
    show_anchor,
    show_gaps,
    show_lint,
    show_primary_result,
    show_unanswered,
)
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_counts, show_files, show_findings
from trialkit.design.sample_size.checking import check_sample_size
from trialkit.outputs.names import MANIFEST
from trialkit.steps.progress import Progress
from trialkit.steps.stages import Analysed, Published, Validated
from trialkit.steps.watching import Watcher


class OnScreen(Watcher):
    """Each step as it is reached; the files that were written at the end."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._written: list[Path] = []
        self._trial: Path | None = None

    def working(self, what: str) -> AbstractContextManager[Progress]:
        """A spinner with the step that is under way."""
        return self._screen.working(what)

    def has_validated(self, validated: Validated, written: list[Path]) -> None:
        """The findings, or their counts and how to see them."""
        self._written += written
        self._trial = validated.trial.folder
        warning = check_sample_size(validated.trial.protocol) or ""
        if written:
            show_findings(validated, written, self._screen, warning=warning)
        else:
            show_counts(validated, self._screen, warning=warning)

    def has_analysed(self, analysed: Analysed, written: list[Path]) -> None:
        """The primary result, and which analyses have none."""
        self._written += written
        show_primary_result(analysed, self._screen)
        show_unanswered(analysed, self._screen)

    def has_published(self, published: Published, written: list[Path]) -> None:
        """What is left to write for the author."""
        self._written += written
        show_gaps(published, self._screen)
        for notice in published.notices:
            self._screen.say(f"Notice: {notice}")
        show_lint(published, self._screen)

    def show_files(self) -> None:
        """Every file that was written, and what to keep of them where nobody can change it."""
        show_files(self._written, self._screen)
        for path in self._written:
            if path.name == MANIFEST:
                show_anchor(path, self._trial, self._screen)
