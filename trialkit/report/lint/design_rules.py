"""Rules on the design: registration, size, blinding, sides, dose, strata (R01, R12, R13, R14, R16, R19, R29)."""

import re
from collections.abc import Iterator

from trialkit.grammar import by_number
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.trial.conduct import Blinded
from trialkit.protocol.trial.interventions import Arm, Intervention
from trialkit.protocol.trial.kinds import Reporter, Side
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.report.lint.evidence import Evidence, Notice, error, note, warning
from trialkit.report.numbers.numbers import count, day, month, plain
from trialkit.report.words.en.dates import days, days_late
from trialkit.report.words.en.sentences.attendance import held
from trialkit.report.words.en.wording import capitalised, counted, listing
from trialkit.results.lookup import Shelf, value
from trialkit.results.vocabulary import Stat

VAGUE_DOSE = re.compile(
    r"\b(?:up to|at most|at least|no more than|about|approximately|around)\s+"
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b"
    r"|\bas (?:tolerated|needed|required)\b",
    re.IGNORECASE,
)
_ALTERNATIVES = (
    "name one side by a rule, such as side = 'affected', analyse the mean of both sides, or use a "
    "model of both sides of a person, and say so under item 14"
)


def registered_late(evidence: Evidence) -> Iterator[Notice]:
    """R01: registered after the first participant was enrolled, by how many days."""
    registration, dates = evidence.protocol.registration, evidence.dates
    if registration is None:
        yield error("The trial names no registration.", "Fill in [registration].")
        return
    began = dates.enrolment_began
    if began is None:
        yield warning(
            f"Registered on {day(registration.date)}; no date of enrolment is known, so that "
            "nobody can judge whether that was in time.",
            "Fill in [trial] start, or a date in the screening form.",
        )
        return
    late = days_late(registration, dates)
    if late is None or late <= 0:
        return
    when = month(began) if dates.months_only else day(began)
    least = "at least " if dates.months_only else ""
    yield error(
        f"Registered retrospectively: on {day(registration.date)}, {least}{days(late)} after "
        f"enrolment began ({when}).",
        "It cannot be mended: call the trial retrospectively registered in the abstract and under "
        "limitations, show by a dated protocol what was planned, and accept the finding by "
        "[[accepted]] with the reason.",
    )


def size_does_not_follow(evidence: Evidence) -> Iterator[Notice]:
    """R12: the assumptions of the sample size do not give the planned number."""
    mismatch = evidence.size.mismatch
    if mismatch:
        yield error(
            f"{capitalised(mismatch)}.".replace("..", "."),
            "Correct [sample_size] planned or its assumptions; 'trialkit power TRIAL' shows both.",
        )


def expectation_can_explain(evidence: Evidence) -> Iterator[Notice]:
    """R13: an untreated control, participants who know it, and an outcome that they report."""
    protocol = evidence.protocol
    untreated = [arm for arm in protocol.arms if _is_untreated(arm)]
    blinded = protocol.blinding.participants
    reported = [
        each.label
        for each in evidence.of_role(OutcomeRole.PRIMARY)
        if each.reported_by is Reporter.PARTICIPANT
    ]
    if not untreated or blinded is Blinded.YES or not reported:
        return
    known = (
        "participants were not blinded"
        if blinded is Blinded.NO
        else "it is not reported whether participants were blinded"
    )
    arms = listing([arm.label for arm in untreated])
    yield warning(
        f"{arms} {by_number(len(untreated), 'gets', 'get')} nothing, {known}, and participants "
        f"report the primary outcome themselves ({listing(reported)}): expectation and attention "
        "alone can make a difference.",
        "Say under item 20 who knew the allocation, and under item 30 what expectation may have "
        "added; show an outcome that nobody's judgement enters beside it.",
    )


def sides_counted_twice(evidence: Evidence) -> Iterator[Notice]:
    """R14: the left and the right side of one measure as two outcomes."""
    by_measure: dict[str, list[Outcome]] = {}
    for each in evidence.protocol.outcomes:
        if each.side in {Side.LEFT, Side.RIGHT} and each.measure:
            by_measure.setdefault(each.measure, []).append(each)
    for measure, outcomes in by_measure.items():
        if {each.side for each in outcomes} == {Side.LEFT, Side.RIGHT}:
            labels = listing([each.label for each in outcomes])
            yield warning(
                f"{capitalised(counted(len(outcomes), 'outcome'))} are the left and the right side of one "
                f"measure ({measure}): {labels}. The sides of a person are not independent, and "
                "one question is tested twice.",
                f"{capitalised(_ALTERNATIVES)}.",
            )


def dose_is_vague(evidence: Evidence) -> Iterator[Notice]:
    """R16: a dose in words such as "up to" without the planned and the delivered number."""
    for arm in evidence.protocol.arms:
        if arm.intervention is not None:
            yield from _dose(arm, arm.intervention, evidence)


