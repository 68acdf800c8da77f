"""Rules on the plan against what was done: post hoc, unreported, multiplicity (R02, R03, R05, R10)."""

from collections.abc import Iterator, Sequence

from trialkit.grammar import by_number
from trialkit.protocol.compared import compared
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import Registration
from trialkit.report.lint.evidence import MAIN, Evidence, Notice, error, note, warning
from trialkit.report.numbers.numbers import is_below, plain
from trialkit.report.tables.cells import contrast_label
from trialkit.report.words.en.sentences.analysed import outcomes_analysed
from trialkit.report.words.en.terms import ADJUSTMENTS
from trialkit.report.words.en.wording import capitalised, counted, listing, lowered
from trialkit.results.agreement import is_one_sided
from trialkit.results.effect import Status
from trialkit.results.lookup import Shelf
from trialkit.results.results import Result
from trialkit.results.series import SeriesKind
from trialkit.results.vocabulary import Stat


def not_prespecified(evidence: Evidence) -> Iterator[Notice]:
    """R02: outcomes and analyses that were not planned, and whether they say so."""
    protocol = evidence.protocol
    for analysis in protocol.plan.analyses:
        if analysis.role is AnalysisRole.POST_HOC:
            labels = outcomes_analysed(analysis, protocol)
            yield note(
                f"The analysis {analysis.id} of {labels} is post hoc, and is called so wherever it "
                "stands.",
                "Keep the words post hoc in abstract and discussion too.",
            )
    for analysis, outcome in evidence.main_analyses():
        if not outcome.prespecified:
            yield error(
                f"{outcome.label} was not prespecified, but its analysis {analysis.id} has the "
                f"role {analysis.role.value}.",
                "Give the analysis the role 'post hoc' with its reason.",
                place=f"[[analyses]] {analysis.id}",
            )
    if protocol.registration is not None:
        yield from _against_the_record(protocol, protocol.registration)
    planned = {each.id for each in protocol.plan.analyses} | {each.value for each in Shelf}
    strange = sorted({row.analysis_id for row in evidence.results.rows} - planned)
    if strange:
        yield error(
            f"The results hold {listing(strange)}, which the plan does not name.",
            "Run the analysis again, or add it to the plan as post hoc.",
        )


def _against_the_record(protocol: Protocol, record: Registration) -> Iterator[Notice]:
    """Outcomes against those that the registry record names, where it names any."""
    primary, secondary = record.primary_outcomes, record.secondary_outcomes
    if not primary and not secondary:
        return
    named = {OutcomeRole.PRIMARY: primary, OutcomeRole.SECONDARY: secondary}
    for outcome in protocol.outcomes:
        recorded = [
            role for role, names in named.items() if {outcome.code, outcome.label} & set(names)
        ]
        if not recorded and outcome.role is not OutcomeRole.EXPLORATORY and outcome.prespecified:
            yield error(
                f"{outcome.label} is reported as {outcome.role.value}, but the registry record "
                "does not name it.",
                "Set prespecified = false and analyse it post hoc, or say under item 10 when and "
                "why it was added.",
                place=f"[[outcomes]] {outcome.code}",
            )
        elif recorded and outcome.role not in recorded:
            yield error(
                f"{outcome.label} is {recorded[0].value} in the registry record, and "
                f"{outcome.role.value} in the report.",
                "Restore the registered role, or report the change with its reason under item 10.",
                place=f"[[outcomes]] {outcome.code}",
            )


def outcome_without_result(evidence: Evidence) -> Iterator[Notice]:
    """R03: a prespecified outcome with no result."""
    protocol = evidence.protocol
    planned = {each.id for each in protocol.plan.analyses}
    stated = {row.outcome for row in evidence.results.rows if row.analysis_id in planned}
    for outcome in protocol.outcomes:
        if outcome.code not in stated:
            look = warning if outcome.role is OutcomeRole.EXPLORATORY else error
            yield look(
                f"{outcome.label} ({outcome.role.value}) is defined, and no analysis gives a "
                "result for it.",
                "Add it to an analysis of the plan, or say under item 26 where it will be reported.",
                place=f"[[outcomes]] {outcome.code}",
            )
    yield from _not_carried_out(evidence)
    if protocol.registration is None:
        return
    written = protocol.as_written.outcomes
    known = {each for outcome in written for each in (outcome.code, outcome.label)}
    for name in (
        *protocol.registration.primary_outcomes,
        *protocol.registration.secondary_outcomes,
    ):
        if name not in known:
            yield error(
                f"The registry record names the outcome {name!r}, which the report does not have.",
                "Report it, or say under item 10 why it was dropped.",
                place="[registration]",
            )


