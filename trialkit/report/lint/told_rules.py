"""What is promised is shown, and what is shown is told (R27): methods text against what is printed."""

from collections.abc import Iterator

from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.report.lint.evidence import Evidence, Notice, error, warning
from trialkit.report.words.en.sentences.checks import CHECKS
from trialkit.report.words.en.sentences.told import STATISTICS, needs_naming
from trialkit.report.words.en.wording import listing, lowered
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def promised_and_not_shown(evidence: Evidence) -> Iterator[Notice]:
    """R27: an analysis with a result, or adjusted p values, that nothing in the report prints."""
    if evidence.printed is None:
        return
    for analysis in evidence.protocol.plan.analyses:
        unseen = [
            outcome.label
            for outcome in map(evidence.protocol.outcome, analysis.outcomes)
            if _is_unseen(analysis, outcome, evidence, evidence.printed)
        ]
        if unseen:
            yield error(
                f"The methods describe {analysis.id}, and no table, figure or sentence shows its "
                f"result for {listing(unseen)}.",
                "Report the result, or take the analysis out of the plan with a reason.",
                place=f"[[analyses]] {analysis.id}",
            )
    yield from _adjustments_not_shown(evidence, evidence.printed)


def _is_unseen(
    analysis: Analysis, outcome: Outcome, evidence: Evidence, printed: frozenset[str]
) -> bool:
    """Whether an analysis has numbers of an outcome, and none of its rows is printed."""
    own = [
        row
        for row in evidence.results.rows
        if row.analysis_id == analysis.id and row.outcome == outcome.code
    ]
    has_result = any(
        row.stat is not None and row.stat_name in {Stat.ESTIMATE, Stat.P_VALUE} for row in own
    )
    return has_result and not any(row.result_id in printed for row in own)


def _adjustments_not_shown(evidence: Evidence, printed: frozenset[str]) -> Iterator[Notice]:
    for family in evidence.protocol.plan.families:
        own = [
            row
            for row in evidence.results.rows
            if row.family == family.code
            and row.stat_name is Stat.P_ADJUSTED
            and row.stat is not None
        ]
        if own and not any(row.result_id in printed for row in own):
            yield error(
                f"The methods say that p values of {lowered(family.label)} are adjusted, and no "
                "adjusted p value is shown.",
                "Report them, or leave the adjustment out of the plan with a reason.",
                place="[[families]]",
            )


def shown_and_not_told(evidence: Evidence) -> Iterator[Notice]:
    """R27: a statistic, a measure or a check is printed that the methods text does not name."""
    untold: dict[str, dict[str, None]] = {}
    printed = evidence.printed or frozenset()
    for row in evidence.results.rows:
        name = needs_naming(row) if row.result_id in printed else ""
        if name and (row.analysis_id, name) not in evidence.told:
            untold.setdefault(row.analysis_id, {})[_in_words(name, row)] = None
    for analysis_id, names in untold.items():
        yield warning(
            f"The report shows {listing(list(names))} of {analysis_id}, which the methods do not name.",
            "Name them under item 21a, or leave them out.",
            place="statements/21a.md",
        )


def _in_words(name: str, row: Result) -> str:
    checks = {each.value: words for each, words in CHECKS.items()}
    if name in checks:
        return lowered(checks[name])
    return STATISTICS.get(row.stat_name, name.replace("_", " "))
