"""What the rules of the lint look at, made by hand, and what they say of it."""

from collections.abc import Callable, Iterator
from datetime import date

from tests.report.factory import made_up_protocol
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.finding import LintSeverity
from trialkit.report.guidelines.statements import AuthorStatement
from trialkit.report.lint.evidence import Evidence, Notice
from trialkit.report.words.en.dates import TrialDates
from trialkit.results.conduct import UNKNOWN, Conduct
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result, Results
from trialkit.results.series import Series
from trialkit.results.size_check import SizeCheck

ERROR, WARNING, NOTE = LintSeverity.ERROR, LintSeverity.WARNING, LintSeverity.NOTE
UNDATED = TrialDates(
    first_screened=None, first_randomised=None, last_randomised=None, last_followed=None,
    start=None, end=None,
)  # fmt: skip


def evidence_on(
    protocol: Protocol | None = None,
    *rows: Result,
    series: tuple[Series, ...] = (),
    conduct: Conduct = UNKNOWN,
    statements: tuple[AuthorStatement, ...] = (),
    dates: TrialDates = UNDATED,
    mismatch: str = "",
) -> Evidence:
    results = Results(rows=rows, series=series, conduct=conduct)
    return Evidence(
        protocol=protocol or made_up_protocol(),
        results=results,
        index=ResultIndex(results),
        statements=statements,
        dates=dates,
        size=SizeCheck(mismatch=mismatch),
    )


def said_by(
    rule: Callable[[Evidence], Iterator[Notice]], evidence: Evidence
) -> list[tuple[LintSeverity, str]]:
    """How bad and what, of each notice of a rule."""
    return [(each.severity, each.found) for each in rule(evidence)]


def written(day: date) -> str:
    """A day as the report prints it."""
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    return "\N{NO-BREAK SPACE}".join([str(day.day), months[day.month - 1], str(day.year)])