def _not_carried_out(evidence: Evidence) -> Iterator[Notice]:
    """Analyses of the plan without a number; what is still to come is no weakness.

    A pooled report says once that it carries none out.
    """
    protocol = evidence.protocol
    if protocol.is_pooled:
        return
    for analysis in protocol.plan.analyses:
        for code in analysis.outcomes:
            row = evidence.index.lacking(analysis.id, code)
            if row is None:
                continue
            look = warning if row.status is Status.NOT_ESTIMABLE else note
            yield look(
                f"{analysis.id} gives no result for {protocol.outcome(code).label}: {row.note}.",
                "Say so wherever the outcome is reported; no other method takes its place.",
                place=f"[[analyses]] {analysis.id}",
            )


def within_arm_evidence(evidence: Evidence) -> Iterator[Notice]:
    """R05: p values of the change within an arm, with or without the arms compared."""
    compared = {row.outcome for row in evidence.headline_tests()}
    for analysis in evidence.protocol.plan.analyses:
        for code in evidence.tested_within_arms(analysis):
            label = evidence.protocol.outcome(code).label
            look = note if code in compared else error
            beside = (
                "the arms are compared elsewhere"
                if code in compared
                else "no analysis compares the arms"
            )
            yield look(
                f"{analysis.id} tests the change of {label} within each arm; {beside}.",
                "A change within an arm is no effect of the intervention: show the difference "
                "between the arms with its interval, and draw conclusions from that alone.",
                place=f"[[analyses]] {analysis.id}",
            )


def many_tests(evidence: Evidence) -> Iterator[Notice]:
    """R10: several outcomes are tested; how many, and what is left when all are taken together."""
    tests = [row for row in evidence.headline_tests() if row.role in MAIN and row.stat is not None]
    if len(tests) < 2:
        return
    primary = [row for row in tests if row.role == AnalysisRole.PRIMARY.value]
    open_tests = [row for row in tests if not _is_adjusted(row, evidence)]
    bare = [row for row in open_tests if row not in primary]
    found = " ".join((_counted_tests(tests, open_tests, evidence), _together(tests, evidence)))
    discussed = "multipl" in evidence.statement("30").casefold()
    unplanned = len([row for row in open_tests if row in primary]) > 1 or len(bare) > 1
    mend = (
        "Name the families in [[families]] with an adjustment"
        if unplanned
        else "Say in the abstract which results are adjusted"
    )
    rest = "." if discussed else ", and discuss the number of tests under item 30."
    look = error if unplanned else (note if discussed else warning)
    yield look(found, f"{mend}{rest}")


def _is_adjusted(row: Result, evidence: Evidence) -> bool:
    if not row.family:
        return _is_adjusted_within(row, evidence)
    family = evidence.protocol.plan.family(row.family)
    return family.adjustment is not Adjustment.NONE or bool(family.after)


def _is_adjusted_within(row: Result, evidence: Evidence) -> bool:
    """Whether the analysis of one outcome adjusts its comparisons of several arms itself."""
    analyses = {each.id: each for each in evidence.protocol.plan.analyses}
    found = evidence.index.find(
        row.analysis_id,
        outcome=row.outcome,
        visit=row.visit,
        term=row.term,
        having=Stat.P_ADJUSTED,
    )
    return bool(found) and len(analyses[row.analysis_id].outcomes) == 1


