"""Rules on the results: p values, effects, counts, harms (R04, R06, R07, R08, R09, R11)."""

from collections.abc import Iterator

from trialkit.protocol.methods.diagnostics import Check
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.people import Grouping
from trialkit.report.lint.evidence import MAIN, Evidence, Notice, error, note, warning
from trialkit.report.numbers.numbers import confidence, percent_points
from trialkit.report.words.en.sentences.harms import lacks_of_harms, without_form
from trialkit.report.words.en.wording import listing
from trialkit.results.effect import Scale
from trialkit.results.flow import ArmFlow
from trialkit.results.lookup import Shelf, Term, value
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

RELATIVE = frozenset({Scale.RISK_RATIO, Scale.ODDS_RATIO})
_INTERVAL = {Stat.CONF_LOW, Stat.CONF_HIGH}


def baseline_tests(evidence: Evidence) -> Iterator[Notice]:
    """R04: p values that compare arms before anything was done."""
    baseline = evidence.protocol.baseline.code
    names = sorted(
        {
            row.outcome or row.term
            for row in evidence.results.rows
            if row.stat_name is Stat.P_VALUE
            and (
                row.analysis_id == Shelf.BASELINE
                or (row.visit == baseline and row.scale is not None)
            )
        }
    )
    if names:
        yield warning(
            f"The results hold p values of differences at baseline ({listing(names)}).",
            "Leave them out: arms that were randomised differ by chance alone, and a p value asks "
            "whether they do.",
        )


def p_without_effect(evidence: Evidence) -> Iterator[Notice]:
    """R06: a p value of a comparison without the effect and its interval.

    A test of all arms at once has no effect of its own, and some tests of two have no limits: they ask
    for one analysis of the outcome that estimates the differences, and are no error beside it, the
    latter where they are neither primary nor secondary.
    """
    for analysis in evidence.protocol.plan.analyses:
        for code in analysis.outcomes:
            own = [
                row
                for row in evidence.results.rows
                if row.analysis_id == analysis.id and row.outcome == code and row.stat is not None
            ]
            bare = [
                row.term
                for row in own
                if row.stat_name is Stat.P_VALUE
                and row.scale is not None
                and not _has_interval(row, own)
            ]
            tested = any(_is_test(row) for row in own)
            if bare or (tested and not any(row.stat_name in _INTERVAL for row in own)):
                label = evidence.protocol.outcome(code).label
                excused = not bare or _has_no_limits(analysis, code, evidence)
                beside = _estimating(code, evidence) if excused else []
                if beside:
                    what = "without limits of an effect" if bare else "in all arms at once"
                    yield note(
                        f"{analysis.id} tests {label} {what}; how far they differ is "
                        f"estimated by {listing(beside)}.",
                        "Report the differences with their intervals wherever this p value stands.",
                        place=f"[[analyses]] {analysis.id}",
                    )
                    continue
                yield error(
                    f"{analysis.id} gives a p value for {label}"
                    f"{f' ({listing(list(dict.fromkeys(bare)))})' if bare else ''} without an "
                    "effect and its confidence interval.",
                    "Plan a method that estimates the difference in its place, or accept the finding with its "
                    "reason ([[accepted]]).",
                    place=f"[[analyses]] {analysis.id}",
                )


def _has_no_limits(analysis: Analysis, outcome: str, evidence: Evidence) -> bool:
    """Whether the method of an analysis beside the main ones gives an effect and never its limits."""
    effect = evidence.protocol.effect(analysis.id, evidence.protocol.outcome(outcome))
    return analysis.role.value not in MAIN and effect is not None and effect.interval is None


def _estimating(outcome: str, evidence: Evidence) -> list[str]:
    """The analyses that estimate the differences of the arms in an outcome, with their intervals."""
    limits = {
        row.analysis_id
        for row in evidence.results.rows
        if row.outcome == outcome
        and row.scale is not None
        and not row.arm
        and row.stat is not None
        and row.stat_name in _INTERVAL
    }
    return [each.id for each in evidence.protocol.plan.analyses if each.id in limits]


def _has_interval(test: Result, rows: list[Result]) -> bool:
    beside = {
        row.stat_name
        for row in rows
        if row.term == test.term and row.visit == test.visit and row.stat is not None
    }
    return beside >= {Stat.ESTIMATE} | _INTERVAL


def _is_test(row: Result) -> bool:
    """Whether a row compares arms, and tests neither an assumption nor a change within an arm."""
    checks = tuple(check.value for check in Check)
    return row.stat_name is Stat.P_VALUE and not row.arm and not row.term.startswith(checks)


def binary_without_both(evidence: Evidence) -> Iterator[Notice]:
    """R07: a binary outcome with an absolute or a relative effect, but not both."""
    for analysis, outcome in evidence.main_analyses():
        if not outcome.kind.is_proportion or evidence.lacking(analysis, outcome) is not None:
            continue
        if analysis.specification.READS_PERIODS:
            continue  # its table gives the risk under each treatment
        scales = {
            row.scale
            for row in evidence.results.rows
            if row.outcome == outcome.code
            and row.stat_name is Stat.ESTIMATE
            and row.scale is not None
            and not _is_within_levels(row, evidence)
            and row.role in {AnalysisRole.PRIMARY.value, AnalysisRole.SECONDARY.value}
        }
        missing = [
            words
            for words, there in (
                ("absolute effect (risk difference)", Scale.PERCENTAGE_POINTS in scales),
                ("relative effect (risk or odds ratio)", bool(scales & RELATIVE)),
            )
            if not there
        ]
        if missing:
            yield error(
                f"{outcome.label} is binary, and {analysis.id} gives no {' and no '.join(missing)}.",
                "Analyse it by risk_difference, which gives the risk difference, the risk ratio and "
                "the odds ratio.",
                place=f"[[analyses]] {analysis.id}",
            )


