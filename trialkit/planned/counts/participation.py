"""How many participants are where: the flow, the populations, missing values, other care, deviations.

Nothing is estimated here; the counts are results like any other, so that each number that a report
prints can be followed to its row.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from trialkit.datasets.deviations import OUT_OF_WINDOW, READ_FROM
from trialkit.datasets.flags import is_unknown
from trialkit.datasets.model import Datasets
from trialkit.datasets.subjects import randomised
from trialkit.planned.counts.cluster_participation import state_clusters
from trialkit.planned.counts.factor_participation import state_flow_of_levels
from trialkit.planned.counts.missing_values import state_missing_values
from trialkit.planned.counts.period_participation import state_periods
from trialkit.planned.task.stating import Statement
from trialkit.protocol.methods.method import Method
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.flow import ArmFlow, Disposition, Reason, Stage
from trialkit.results.harms import EventFact
from trialkit.results.lookup import Before, Shelf, Term
from trialkit.results.notes import NOT_USED
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_participation(
    protocol: Protocol, datasets: Datasets, analysed: Mapping[str, int] | None = None
) -> Iterator[Result]:
    """Every count of participants of the report, in the order in which it tells them.

    ``analysed`` is, by arm, how many the primary analysis used where another program made it.
    """
    yield from _flow(datasets, analysed or {})
    yield from state_flow_of_levels(protocol, datasets, analysed or {})
    yield from _populations(protocol, datasets)
    yield from state_missing_values(protocol, datasets)
    yield from _care(protocol, datasets)
    yield from _deviations(protocol, datasets)


def _counts(analysis_id: Shelf) -> Statement:
    return Statement(analysis_id=analysis_id, method=Method.DESCRIPTIVE.value)


def _flow(datasets: Datasets, analysed: Mapping[str, int]) -> Iterator[Result]:
    statement, disposition = _counts(Shelf.FLOW), datasets.disposition
    arms = tuple(_as_analysed(each, analysed.get(each.arm)) for each in disposition.arms)
    yield statement.about(term=Stage.ASSESSED).state(Stat.N, disposition.assessed)
    yield from _with_reasons(statement, Stage.NOT_RANDOMISED, disposition.not_randomised)
    yield statement.about(term=Stage.RANDOMISED).state(Stat.N, disposition.randomised)
    subjects = datasets.subjects
    unscreened = int((subjects["randomised"] & ~subjects["screened"].astype(bool)).sum())
    yield statement.about(term=Stage.UNSCREENED).state(Stat.N, unscreened)
    for arm in arms:
        yield from _flow_of(arm, statement, arms)
        for stage in disposition.unanswered:
            about = statement.about(term=stage, arm=arm.arm)
            yield about.state(Stat.N, arm.unanswered[stage])
    yield from state_periods(statement, {each.arm: each.periods for each in arms})
    if disposition.clusters is not None:
        others = {code for code, n in analysed.items() if n != _analysed(disposition, code)}
        yield from state_clusters(statement, disposition.clusters.unknown_in(others))


def _analysed(disposition: Disposition, code: str) -> int:
    return next(arm.analysed for arm in disposition.arms if arm.arm == code)


def _as_analysed(arm: ArmFlow, by_program: int | None) -> ArmFlow:
    """The arm with as many analysed as another program says that it used."""
    if by_program is None or by_program == arm.analysed:
        return arm
    unused = arm.analysed - by_program
    if unused < 0:  # it used some without a value, which it must have imputed
        return replace(arm, analysed=by_program, lost_but_analysed=arm.lost_but_analysed - unused)
    return replace(
        arm,
        analysed=by_program,
        excluded=(*arm.excluded, Reason(text=NOT_USED, count=unused)),
    )


def _flow_of(arm: ArmFlow, statement: Statement, arms: tuple[ArmFlow, ...]) -> Iterator[Result]:
    """One arm's counts; a reason that only another arm has counts none here."""
    not_received = _of_all(arm.not_received, (each.not_received for each in arms))
    lost = _of_all(arm.lost, (each.lost for each in arms))
    discontinued = _of_all(arm.discontinued or (), (each.discontinued or () for each in arms))
    excluded = _of_all(arm.excluded, (each.excluded for each in arms))
    yield statement.about(term=Stage.ALLOCATED, arm=arm.arm).state(Stat.N, arm.allocated)
    if arm.received is None:
        yield from statement.about(term=Stage.RECEIVED, arm=arm.arm).not_collected(Stat.N)
    else:
        yield statement.about(term=Stage.RECEIVED, arm=arm.arm).state(Stat.N, arm.received)
        yield from _with_reasons(statement, Stage.NOT_RECEIVED, not_received, arm=arm.arm)
    yield from _with_reasons(statement, Stage.LOST, lost, arm=arm.arm)
    if arm.discontinued is None:
        yield from statement.about(term=Stage.DISCONTINUED, arm=arm.arm).not_collected(Stat.N)
    else:
        yield from _with_reasons(statement, Stage.DISCONTINUED, discontinued, arm=arm.arm)
    yield statement.about(term=Stage.ANALYSED, arm=arm.arm).state(Stat.N, arm.analysed)
    if any(each.lost_but_analysed for each in arms):
        about = statement.about(term=Stage.LOST_BUT_ANALYSED, arm=arm.arm)
        yield about.state(Stat.N, arm.lost_but_analysed)
    yield from _with_reasons(statement, Stage.EXCLUDED, excluded, arm=arm.arm)


