"""Harms of every trial that collects them: participants and events in the arm they received."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar

import pandas as pd

from trialkit.analysis.describing.harms import (
    HarmContrast,
    HarmCount,
    HarmsSummary,
    summarise_harms,
)
from trialkit.analysis.frames.groups import contrast_label
from trialkit.datasets.flags import is_unknown, is_yes
from trialkit.datasets.model import Datasets
from trialkit.datasets.subjects import arm_treated, randomised
from trialkit.grammar import counted
from trialkit.planned.counts.harms_by_name import (
    HarmsTally,
    by_frequency,
    class_tallies,
    named_tally,
    people_of,
    rare_terms,
    serious_tallies,
)
from trialkit.planned.task.stating import Statement
from trialkit.protocol.methods.effects import OF_RISKS
from trialkit.protocol.methods.method import Method
from trialkit.protocol.trial.people import Grouping
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.effect import EXACT
from trialkit.results.harms import FLAGS, EventFact
from trialkit.results.lookup import Before, Shelf, Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

OfTerm = TypeVar("OfTerm", HarmCount, HarmContrast)

NOT_OF_EVERY_EVENT = "of some events this is not recorded"
"""Why a count is the least that it can be, and has neither limits nor a difference."""
_COLUMN = {
    EventFact.SERIOUS: "serious",
    EventFact.RELATED: "related",
    EventFact.LED_TO_WITHDRAWAL: "led_to_withdrawal",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AtRisk:
    """Who could have an event, and the events that they had and an arm may have caused."""

    protocol: Protocol
    people: pd.DataFrame
    events: pd.DataFrame
    about: Statement

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms that have anybody."""
        return tuple(self.people["arm"].cat.categories)

    @property
    def arm_of(self) -> Mapping[str, str]:
        """Everybody who could have an event, with the arm."""
        return dict(zip(self.people["subject_id"], self.people["arm"].astype("str"), strict=True))

    @property
    def reference(self) -> str | None:
        """The arm that the others are compared with; None while nobody is in it, or in another."""
        if self.protocol.is_crossover:
            return None  # sequences are not compared: everybody in them has every treatment
        code = self.protocol.reference.code
        return code if code in self.arms and len(self.arms) > 1 else None

    def summarise(self, tallies: Sequence[HarmsTally]) -> HarmsSummary:
        """The participants of each tally in each arm, and the differences between arms."""
        had = [(subject, tally.term) for tally in tallies for subject in sorted(tally.people)]
        return summarise_harms(
            pd.DataFrame(had, columns=["subject_id", "term"], dtype="str"),
            participants=self.people,
            subject="subject_id",
            arm="arm",
            reference=self.reference,
            term="term",
            terms=tuple(tally.term for tally in tallies),
            conf_level=self.protocol.plan.confidence_level,
        )

    def by_arm(self, subjects: Iterable[str]) -> Counter[str]:
        """How many of these are of each arm; somebody who is there twice is two."""
        named = list(subjects)
        if not named:  # of most terms it is known of everybody
            return Counter()
        arms = self.people.set_index("subject_id")["arm"].reindex(named)
        return Counter(map(str, arms))


def state_harms(protocol: Protocol, datasets: Datasets) -> Iterator[Result]:
    """Participants with any event, by seriousness, relation, severity and term; zeros shown.

    An arm that nobody is at risk in yet has its zeros, and no difference. Where the trial has no
    form for harms, or not for an arm, and of what its form does not ask, there are rows without a
    number: not collected is not the same as none. What is not recorded of an event is counted in a
    row of its own. ``n_unknown`` are the participants of whom it is not known whether they had the event of a
    row: with any, the count is the least that it can be, and has neither limits nor a difference.

    Terms: ``any``, those of :class:`EventFact`, ``worst severity: <label>``, ``class: <class>``, ``class:
    <class> | <term>``, ``event: <term>``, ``rare event: <term>``, ``other terms``, ``serious event: <term>``.
    """
    lacks, everybody = datasets.not_collected, frozenset(protocol.arm_codes)
    at_risk = _at_risk(protocol, datasets)
    if lacks.harms >= everybody:
        yield from _state_unasked(at_risk.about, Term.ANY_EVENT, protocol.arm_codes)
        return
    asked = frozenset(EventFact) - lacks.facts
    rare = rare_terms(
        at_risk.events, arm_of=at_risk.arm_of, below=protocol.harms.rare_below_percent
    )
    tallies = (
        *_tallies(at_risk.events, asked),
        *class_tallies(at_risk.events, rare),
        *_named(at_risk.events, rare),
        *serious_tallies(at_risk.events, asked),
    )
    harms = at_risk.summarise(tallies)
    counts, differences = _by_term(harms.counts), _by_term(harms.differences)
    for tally in tallies:
        unknown = at_risk.by_arm(tally.unknown)
        about = replace(at_risk.about, term=tally.term)
        yield from _state_counts(tally, counts.get(tally.term, ()), unknown, about, at_risk)
        yield from _state_nobody(about, at_risk, lacks.harms)
        if tally.is_compared:
            yield from _state_differences(differences.get(tally.term, ()), unknown, about, at_risk)
    for fact in EventFact:
        if fact in lacks.facts:
            yield from _state_unasked(at_risk.about, fact.term, protocol.arm_codes)


