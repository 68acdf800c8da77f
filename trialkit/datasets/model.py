"""The nouns that the analyses read; afterwards nobody asks how a value was entered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from trialkit.datasets.collected import EVERYTHING, NotCollected
from trialkit.protocol.tables.choices import by_code
from trialkit.results.flow import Disposition


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """An analysis population: who is in it, in which group, and who is not and why."""

    code: str
    label: str
    definition: str
    members: pd.DataFrame
    """``subject_id`` (text) and ``arm`` (ordered category, reference first)."""
    excluded: pd.DataFrame
    """``subject_id``, ``arm`` as allocated, ``reason``: every randomised participant left out."""

    def count(self, arm: str) -> int:
        """How many participants of this arm are in the population."""
        return int((self.members["arm"] == arm).sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacteristicKind:
    """How a baseline characteristic is described: by its item in the form, never by its data."""

    is_number: bool = False
    several: bool = False
    """Whether any number of the categories may apply to a participant."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """The label of each category by its code, in the order of the form, also of those that nobody
    has; none for numbers and free text."""
    unit: str = ""


def _nothing_deviated() -> pd.DataFrame:
    """Deviations of a trial of which nobody looked for any."""
    return pd.DataFrame({"subject_id": [], "arm": [], "term": []}, dtype="str")


def nobody_had_any() -> pd.DataFrame:
    """The intercurrent events of a trial whose protocol names none."""
    texts = dict.fromkeys(("subject_id", "arm", "event", "visit", "maybe_from"), "str")
    columns = texts | {"date": "datetime64[us]"}
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in columns.items()})


def of_nobody_unknown() -> pd.DataFrame:
    """Of whom it is not known whether they had one, in such a trial."""
    return nobody_had_any()[["subject_id", "arm", "event"]]


def _nothing_at_risk() -> pd.DataFrame:
    """The exposures of a trial without a count that has one."""
    return pd.DataFrame({"subject_id": [], "outcome": [], "visit": []}, dtype="str").assign(
        exposure=pd.Series(dtype=float)
    )


def _no_periods() -> pd.DataFrame:
    """The periods of a trial that is no crossover trial."""
    return pd.DataFrame(
        {"subject_id": [], "sequence": [], "outcome": [], "period": []}, dtype="str"
    )


def _nothing_done() -> pd.DataFrame:
    """The dose of a trial without a session log."""
    return pd.DataFrame({"subject_id": [], "arm": []}, dtype="str")


def nobody_at_risk() -> pd.DataFrame:
    """The times at risk of a trial in which no outcome has any."""
    texts = ("subject_id", "arm", "outcome", "status", "cause", "reason")
    columns = dict.fromkeys(texts, "str") | dict.fromkeys(("time", "events"), "float64")
    columns |= dict.fromkeys(("before", "after"), "float64")
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in columns.items()})


def nothing_happened() -> pd.DataFrame:
    """The events of a trial in which no outcome can happen again."""
    kinds = {"subject_id": "str", "arm": "str", "outcome": "str", "time": "float64"}
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Datasets:
    """Everything that can be analysed or reported, derived once from a snapshot.

    * ``subjects``, one row a person who was screened or randomised: ``subject_id``, ``screened``
      (boolean; who was randomised without is a hard finding), ``site``, ``screening_date``,
      ``consent_date``, ``eligible`` (boolean), ``not_enrolled_reason``, ``randomised`` (boolean),
      ``randomisation_date``, ``arm`` (ordered category, reference first), ``arm_received`` (same),
      ``received_intervention`` (boolean), ``discontinued`` (boolean), ``discontinuation_reason``,
      ``completed`` (boolean), ``end_date``, ``end_reason``. A boolean is missing where neither yes
      nor no is known; ``received_intervention_unknown``, ``discontinued_unknown`` and
      ``completed_unknown`` say why, as members of :class:`~trialkit.results.answers.Unknown`.
    * ``characteristics``, one row a randomised participant and baseline characteristic:
      ``subject_id``, ``arm``, ``characteristic`` (ordered category of ``form.item``), ``value``
      (float, NaN for categories), ``category`` (the code of a choice, the codes of several with a
      space between or ``none_of_these``, ``yes`` or ``no``, free text; missing for numbers), ``not_asked`` and
      ``not_applicable`` (boolean: there is no value, and none was to be, so that it is not one of
      those that are missing). ``characteristic_kinds`` says how each is described.
    * ``measurements``, one row a randomised participant, outcome and visit that was planned:
      ``subject_id``, ``arm``, ``outcome`` (ordered category), ``visit`` (ordered category),
      ``value`` (of an ordinal outcome the place of its level from 1 on), ``baseline``, ``change`` (float), ``missing_reason`` (text; missing when there is
      a value, ``not to be asked`` where its form does not ask for it), ``not_applicable`` (boolean: the value could not exist, so that it is not one of
      those that are missing).
    * ``periods``, of a crossover trial one row a randomised participant, outcome and period:
      ``subject_id``, ``sequence``, ``outcome``, ``period``, ``arm`` (the treatment that the sequence
      has in it), ``visit`` (the period's time point), ``value``, ``baseline`` (at the start of the
      period), ``change`` (from there), ``missing_reason``, ``not_applicable``, ``baseline_reason``.
    * ``exposures``, one row a randomised participant, count with an exposure, and visit at which
      that is asked: ``subject_id``, ``outcome`` (ordered category), ``visit`` (ordered category),
      ``exposure`` (float, in the outcome's unit; NaN where it is not known).
    * ``adverse_events``, one row an event: ``subject_id``, ``arm`` (as received, missing where
      nobody knows), ``term``, ``event_class`` (missing where no item asks), ``severity`` (ordered category where the form lists
      them), ``serious``, ``related``, ``led_to_withdrawal`` (boolean), ``start_earliest`` and
      ``start_latest`` (the same day, but of a date that is known in part),
      ``before_randomisation`` (boolean: no arm can have caused it; missing where it is not known),
      and ``not_asked`` (the :class:`EventFact` that its form did not show, as a set).
    * ``attendance``, one row a randomised participant of an arm with planned sessions:
      ``subject_id``, ``arm``, ``planned``, ``prescribed`` (up to withdrawal or the data cut,
      without ``unknown``), ``attended``, ``unknown`` (sessions of which nobody knows whether they
      were attended), ``minutes``.
    * ``dose``, one row a row of ``attendance``: ``subject_id``, ``arm``, and what the session log
      asks for of ``sets`` and ``repetitions`` (in all, of the sessions attended), ``first_load``,
      ``last_load`` and ``progression`` (their difference); missing where it is not known.
    * ``concomitant``, one row a participant and treatment: ``subject_id``, ``arm``, ``term``.
    * ``at_risk``, one row a randomised participant and outcome with a time at risk: ``subject_id``,
      ``arm``, ``outcome`` (ordered category), ``time`` (float, in the outcome's unit of time; NaN of
      who was never at risk, or of whom it is not known), ``status`` (a member of
      :class:`~trialkit.results.at_risk.AtRiskStatus`), ``cause`` (the outcome's code, or that of the
      competing event that ended it; missing where none did), ``reason`` (text: why the time ended
      without an event, or why there is none), ``events`` (how many within the time at risk), and
      ``before`` and ``after`` (how many that the form has before its origin and after its end).
    * ``event_log``, one row an event of an outcome that can happen again, within the time at risk:
      ``subject_id``, ``arm``, ``outcome``, ``time`` (in the outcome's unit, above 0: of an event on
      the day of the origin half a day).
    * ``intercurrent``, one row a randomised participant and intercurrent event of the protocol that
      happened, its first: ``subject_id``, ``arm``, ``event`` (ordered category of the codes, in the
      order of the protocol), ``date`` (missing where the day is not known, or not asked for),
      ``visit`` (ordered category: from it on values are known to lie after the event; missing where
      none do), ``maybe_from`` (same: an earlier visit from which on they may, since a day is not
      known; missing where all is known). Baseline and what lies before it is never affected.
      ``intercurrent_unknown`` has ``subject_id``, ``arm`` and ``event`` of whom it is not known
      whether it happened: an answer that would say so is not there.
    * ``deviations``, one row a deviation from the protocol, recorded or shown by the data:
      ``subject_id``, ``arm``, ``term`` (ordered category, also of those that nobody had).
    """

    subjects: pd.DataFrame
    characteristics: pd.DataFrame
    characteristic_kinds: Mapping[str, CharacteristicKind]
    measurements: pd.DataFrame
    adverse_events: pd.DataFrame
    attendance: pd.DataFrame
    concomitant: pd.DataFrame
    populations: tuple[Population, ...]
    disposition: Disposition
    planned_visits: Mapping[str, tuple[str, ...]]
    """By outcome, the visits at which its value is planned, also before anybody came to one."""
    outcome_levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By ordinal outcome, the label of each level by its code, in their order: the first has the value
    1 in ``measurements``."""
    worst_values: Mapping[str, float] = field(default_factory=dict)
    """By outcome, the worst value that its item can have, where that has an end."""
    not_collected: NotCollected = EVERYTHING
    """Which counts have no source, since no form asks for what they would count."""
    days_unknown: frozenset[str] = frozenset()
    """Whose visits may have been outside their windows, since a day that would show it is not known."""
    deviations: pd.DataFrame = field(default_factory=_nothing_deviated)
    at_risk: pd.DataFrame = field(default_factory=nobody_at_risk)
    event_log: pd.DataFrame = field(default_factory=nothing_happened)
    intercurrent: pd.DataFrame = field(default_factory=nobody_had_any)
    intercurrent_unknown: pd.DataFrame = field(default_factory=of_nobody_unknown)

    periods: pd.DataFrame = field(default_factory=_no_periods)
    exposures: pd.DataFrame = field(default_factory=_nothing_at_risk)
    dose: pd.DataFrame = field(default_factory=_nothing_done)
    dose_units: Mapping[str, str] = field(default_factory=dict)
    """The units of the columns of ``dose`` that have one."""
    restrictions: Mapping[str, str] = field(default_factory=dict)
    """What restricted the randomisation, as far as a form asks for it: ``block`` and ``stratum`` of
    ``subjects``, each with its item as ``form.item``."""

    def population(self, code: str) -> Population:
        """The population with this code."""
        return by_code(self.populations, code, what="population")
