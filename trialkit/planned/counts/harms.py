"""Harms of every trial that collects them: participants and events in the arm they received."""

from collections.abc import Iterator

import pandas as pd

from trialkit.analysis.describing.harms import HarmCount, HarmsSummary, summarise_harms
from trialkit.datasets.flags import is_yes
from trialkit.datasets.model import Datasets
from trialkit.planned.task.stating import Statement
from trialkit.protocol.methods.effects import OF_RISKS
from trialkit.protocol.methods.method import Method
from trialkit.protocol.trial.people import Grouping
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

HARMS = "harms"
ANY = "any"
EVENT = "event: "
"""Before the name of an event, which a form is free to call ``any``."""
BY_FLAG = {"serious": "serious", "related": "related", "led_to_withdrawal": "led to withdrawal"}


def state_harms(protocol: Protocol, datasets: Datasets) -> Iterator[Result]:
    """Participants with any event, by seriousness, relation, severity and term; zeros shown.

    Nothing where the trial has no form for harms: not collected is not the same as none.

    Terms: ``any``; ``any: serious`` and the like; ``any: <severity>``; ``event: <term>``.
    """
    if not datasets.harms_collected:
        return
    code, at_risk = _at_risk(protocol, datasets)
    events = datasets.adverse_events
    events = events[~events["before_randomisation"]]
    outside = int((~events["subject_id"].isin(at_risk["subject_id"])).sum())
    events_outside = f"{outside} event{'' if outside == 1 else 's'}"
    events = events[events["subject_id"].isin(at_risk["subject_id"])]
    statement = Statement(
        analysis_id=HARMS,
        method=Method.DESCRIPTIVE.value,
        population=code,
        note=f"{events_outside} of participants outside the population" if outside else "",
    )
    yield from _state(statement, _harms(protocol, events, at_risk), only_any=ANY)
    for column, name in BY_FLAG.items():
        some = events[is_yes(events[column])]
        yield from _state(statement, _harms(protocol, some, at_risk), only_any=f"{ANY}: {name}")
    for severity in _severities(events["severity"]):
        some = events[events["severity"] == severity]
        name = f"{ANY}: {severity}"
        yield from _state(statement, _harms(protocol, some, at_risk), only_any=name)
    yield from _state(statement, _harms(protocol, events, at_risk, by_term=True), only_any=None)


def _at_risk(protocol: Protocol, datasets: Datasets) -> tuple[str, pd.DataFrame]:
    """Who could have an event, in the arm that they received, and the population they are.

    That is the protocol's first population grouped by what was received; without one, everybody
    randomised, those who received nothing in the arm they were allocated to.
    """
    for rule in protocol.populations:
        if rule.group_by is Grouping.RECEIVED:
            return rule.code, _in_arms(datasets.population(rule.code).members, protocol)
    people = datasets.subjects[datasets.subjects["randomised"]]
    received = people["arm_received"].fillna(people["arm"])
    return "", _in_arms(people[["subject_id"]].assign(arm=received), protocol)


def _in_arms(people: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """People with the arms that have anybody as the only levels there are."""
    present = [arm for arm in protocol.arm_codes if (people["arm"] == arm).any()]
    return people.assign(arm=people["arm"].cat.set_categories(present))


def _severities(severity: pd.Series) -> list[object]:
    """The severities that the form lists, also those that nobody had; else those that occurred."""
    if isinstance(severity.dtype, pd.CategoricalDtype):
        return list(severity.cat.categories)
    return list(severity.dropna().unique())


def _harms(
    protocol: Protocol, events: pd.DataFrame, at_risk: pd.DataFrame, *, by_term: bool = False
) -> HarmsSummary:
    return summarise_harms(
        events[["subject_id", "term"]],
        participants=at_risk,
        subject="subject_id",
        arm="arm",
        reference=protocol.reference.code,
        term="term" if by_term else None,
        conf_level=protocol.plan.confidence_level,
    )


def _state(statement: Statement, harms: HarmsSummary, *, only_any: str | None) -> Iterator[Result]:
    """The rows of one count: of all its events under a name, or of each term under its own."""
    arms = len({count.count.arm for count in harms.counts})
    others = arms - 1
    counts = harms.counts[:arms] if only_any is not None else harms.counts[arms:]
    differences = harms.differences[:others] if only_any is not None else harms.differences[others:]
    for count in counts:
        term = only_any or f"{EVENT}{count.term}"
        about = statement.about(term=term, arm=str(count.count.arm), note=statement.note)
        yield from _state_count(about, count)
    for contrast in differences:
        about = (
            statement.of(OF_RISKS)
            .measure(Stat.RISK_DIFFERENCE)
            .about(
                term=only_any or f"{EVENT}{contrast.term}",
                arm=contrast.contrast,
                note=statement.note,
            )
        )
        yield from about.state_all(
            {
                Stat.ESTIMATE: contrast.difference.estimate,
                Stat.CONF_LOW: contrast.difference.conf_low,
                Stat.CONF_HIGH: contrast.difference.conf_high,
                Stat.CONF_LEVEL: harms.conf_level,
            }
        )


def _state_count(about: Statement, count: HarmCount) -> Iterator[Result]:
    yield from about.state_all(
        {
            Stat.N: count.count.n,
            Stat.EVENTS: count.count.events,
            Stat.PERCENT: 100 * count.count.risk,
            Stat.N_EVENTS: count.events,
            Stat.CONF_LOW: count.conf_low,
            Stat.CONF_HIGH: count.conf_high,
        }
    )
