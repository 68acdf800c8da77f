"""The reports of three trials, written once by the whole line, and the key to each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE, THREE_ARMS
from tests.report.printed.expected import expected_tables
from tests.report.printed.key import Key
from tests.report.printed.reading import READERS, PdfPage, Printed, pages_of_pdf
from tests.report.printed.rich import write_rich_trial
from tests.report.printed.trial import Told
from trialkit.pipeline import run_trial
from trialkit.report.writers.editions import Edition

DRAFTS = {"rich"}

TOLD = {
    "example_trial": Told(
        effect="Difference",
        outcomes_notes=(
            (
                "Means and standard deviations are of participants with data (intention to treat "
                "population); the analyses use those counted as analysed."
            ),
            (
                "Difference: experimental minus reference arm; difference in mean change from baseline "
                "(mixed analysis of variance)."
            ),
            (
                "Hedges' g is the difference in the unit of the pooled standard deviation of the "
                "change, corrected for small samples."
            ),
            (
                "Adjusted p: Holm's method, the eight secondary outcomes; a dash: not adjusted. "
                "Intervals are not adjusted."
            ),
        ),
        additional={
            "primary_ancova": "Analysis of covariance, final value",
            "primary_welch": "Welch's t test of the change",
            "secondary_ancova": "Analysis of covariance, final value",
            "primary_per_protocol": "Mixed analysis of variance",
        },
        adjusted_means={
            "primary_ancova": "analysis of covariance, final value",
            "secondary_ancova": "analysis of covariance, final value",
        },
        one_sided={},
    ),
    "three_arms": Told(
        effect="Difference",
        outcomes_notes=(
            (
                "Means and standard deviations are of participants with data (intention to treat "
                "population); the analyses use those counted as analysed."
            ),
            (
                "Difference: experimental minus reference arm; difference in mean change from baseline "
                "(mixed analysis of variance); difference in mean change from baseline (Welch's t "
                "test)."
            ),
            (
                "Hedges' g is the difference in the unit of the pooled standard deviation of the "
                "change, corrected for small samples."
            ),
            (
                "Adjusted p: Holm's method, secondary outcomes, both contrasts; a dash: not "
                "adjusted. Intervals are not adjusted."
            ),
        ),
        proportions_notes=(
            "Risks compared: experimental against reference arm.",
            (
                "Risk difference with Newcombe's hybrid score interval; risk ratio with Katz's "
                "interval; odds ratio with Woolf's interval; p from Fisher's exact test, which is of "
                "another kind than these intervals: the one may reject no effect where the other "
                "does not."
            ),
            (
                "Adjusted p: Holm's method, secondary outcomes, both contrasts. Intervals are not "
                "adjusted."
            ),
        ),
        additional={
            "function_ancova": "Analysis of covariance, final value",
            "function_per_protocol": "Analysis of covariance, change",
            "walk_final": "Student's t test of the final value",
        },
        adjusted_means={
            "function_ancova": "analysis of covariance, final value",
            "function_per_protocol": "analysis of covariance, change",
        },
        one_sided={},
    ),
    "rich": Told(
        effect="Effect",
        outcomes_notes=(
            (
                "Means and standard deviations are of participants with data (intention to treat "
                "population); the analyses use those counted as analysed."
            ),
            (
                "What is printed of the arms is as observed; effects of a model are of its own means, "
                "which stand in the table of adjusted means."
            ),
            (
                "Effect: experimental minus reference arm; of a ratio, experimental over reference "
                "arm; adjusted ratio of geometric means (analysis of covariance of logarithms); "
                "adjusted difference (mixed model for repeated measures); adjusted difference "
                "(analysis of covariance)."
            ),
            (
                "Simultaneous intervals of Six-minute walk: Tukey and Kramer's, 6 comparisons "
                "together."
            ),
            "Adjusted p of Six-minute walk: after Tukey and Kramer, as the intervals.",
            (
                "Adjusted p: Hochberg's method, walk and rating; a dash: not adjusted. Intervals are "
                "not adjusted."
            ),
        ),
        proportions_notes=(
            "Risks compared: experimental against reference arm.",
            (
                "Risk difference with Wald's interval; risk ratio with Katz's interval; odds ratio "
                "with Woolf's interval; p from the chi-squared test, which is of another kind than "
                "these intervals: the one may reject no effect where the other does not."
            ),
            (
                "Responders: improved by the minimal important change or more (without a value: "
                "counted as not improved). Risk difference, risk ratio and odds ratio with Miettinen "
                "and Nurminen's score interval; p from the N − 1 chi-squared test."
            ),
            (
                "Adjusted p: Hochberg's method, walk and rating; a dash: not adjusted. Intervals are "
                "not adjusted."
            ),
        ),
        additional={
            "function_sexes": "Subgroups by sex",
            "function_ages": "Subgroups by age, years",
            "function_margin": "Non-inferiority, margin 6",
            "function_resampled": "Bootstrap, difference in means",
            "function_visits": "Mixed analysis of variance",
            "rating_strata": "Cochran-Mantel-Haenszel analysis",
            "walk_ranks": "Exact Mann-Whitney test of the final value",
        },
        additional_notes=(
            (
                "Effects of single subgroups are not tested; the test of the interaction says whether "
                "they differ."
            ),
            "A cut point belongs to the level above it.",
            "P values of comparisons with a margin are one-sided, against the margin.",
        ),
        levels={
            "function_sexes": ("Female", "Male"),
            "function_ages": ("< 53 years", "53 to < 64.5 years", "≥ 64.5 years"),
        },
        adjusted_means={
            "primary": "mixed model for repeated measures, change",
            "walk_ratio": "geometric means, analysis of covariance, final value",
            "walk_tied": "analysis of covariance, change",
        },
        ratios=frozenset({"walk_ratio"}),
        simultaneous=frozenset({"walk_tied"}),
        one_sided={"function_margin": "95% CI"},
    ),
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """A trial, the files that the whole line wrote of it, and the key to its numbers."""

    name: str
    trial: Path
    output: Path

    @cached_property
    def key(self) -> Key:
        return Key(self.trial, self.output)

    @cached_property
    def expected(self) -> list[Printed]:
        return expected_tables(self.key, TOLD[self.name])

    @cached_property
    def tables(self) -> dict[str, list[Printed]]:
        """The tables of each file, read back."""
        return {name: read(self.output / name) for name, read in READERS.items()}

    @property
    def draft(self) -> bool:
        return self.name in DRAFTS

    @property
    def synthetic(self) -> str:
        return self.key.protocol["trial"]["synthetic"]

    @cached_property
    def pages(self) -> list[PdfPage]:
        """The PDF's pages: their size, their text, and where its pieces begin."""
        return pages_of_pdf(self.output / "report.pdf")

    @property
    def drawings(self) -> list[Path]:
        """Every drawing of the report."""
        return [self.output / "flow.svg", *sorted((self.output / "figures").glob("*.svg"))]

    def text(self, name: str) -> str:
        return (self.output / name).read_text("utf-8")


def _write(name: str, folder: Path) -> Written:
    trial = THREE_ARMS if name == "three_arms" else write_rich_trial(folder / "trial")
    run_trial(trial, out=folder / "output", edition=Edition(draft=name in DRAFTS))
    return Written(name=name, trial=trial, output=folder / "output")


@pytest.fixture(scope="session")
def reports(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[[str], Written]:
    """A report by its trial. A fixture with parameters would write it again at every turn."""

    def write(name: str) -> Written:
        if name == "example_trial":
            output = request.getfixturevalue("run_of_example")
            return Written(name=name, trial=EXAMPLE, output=output)
        return _write(name, tmp_path_factory.mktemp(name))

    return cache(write)


@pytest.fixture(
    params=[
        pytest.param(name, marks=() if name == "rich" else pytest.mark.further) for name in TOLD
    ]
)
def written(request: pytest.FixtureRequest, reports: Callable[[str], Written]) -> Written:
    """Each trial and its report: at once the one that has the most in it."""
    return reports(request.param)