def _state_unasked(about: Statement, term: str, arms: Iterable[str]) -> Iterator[Result]:
    """That nobody asked the participants of these arms."""
    for arm in arms:
        own = replace(about, term=term, arm=arm, note="")
        yield from own.not_collected(Stat.EVENTS, Stat.N_EVENTS)


def _tallies(events: pd.DataFrame, asked: frozenset[EventFact]) -> Iterator[HarmsTally]:
    """Any event, each kind that the form asks for, and what was not recorded."""
    yield HarmsTally(term=Term.ANY_EVENT, events=events["subject_id"], people=people_of(events))
    for fact in FLAGS:
        if fact in asked:
            yield from _flag(fact, events)
    if EventFact.SEVERITY in asked:
        yield from _severities(events)
    if EventFact.TERM in asked:
        yield from _not_known(EventFact.TERM, events, events["term"].isna())
    if EventFact.START in asked:
        unknown = events["before_randomisation"].isna()
        yield from _not_known(EventFact.START, events, unknown, but=people_of(events[~unknown]))


def _flag(fact: EventFact, events: pd.DataFrame) -> Iterator[HarmsTally]:
    """The events of which it is true; then those of which nobody knows."""
    answer = events[_COLUMN[fact]]
    some, unknown = events[is_yes(answer)], answer.isna()
    had = people_of(some)
    yield HarmsTally(
        term=fact.term,
        events=some["subject_id"],
        people=had,
        unknown=people_of(events[unknown]) - had,
    )
    yield from _not_known(fact, events, unknown, but=had)


def _severities(events: pd.DataFrame) -> Iterator[HarmsTally]:
    """Each severity, also one that nobody had; of severities in an order everybody's worst."""
    severity = events["severity"]
    unknown = severity.isna()
    if isinstance(severity.dtype, pd.CategoricalDtype):
        yield from _worst_severities(events, unknown)
    else:
        for name in severity.dropna().unique():
            some = events[severity == name]
            had = people_of(some)
            yield HarmsTally(
                term=f"{Before.SEVERITY}{name}",
                events=some["subject_id"],
                people=had,
                unknown=people_of(events[unknown]) - had,
            )
    yield from _not_known(EventFact.SEVERITY, events, unknown, but=people_of(events[~unknown]))


def _worst_severities(events: pd.DataFrame, unknown: pd.Series) -> Iterator[HarmsTally]:
    """Who has an event without a severity may be in the row of the worst known one, or a worse.

    Of who had the worst that there is, nothing is open.
    """
    grade = events["severity"].cat.codes
    worst = grade.groupby(events["subject_id"]).max()
    names = events["severity"].cat.categories
    doubtful = worst[worst.index.isin(people_of(events[unknown])) & (worst < len(names) - 1)]
    for place, name in enumerate(names):
        yield HarmsTally(
            term=f"{Before.WORST}{name}",
            events=events.loc[grade == place, "subject_id"],
            people=frozenset(worst.index[worst == place]),
            unknown=frozenset(doubtful.index[doubtful <= place]),
        )


def _named(events: pd.DataFrame, rare: frozenset[str]) -> Iterator[HarmsTally]:
    """Each event that has a name or that the form lists, the most frequent first; rare ones last.

    One without a name may be any of them.
    """
    unnamed = people_of(events[events["term"].isna()])
    for term, rows in by_frequency(events, "term"):
        yield named_tally(f"{Before.RARE if term in rare else Before.EVENT}{term}", rows, unnamed)
    if rare:
        yield named_tally(Term.OTHER_TERMS, events[events["term"].isin(rare)], unnamed)


def _not_known(
    fact: EventFact,
    events: pd.DataFrame,
    unknown: pd.Series,
    *,
    but: frozenset[str] = frozenset(),
) -> Iterator[HarmsTally]:
    """The events of which it is not known, and their participants without a known one.

    What nobody recorded, and what the form did not ask, have a row each.
    """
    left_out = events["not_asked"].map(lambda facts: fact in facts).astype(bool)
    for term, some in (
        (fact.unknown, events[unknown & ~left_out]),
        (fact.not_asked, events[unknown & left_out]),
    ):
        if len(some):
            yield HarmsTally(
                term=term,
                events=some["subject_id"],
                people=people_of(some) - but,
                is_compared=False,
            )


