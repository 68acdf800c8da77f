"""The nouns that the analyses read; afterwards nobody asks how a value was entered."""

from dataclasses import dataclass, field

import pandas as pd

from trialkit.errors import DatasetError


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
class Reason:
    """Why participants left the flow at one place, and how many did."""

    text: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmFlow:
    """One arm's way through the trial (CONSORT 22)."""

    arm: str
    label: str
    allocated: int
    received: int
    not_received: tuple[Reason, ...]
    lost: tuple[Reason, ...]
    """Lost to follow-up for the primary outcome."""
    discontinued: tuple[Reason, ...]
    """Discontinued the intervention; they may still be followed up and analysed."""
    analysed: int
    excluded: tuple[Reason, ...]
    """Not lost, but not in the primary analysis, also since the outcome is not due at the cut."""
    lost_but_analysed: int = 0
    """Lost for the primary outcome, yet analysed from what had been observed before."""

    def __post_init__(self) -> None:
        not_received = sum(reason.count for reason in self.not_received)
        if self.allocated != self.received + not_received:
            raise DatasetError(
                f"flow of arm {self.arm!r} does not add up: {self.allocated} allocated, but "
                f"{self.received} received and {not_received} did not"
            )
        left = sum(reason.count for reason in (*self.lost, *self.excluded))
        left -= self.lost_but_analysed
        if self.allocated != self.analysed + left:
            raise DatasetError(
                f"flow of arm {self.arm!r} does not add up: {self.allocated} allocated, but "
                f"{self.analysed} analysed and {left} lost or excluded"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """How many people were at each stage, and why not more; the boxes of the flow diagram."""

    assessed: int
    not_randomised: tuple[Reason, ...]
    """Reasons why assessed people were not randomised; zeros are kept."""
    randomised: int
    arms: tuple[ArmFlow, ...]

    def __post_init__(self) -> None:
        left = sum(reason.count for reason in self.not_randomised)
        if self.assessed != left + self.randomised:
            raise DatasetError(
                f"flow does not add up: {self.assessed} assessed, but {left} excluded and "
                f"{self.randomised} randomised"
            )
        allocated = sum(arm.allocated for arm in self.arms)
        if self.randomised != allocated:
            raise DatasetError(
                f"flow does not add up: {self.randomised} randomised, {allocated} allocated"
            )


def _nothing_deviated() -> pd.DataFrame:
    """Deviations of a trial of which nobody looked for any."""
    return pd.DataFrame({"subject_id": [], "arm": [], "term": []}, dtype="str")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Datasets:
    """Everything that can be analysed or reported, derived once from a snapshot.

    * ``subjects``, one row a person who was screened or randomised: ``subject_id``, ``screened``
      (boolean; who was randomised without is a hard finding), ``site``, ``screening_date``,
      ``consent_date``, ``eligible`` (boolean), ``not_enrolled_reason``, ``randomised`` (boolean),
      ``randomisation_date``, ``arm`` (ordered category, reference first), ``arm_received`` (same),
      ``received_intervention`` (boolean), ``discontinued`` (boolean), ``discontinuation_reason``,
      ``completed`` (boolean), ``end_date``, ``end_reason``.
    * ``characteristics``, one row a randomised participant and baseline characteristic:
      ``subject_id``, ``arm``, ``characteristic`` (ordered category of ``form.item``), ``value``
      (float, NaN for categories), ``category`` (text, missing for numbers), ``rank`` (the place
      of the category among the form's choices; missing for numbers and free text).
    * ``measurements``, one row a randomised participant, outcome and visit that was planned:
      ``subject_id``, ``arm``, ``outcome`` (ordered category), ``visit`` (ordered category),
      ``value``, ``baseline``, ``change`` (float), ``missing_reason`` (text; missing when there is
      a value), ``not_applicable`` (boolean: the value could not exist, so that it is not one of
      those that are missing).
    * ``adverse_events``, one row an event: ``subject_id``, ``arm`` (as received), ``term``,
      ``severity`` (ordered category where the form lists them), ``serious``, ``related`` (boolean), ``led_to_withdrawal``, ``start_date``,
      ``before_randomisation`` (no arm can have caused it).
    * ``attendance``, one row a randomised participant of an arm with planned sessions:
      ``subject_id``, ``arm``, ``planned``, ``prescribed`` (up to withdrawal or the data cut,
      without ``unknown``), ``attended``, ``unknown`` (sessions of which nobody knows whether they
      were attended), ``minutes``.
    * ``concomitant``, one row a participant and treatment: ``subject_id``, ``arm``, ``term``.
    * ``deviations``, one row a deviation from the protocol, recorded or shown by the data:
      ``subject_id``, ``arm``, ``term`` (ordered category, also of those that nobody had).
    """

    subjects: pd.DataFrame
    characteristics: pd.DataFrame
    measurements: pd.DataFrame
    adverse_events: pd.DataFrame
    attendance: pd.DataFrame
    concomitant: pd.DataFrame
    populations: tuple[Population, ...]
    disposition: Disposition
    harms_collected: bool = True
    """Whether the trial has a form for harms; without one, no event is not the same as none."""
    deviations: pd.DataFrame = field(default_factory=_nothing_deviated)

    def population(self, code: str) -> Population:
        """The population with this code."""
        return next(population for population in self.populations if population.code == code)
