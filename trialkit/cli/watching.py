"""What a person sees of a run: what is under way, what is wrong, and a summary of six lines."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.memory import give_back_at_once
from trialkit.cli.report_summaries import (
    brief_result,
    brief_state,
    brief_unanswered,
    ended_by,
    show_anchor,
    show_errors,
    show_gaps,
    show_lint,
    show_primary_result,
    show_unanswered,
    tone_of_report,
)
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import (
    counts_of,
    show_counts,
    show_files,
    show_findings,
    show_set_aside,
    show_warnings,
    tone_of,
)
from trialkit.cli.tone import Tone
from trialkit.design.sample_size.checking import check_sample_size
from trialkit.outputs.names import MANIFEST, MANUSCRIPT, REPORT, RESULTS
from trialkit.steps.progress import Progress
from trialkit.steps.stages import Analysed, Published, Validated
from trialkit.steps.watching import Watcher

_MANY = 100_000
"""Rows from which on the memory of each step is given back before the next."""


class OnScreen(Watcher):
    """What is wrong as soon as it is known, and a summary at the end; all of it if ``verbose``."""

    def __init__(self, screen: Screen, *, verbose: bool = False) -> None:
        self._screen = screen
        self._verbose = verbose
        self._written: list[Path] = []
        self._is_named = False
        """Whether the trial was named already, which the summary does otherwise."""

    def working(self, what: str) -> AbstractContextManager[Progress]:
        """A spinner with the step that is under way."""
        return self._screen.working(what)

    def has_validated(self, validated: Validated, written: list[Path]) -> None:
        """The findings where there are hard ones, which may end the run, or where all is told."""
        self._written += written
        if sum(len(data.lines) for data in validated.snapshot.forms.values()) > _MANY:
            give_back_at_once()
        warning = check_sample_size(validated.trial.protocol) or ""
        if not (validated.findings.hard or self._verbose):
            show_warnings(validated, self._screen, warning=warning)
            return
        self._is_named = True
        if written:
            show_findings(validated, written, self._screen, warning=warning)
        else:
            show_counts(validated, self._screen, warning=warning)

    def has_analysed(self, analysed: Analysed, written: list[Path]) -> None:
        """The primary results in full, and each analysis that has none, where all is told."""
        self._written += written
        if self._verbose:
            show_primary_result(analysed, self._screen)
            show_unanswered(analysed, self._screen)

    def has_published(self, published: Published, written: list[Path]) -> None:
        """What an author has to deal with: the errors of the lint, or all of it."""
        self._written += written
        self.say_notices(published.notices)
        if self._verbose:
            show_gaps(published, self._screen)
            show_lint(published, self._screen)
        else:
            show_errors(published, self._screen)

    def say_notices(self, notices: Iterable[str]) -> None:
        """What whoever asked for documents should know of them."""
        for notice in notices:
            self._screen.say(f"Notice: {notice}", Tone.WARNING)

    def sum_up(self, analysed: Analysed, published: Published | None = None) -> None:
        """What came of it, in at most six lines, and which file to open."""
        if self._verbose:
            show_files(self._written, self._screen)
        else:
            self._say_what_came_of_it(analysed, published)
        validated = analysed.validated
        for path in self._written:
            if path.name == MANIFEST:
                show_anchor(path, validated.trial.folder, self._screen)
        written = {path.name: path for path in self._written}
        first = next(written[each] for each in (MANUSCRIPT, *REPORT, *RESULTS) if each in written)
        show_set_aside(validated, first.parent, self._screen)
        self._screen.say_as_it_is(f"Open {first}", Tone.GOOD)

    def _say_what_came_of_it(self, analysed: Analysed, published: Published | None) -> None:
        validated, screen = analysed.validated, self._screen
        trial = validated.trial.protocol.trial
        if not self._is_named:
            title = f"{trial.name} ({trial.synthetic})" if trial.synthetic else trial.name
            screen.say(title, Tone.HEAD)
        state = "" if published is None else f" {brief_state(published)}"
        grave = [tone_of(validated), *([] if published is None else [tone_of_report(published)])]
        order = (Tone.ERROR, Tone.WARNING, Tone.PLAIN, Tone.GOOD)
        screen.say(counts_of(validated) + state, min(grave, key=order.index))
        if result := brief_result(analysed):
            screen.say(result)
        if unanswered := brief_unanswered(analysed):
            missed = ended_by(analysed) is ExitCode.CANNOT
            screen.say(unanswered, Tone.ERROR if missed else Tone.WARNING)