def _of_all(own: tuple[Reason, ...], others: Iterable[tuple[Reason, ...]]) -> tuple[Reason, ...]:
    """An arm's reasons, and those of the others with nobody."""
    here = {reason.text: reason for reason in own}
    for reason in (each for other in others for each in other):
        here.setdefault(reason.text, Reason(text=reason.text, count=0))
    return tuple(here.values())


def _with_reasons(
    statement: Statement, stage: Stage, reasons: tuple[Reason, ...], *, arm: str = ""
) -> Iterator[Result]:
    total = sum(reason.count for reason in reasons)
    yield statement.about(term=stage, arm=arm).state(Stat.N, total)
    for reason in reasons:
        about = statement.about(term=stage.because(reason.text), arm=arm)
        yield about.state(Stat.N, reason.count)


def _populations(protocol: Protocol, datasets: Datasets) -> Iterator[Result]:
    """Term is the population's code; ``<code>: <reason>`` counts who is not in it, and why."""
    for population in datasets.populations:
        statement = _counts(Shelf.POPULATIONS)
        reasons = population.excluded["reason"].astype("str")
        for arm in protocol.arm_codes:
            about = statement.about(term=population.code, arm=arm)
            yield about.state(Stat.N, population.count(arm))
            own = population.excluded["arm"] == arm
            yield about.state(Stat.N_EXCLUDED, int(own.sum()))
            for reason in dict.fromkeys(reasons):
                about = statement.about(term=f"{population.code}: {reason}", arm=arm)
                yield about.state(Stat.N_EXCLUDED, int((own & (reasons == reason)).sum()))


def _care(protocol: Protocol, datasets: Datasets) -> Iterator[Result]:
    """Participants with other care, and with each that is named."""
    lacks = datasets.not_collected
    yield from _by_term(
        protocol,
        datasets.concomitant,
        datasets,
        name=Shelf.CONCOMITANT,
        before=Before.CARE,
        unasked=lacks.care,
        is_named=not lacks.care_term,
    )
    if lacks.care_term:
        yield from _unasked(Shelf.CONCOMITANT, EventFact.TERM.term, protocol.arm_codes)