def _is_within_levels(row: Result, evidence: Evidence) -> bool:
    """Whether an effect is one of a subgroup, and not of all who are analysed."""
    effect = evidence.protocol.effect(row.analysis_id, evidence.protocol.outcome(row.outcome))
    return effect is None or not effect.is_headline


def flow_differs(evidence: Evidence) -> Iterator[Notice]:
    """R08: the boxes of the flow diagram against the data and the primary analysis.

    That they add up among themselves is made sure of when the flow is read.
    """
    for arm in evidence.flow.arms:
        yield from _arm_adds_up(arm, evidence)


def _arm_adds_up(arm: ArmFlow, evidence: Evidence) -> Iterator[Notice]:
    in_data = _in_populations(arm.arm, evidence)
    if in_data is not None and arm.allocated != in_data:
        yield error(
            f"{arm.label}: the flow diagram has {arm.allocated}, the data {in_data} randomised.",
            "Run the analysis again on the same data.",
        )
    for analysis in evidence.protocol.plan.analyses:
        if analysis.role is not AnalysisRole.PRIMARY:
            continue
        for code in analysis.outcomes[:1]:
            found = evidence.index.find(analysis.id, outcome=code, term=Term.VALUE, arm=arm.arm)
            analysed = value(found, Stat.N)
            if analysed is not None and analysed != arm.analysed and _is_allocated(evidence):
                yield error(
                    f"{arm.label}: the flow diagram has {arm.analysed} analysed, {analysis.id} "
                    f"{analysed}.",
                    "The diagram shows the first primary analysis; make its population the one "
                    "that the text names.",
                )
        return


def _in_populations(arm: str, evidence: Evidence) -> int | None:
    """How many of an arm a population holds or leaves out: everybody who was allocated to it."""
    for population in evidence.protocol.populations:
        if population.group_by is Grouping.ALLOCATED:
            found = evidence.index.find(Shelf.POPULATIONS, term=population.code, arm=arm)
            kept, left = value(found, Stat.N), value(found, Stat.N_EXCLUDED)
            return None if kept is None or left is None else int(kept + left)
    return None


def _is_allocated(evidence: Evidence) -> bool:
    """Whether the primary analysis counts people in the arm they were allocated to."""
    first = next(
        each for each in evidence.protocol.plan.analyses if each.role is AnalysisRole.PRIMARY
    )
    rule = evidence.protocol.population(first.population)
    return rule.group_by is Grouping.ALLOCATED


def numbers_analysed(evidence: Evidence) -> Iterator[Notice]:
    """R09: more analysed than randomised, or fewer without a reason."""
    allocated = {arm.arm: arm.allocated for arm in evidence.flow.arms}
    grouped = {each.code: each.group_by for each in evidence.protocol.populations}
    for analysis in evidence.protocol.plan.analyses:
        if grouped[analysis.population] is not Grouping.ALLOCATED:
            continue
        for code in analysis.outcomes:
            label = evidence.protocol.outcome(code).label
            for arm in evidence.protocol.arms:
                found = evidence.index.find(
                    analysis.id, outcome=code, term=Term.VALUE, arm=arm.code
                )
                n, of = value(found, Stat.N), allocated[arm.code]
                if n is None:
                    continue
                place = f"[[analyses]] {analysis.id}"
                if n > of:
                    yield error(
                        f"{analysis.id} analyses {n} in {arm.label} for {label}, but {of} were "
                        "randomised.",
                        "Look for participants who are counted twice or in another arm.",
                        place=place,
                    )
                elif n < of and not _is_explained(
                    analysis.id, code, arm.code, of - int(n), evidence
                ):
                    yield error(
                        f"{analysis.id} analyses {n} of {of} in {arm.label} for {label}, and no "
                        "reason is given for the others.",
                        "Give the reason as a missing code where the value is blank.",
                        place=place,
                    )


def _is_explained(analysis: str, outcome: str, arm: str, absent: int, evidence: Evidence) -> bool:
    found = evidence.index.find(
        analysis, outcome=outcome, term=Term.VALUE, arm=arm, having=Stat.N_EXCLUDED
    )
    row = found.get(Stat.N_EXCLUDED)
    return row is not None and row.stat == absent and bool(row.note)


def no_harms(evidence: Evidence) -> Iterator[Notice]:
    """R11: none occurred is not the same as none was looked for, nor as none can occur."""
    without = without_form(evidence.protocol, evidence.index)
    if len(without) == len(evidence.protocol.arms):
        yield error(
            "Harms were not collected: that none are reported does not mean that none occurred.",
            "Add an adverse-events form, or say under items 15 and 27 that harms were not looked "
            "for.",
        )
        return
    lacks = (
        lacks_of_harms(evidence.protocol, evidence.index) if Shelf.HARMS in evidence.index else ""
    )
    if lacks:
        yield warning(
            f"Of adverse events {lacks}. What nobody asked about is not none.",
            "Let the adverse-events form ask it of every arm, or say under items 15 and 27 that it "
            "was not looked for.",
        )
    level = confidence(evidence.protocol.plan.confidence_level)
    for arm in evidence.protocol.arms:
        found = evidence.index.find(Shelf.HARMS, term=Term.ANY_EVENT, arm=arm.code)
        if value(found, Stat.EVENTS) == 0 and Stat.CONF_HIGH in found:
            n, high = value(found, Stat.N), value(found, Stat.CONF_HIGH)
            yield note(
                f"Nobody in {arm.label} had an adverse event (0 of {n}); the risk may still be up "
                f"to {percent_points(high)}% (upper exact {level} limit).",
                "Print the limit beside the zero, and do not call the intervention safe.",
            )