def _dose(arm: Arm, intervention: Intervention, evidence: Evidence) -> Iterator[Notice]:
    vague = _vague_words(intervention)
    planned = intervention.sessions
    delivered = evidence.index.find(Shelf.ADHERENCE, term="", arm=arm.code)
    attended, of = (value(delivered, stat) for stat in (Stat.ATTENDED, Stat.PRESCRIBED))
    said = f"The dose of {arm.label} is given as \N{LEFT DOUBLE QUOTATION MARK}{vague}\N{RIGHT DOUBLE QUOTATION MARK}"
    if vague and planned is None:
        yield error(
            f"{said}, and the number of planned sessions is not stated.",
            "Fill in sessions, minutes_per_session and weeks of [arms.intervention].",
        )
    elif planned is not None and attended is None:
        look = error if vague else warning
        start = said if vague else f"{arm.label} has {planned} planned sessions"
        yield look(
            f"{start}; no log says how many were delivered.",
            "Add a sessions form, or say under item 24a how much was delivered.",
        )
    elif vague:
        yield note(
            f"{said}; {planned} sessions a participant were planned, and {count(attended)} of "
            f"{count(of)} prescribed were {held([delivered])}.",
            "Report the planned and the delivered dose wherever the words stand.",
        )
    yield from _dose_adds_up(arm, intervention)


def _dose_adds_up(arm: Arm, intervention: Intervention) -> Iterator[Notice]:
    each_week, weeks, planned = (
        intervention.sessions_per_week,
        intervention.weeks,
        intervention.sessions,
    )
    if each_week is None or weeks is None or planned is None:
        return
    product = each_week * weeks
    if abs(product - planned) > 0.5:
        yield warning(
            f"{arm.label}: {plain(each_week)} sessions a week for {plain(weeks)} weeks are "
            f"{plain(product)}, but {planned} are planned.",
            "Make sessions, sessions_per_week and weeks of [arms.intervention] agree.",
        )


def _vague_words(intervention: Intervention) -> str:
    texts = (
        intervention.name,
        intervention.procedures,
        intervention.delivery,
        intervention.tailoring,
        intervention.adherence,
    )
    found = (VAGUE_DOSE.search(text) for text in texts)
    return next((each.group() for each in found if each), "")


def strata_left_out(evidence: Evidence) -> Iterator[Notice]:
    """R19: randomisation was stratified by a factor that a main analysis leaves out."""
    strata = evidence.protocol.randomisation.strata
    without: dict[str, dict[str, None]] = {}
    for analysis, outcome in evidence.main_analyses():
        used = {_bare(name) for name in analysis.specification.baseline_items(outcome.kind)}
        for factor in strata:
            if _bare(factor) not in used:
                without.setdefault(factor, {})[analysis.id] = None
    for factor, analyses in without.items():
        yield warning(
            f"Randomisation was stratified by {factor}, which the "
            f"{by_number(len(analyses), 'analysis', 'analyses')} {listing(tuple(analyses))} "
            f"{by_number(len(analyses), 'leaves', 'leave')} out: standard errors are then too "
            "large, and tests too cautious.",
            f"Put {factor} among the covariates (or strata) of the analysis, or say under item 21a "
            "why it is left out.",
        )


def _bare(name: str) -> str:
    """A factor without the form that it stands in."""
    return name.rpartition(".")[2]


def _is_untreated(arm: Arm) -> bool:
    kind = arm.intervention.kind if arm.intervention is not None else None
    return arm.reference and kind is not None and kind.is_untreated


def clusters_passed_over(evidence: Evidence) -> Iterator[Notice]:
    """R29: clusters were allocated, and an analysis counts their participants as if each had been."""
    clusters = evidence.protocol.clusters
    if clusters is None or not clusters.randomised:
        return
    for analysis, outcome in evidence.main_analyses():
        if analysis.specification.passes_over_clusters:
            yield error(
                f"{capitalised(clusters.plural)} were allocated, and {analysis.id} of {outcome.label} "
                "does not allow for them: its limits are too narrow and its p value too small.",
                f"Analyse it by {_of_clusters(outcome)}, or by another program (method = 'external').",
                place=f"[[analyses]] {analysis.id}",
            )


def _of_clusters(outcome: Outcome) -> str:
    """The methods of a plan that allow for clusters of every arm, and take the outcome."""
    fitting = (
        method.value
        for method, kind in SPECIFICATIONS.items()
        if kind.READS_CLUSTERS
        and not kind.CLUSTERS_IN_SOME_ARMS
        and kind.takes(method, outcome.type)
    )
    return listing(tuple(fitting), last="or") or "a method that allows for them"