def _deviations(protocol: Protocol, datasets: Datasets) -> Iterator[Result]:
    """Participants with any deviation, with each that the data show, and with each recorded one.

    Nothing where nobody looked for any.
    """
    if datasets.deviations.empty and not _is_listed(datasets.deviations["term"]):
        return
    lacks = datasets.not_collected
    yield from _by_term(
        protocol,
        datasets.deviations,
        datasets,
        name=Shelf.DEVIATIONS,
        before=Before.DEVIATION,
    )
    yield from _undecided_deviations(protocol, datasets)
    for name in lacks.shown:
        yield from _unasked(Shelf.DEVIATIONS, f"{Before.DEVIATION}{name}", protocol.arm_codes)
    arms = [arm for arm in protocol.arm_codes if arm in lacks.deviations]
    yield from _unasked(Shelf.DEVIATIONS, Term.OTHER_DEVIATIONS, arms)


def _unasked(shelf: Shelf, term: str, arms: Iterable[str]) -> Iterator[Result]:
    """That no form asks the participants of these arms."""
    for arm in arms:
        yield from _counts(shelf).about(term=term, arm=arm).not_collected(Stat.EVENTS)


def _by_term(
    protocol: Protocol,
    rows: pd.DataFrame,
    datasets: Datasets,
    *,
    name: Shelf,
    before: Before,
    unasked: frozenset[str] = frozenset(),
    is_named: bool = True,
) -> Iterator[Result]:
    """Participants with any row, with each term, and with a row whose term nobody recorded.

    Terms that are known beforehand are counted of nobody too. The arms that are ``unasked`` have no
    form, and so no count.
    """
    known = list(rows["term"].cat.categories) if _is_listed(rows["term"]) else []
    terms = rows["term"].astype("str").where(rows["term"].notna())
    parts = {Term.ANY_EVENT.value: rows}
    for term in known or sorted(terms.dropna().unique()):
        parts[f"{before}{term}"] = rows[terms == term]
    if terms.isna().any() and is_named:
        parts[EventFact.TERM.unknown] = rows[terms.isna()]
    allocated = {arm.arm: arm.allocated for arm in datasets.disposition.arms}
    for term, some in parts.items():
        for arm in protocol.arm_codes:
            about = _counts(name).about(term=term, arm=arm)
            if arm in unasked:
                yield from about.not_collected(Stat.EVENTS)
                continue
            own = some.loc[some["arm"] == arm, "subject_id"]
            people = int(own.nunique())
            yield from about.state_all(
                {
                    Stat.N: allocated[arm],
                    Stat.EVENTS: people,
                    Stat.PERCENT: 100 * people / allocated[arm] if allocated[arm] else None,
                    Stat.N_EVENTS: len(own),
                }
            )


def _undecided_deviations(protocol: Protocol, datasets: Datasets) -> Iterator[Result]:
    """Of how many the data do not tell whether they had a deviation, where there is anybody."""
    terms, people = datasets.deviations["term"], randomised(datasets.subjects)
    collected = tuple(terms.cat.categories) if _is_listed(terms) else ()
    unknown = {
        f"{Before.DEVIATION}{term}": is_unknown(people[flag])
        for term, flag in READ_FROM.items()
        if term in collected
    }
    if OUT_OF_WINDOW in collected:
        found = datasets.deviations["term"] == OUT_OF_WINDOW
        out = people["subject_id"].isin(datasets.deviations.loc[found, "subject_id"])
        unknown[f"{Before.DEVIATION}{OUT_OF_WINDOW}"] = (
            people["subject_id"].isin(datasets.days_unknown) & ~out
        )
    had = people["subject_id"].isin(datasets.deviations["subject_id"])
    unknown[Term.ANY_EVENT.value] = pd.DataFrame(unknown, index=people.index).any(axis=1) & ~had
    for term, doubtful in unknown.items():
        for arm in protocol.arm_codes if doubtful.any() else ():
            about = _counts(Shelf.DEVIATIONS).about(term=term, arm=arm)
            yield about.state(Stat.N_UNKNOWN, int((people.loc[doubtful, "arm"] == arm).sum()))


def _is_listed(terms: pd.Series) -> bool:
    return isinstance(terms.dtype, pd.CategoricalDtype)
