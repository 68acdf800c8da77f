"""Diagnostics of a planned model, as rows of the results; they never choose the test."""

from collections.abc import Iterator

from trialkit.analysis.diagnosing.diagnostics import Diagnostics
from trialkit.planned.task.stating import Statement
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_diagnostics(statement: Statement, diagnostics: Diagnostics) -> Iterator[Result]:
    """Term ``<check>`` or ``<check>: <place>``; a check without a number says so in its note."""
    for row in diagnostics.rows:
        term = f"{row.check.value}: {row.place}" if row.place else row.check.value
        about = statement.about(term=term, note="; ".join(filter(None, (row.method, row.note))))
        stated = {
            Stat.STATISTIC: row.statistic,
            Stat.DF_NUM: row.df_num,
            Stat.DF_DEN: row.df_den,
            Stat.P_VALUE: row.p_value,
        }
        if all(value is None for value in stated.values()):
            yield about.state(Stat.STATISTIC, None)
        yield from about.state_all(stated)