def _at_risk(protocol: Protocol, datasets: Datasets) -> AtRisk:
    """Who could have an event, in the arm that they received, and the population they are.

    That is the protocol's first population grouped by what was received; without one, everybody
    randomised who received an arm's care, or of whom no form has asked yet what they received.
    Whom nobody asks about harms, since their allocated arm has no form for them, is not counted; nor
    is who received the care of such an arm: of the others in it nothing is known.
    """
    everybody = randomised(datasets.subjects)
    asked = everybody.loc[~everybody["arm"].isin(datasets.not_collected.harms), "subject_id"]
    people = everybody[["subject_id"]].assign(arm=arm_treated(everybody)).dropna()
    code = ""
    for rule in protocol.populations:
        if rule.group_by is Grouping.RECEIVED:
            code, people = rule.code, datasets.population(rule.code).members
            break
    people = people[people["subject_id"].isin(asked)]
    people = people[~people["arm"].isin(datasets.not_collected.harms)]
    events = datasets.adverse_events
    events = events[~is_yes(events["before_randomisation"])]
    inside = events["subject_id"].isin(people["subject_id"])
    return AtRisk(
        protocol=protocol,
        people=_in_arms(people, protocol),
        events=events[inside],
        about=Statement(
            analysis_id=Shelf.HARMS,
            method=Method.DESCRIPTIVE.value,
            population=code,
            note=_left_out(events[~inside], everybody),
            limits=EXACT,
        ),
    )


def _left_out(events: pd.DataFrame, people: pd.DataFrame) -> str:
    """How many events are in no arm's counts, and why."""
    nobody_knows = people.loc[is_unknown(people["received_intervention"]), "subject_id"]
    unrecorded = events["subject_id"].isin(nobody_knows)
    counts = {
        "whose received care is not recorded": int(unrecorded.sum()),
        "outside the population": int((~unrecorded).sum()),
    }
    return "; ".join(
        f"{counted(count, 'event')} of participants {who}" for who, count in counts.items() if count
    )


def _in_arms(people: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """People with the arms that have anybody as the only levels there are."""
    present = [arm for arm in protocol.arm_codes if (people["arm"] == arm).any()]
    return people.assign(arm=people["arm"].cat.set_categories(present))


def _by_term(stated: Iterable[OfTerm]) -> Mapping[str, tuple[OfTerm, ...]]:
    """What is stated of each term."""
    return {term: tuple(rows) for term, rows in groupby(stated, key=lambda each: each.term)}


def _state_counts(
    tally: HarmsTally,
    counts: Iterable[HarmCount],
    unknown: Counter[str],
    about: Statement,
    at_risk: AtRisk,
) -> Iterator[Result]:
    """In each arm its participants and events, and the limits of the risk where it is known."""
    events = at_risk.by_arm(tally.events)
    for count in counts:
        arm = str(count.count.arm)
        limits = {Stat.CONF_LOW: count.conf_low, Stat.CONF_HIGH: count.conf_high}
        known = limits if tally.is_compared else {}
        yield from replace(about, arm=arm).state_all(
            {
                Stat.N: count.count.n,
                Stat.EVENTS: count.count.events,
                Stat.PERCENT: 100 * count.count.risk,
                Stat.N_EVENTS: events[arm],
                **({Stat.N_UNKNOWN: unknown[arm]} if unknown[arm] else known),
            }
        )


def _state_nobody(about: Statement, at_risk: AtRisk, unasked: frozenset[str]) -> Iterator[Result]:
    """The zeros of the arms in which nobody is at risk yet; of nobody there is no share.

    Of an arm that has no form for harms there is none to know.
    """
    for arm in at_risk.protocol.arm_codes:
        if arm in at_risk.arms:
            continue
        if arm in unasked:
            yield from _state_unasked(about, about.term, (arm,))
        else:
            zeros = {Stat.N: 0, Stat.EVENTS: 0, Stat.N_EVENTS: 0}
            yield from replace(about, arm=arm).state_all(zeros)


def _state_differences(
    differences: Iterable[HarmContrast],
    unknown: Counter[str],
    about: Statement,
    at_risk: AtRisk,
) -> Iterator[Result]:
    """Each arm's risk minus the reference's; without a number where one of both is not known."""
    reference = at_risk.protocol.reference.code
    measure = about.of(OF_RISKS).measure(Stat.RISK_DIFFERENCE)
    doubtful = {
        contrast_label(arm, reference)
        for arm in at_risk.protocol.arm_codes
        if unknown[arm] or unknown[reference]
    }
    for each in differences:
        own = replace(measure, arm=each.contrast)
        if each.contrast in doubtful:
            note = "; ".join(filter(None, (NOT_OF_EVERY_EVENT, about.note)))
            yield own.state(Stat.ESTIMATE, None, note=note)
            continue
        yield from own.state_all(
            {
                Stat.ESTIMATE: each.difference.estimate,
                Stat.CONF_LOW: each.difference.conf_low,
                Stat.CONF_HIGH: each.difference.conf_high,
                Stat.CONF_LEVEL: at_risk.protocol.plan.confidence_level,
            }
        )