def _counted_tests(tests: list[Result], open_tests: list[Result], evidence: Evidence) -> str:
    protocol = evidence.protocol
    outcomes = counted(len({row.outcome for row in tests}), "outcome")
    is_one = outcomes.endswith("outcome")
    tested = f"{'is' if is_one else 'are'} tested in {counted(len(tests), 'comparison')}"
    groups = "treatments" if protocol.is_crossover else "arms"
    of_what = "levels or arms" if protocol.factors else groups
    words = [f"{capitalised(outcomes)} {tested} of two {of_what}"]
    for family in protocol.plan.families:
        own = [row for row in tests if row.family == family.code]
        if own and _is_adjusted(own[0], evidence):
            how = ADJUSTMENTS.get(family.adjustment, "a gate")
            words.append(f"{_so_many(len(own))} adjusted together by {how} ({family.label})")
    within = [row for row in tests if not row.family and _is_adjusted(row, evidence)]
    if within:
        arms = f"the number of {groups} in their own analysis"
        words.append(f"{_so_many(len(within))} adjusted for {arms}")
    if open_tests or len(words) == 1:
        words.append(f"{_so_many(len(open_tests))} not adjusted")
    stated = [row for row in evidence.headline_tests() if row.stat is not None]
    others = len(stated) - len(tests)
    come = by_number(others, "p value comes", "p values come")
    more = f" {others} more {come} from additional analyses." if others else ""
    return f"{', '.join(words[:-1])}, and {words[-1]}.{more}"


def _so_many(count: int) -> str:
    """``1 is``, ``2 are``, ``none is``: how many of the comparisons, before what holds of them."""
    return "none is" if not count else f"{count} {by_number(count, 'is', 'are')}"


def _together(tests: Sequence[Result], evidence: Evidence) -> str:
    """What raw p values say, and what is left over all of them."""
    alpha = evidence.protocol.plan.alpha
    raw = [float(row.stat) for row in tests if row.stat is not None and not is_one_sided(row)]
    one_sided = len(tests) - len(raw)
    if not raw:
        return f"All {one_sided} ask in one direction, at a level of their own."
    few = sum(is_below(p, alpha) for p in raw) or "none"
    asks = by_number(one_sided, "asks", "ask")
    apart = (
        f" ({one_sided} more {asks} in one direction, at a level of its own)" if one_sided else ""
    )
    below = f"{'Two-sided raw' if one_sided else 'Raw'} p is below {plain(alpha)} in {few}{apart}"
    planned = [
        row for row in evidence.headline_tests() if row.role in MAIN and not is_one_sided(row)
    ]
    if len(planned) < 2:
        return f"{below}."
    if evidence.index.series(SeriesKind.TOGETHER, Adjustment.HOLM.value) is None:
        return f"{below}; not all that were planned are at hand to be taken together."
    holm, hochberg = (
        _below(tests, method, evidence) for method in (Adjustment.HOLM, Adjustment.HOCHBERG)
    )
    kept = f"Holm leaves {len(holm)} and Hochberg {len(hochberg)}"
    names = f" ({listing(holm)})" if holm else ""
    lacking = len(planned) - len(raw)
    counted_as = f" ({lacking} without a p value counted as 1)" if lacking else ""
    return f"{below}; over all {len(planned)} together{counted_as}, {kept}{names}."


def _below(tests: Sequence[Result], method: Adjustment, evidence: Evidence) -> list[str]:
    """The comparisons whose p value stays below alpha when all are adjusted together."""
    protocol = compared(evidence.protocol)
    reference = protocol.reference.code
    series = evidence.index.series(SeriesKind.TOGETHER, method.value)
    left = {
        point.label
        for point in (() if series is None else series.points)
        if point.y is not None and is_below(point.y, protocol.plan.alpha)
    }
    labels = (
        {
            f"{arm.code} {sign} {reference}": f", {contrast_label(arm, protocol)}"
            for arm in protocol.experimental
            for sign in "-/"
        }
        if len(protocol.arms) > 2
        else {}
    )
    return [
        f"{protocol.outcome(row.outcome).label}{_when(row, protocol)}{labels.get(row.term, '')}"
        for row in tests
        if row.result_id in left
    ]


def _when(row: Result, protocol: Protocol) -> str:
    """The time of a comparison, where it is not that of its outcome."""
    if row.visit == protocol.outcome(row.outcome).time_point:
        return ""
    return f", {lowered(protocol.visit(row.visit).label)}"
