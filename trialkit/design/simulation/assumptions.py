"""What is assumed of a trial before it has any data: stated in ``simulation.toml``, or by default.

A default is a placeholder and is named as such: the middle of an item's usual range, a sixth of it
as the standard deviation, the minimal important change as the effect.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import log
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trialkit.design.simulation.level_changes import (
    LevelChange,
    change_at_levels,
    complain_of_levels,
)
from trialkit.design.simulation.mechanisms import DropoutMechanism, complain_of_mechanisms
from trialkit.errors import ProtocolError
from trialkit.grammar import counted
from trialkit.limits import MOST_FOR_EACH, MOST_SIMULATED
from trialkit.protocol.compared import compared
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.sizing.ordered_levels import check_levels
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints, load_toml, read_table, read_tables
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.items.numbers import usual_range

FILE = "simulation.toml"
_MEAN, _SD = 50.0, 10.0
_SHARE_OF_RANGE = 6.0
_PARTICIPANTS = 100
_EVENTS = 2.0
_ODDS_RATIO = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedConduct:
    """How the trial goes, whatever the arms do."""

    participants: int = _PARTICIPANTS
    screened: float = 1.25
    """People screened for each one randomised."""
    dropout: float = 0.1
    """The share of participants gone before the last visit, as many at each visit."""
    missing: float = 0.02
    """The share of required values at visits that hold a missing code."""
    attendance: float = 0.85
    """The chance of attending a planned session."""
    adverse_events: float = 0.3
    """Adverse events for each participant."""
    other_treatments: float = 0.2
    """Other treatments for each participant."""

    def __post_init__(self) -> None:
        if self.participants < 2:
            raise ProtocolError(f"participants must be 2 or more, got {self.participants}")
        if self.participants > MOST_SIMULATED:
            raise ProtocolError(
                f"participants must be {MOST_SIMULATED:,} or fewer, got {self.participants:,}"
            )
        if not 1 <= self.screened <= MOST_FOR_EACH:
            raise ProtocolError(f"screened must be from 1 to {MOST_FOR_EACH}, got {self.screened}")
        for name in ("dropout", "missing", "attendance"):
            if not 0 <= getattr(self, name) <= 1:
                raise ProtocolError(f"{name} is a share from 0 to 1, got {getattr(self, name)}")
        if self.dropout == 1:
            raise ProtocolError("dropout must be below 1")
        if min(self.adverse_events, self.other_treatments) < 0:
            raise ProtocolError("adverse_events and other_treatments must be 0 or more")
        if max(self.adverse_events, self.other_treatments) > MOST_FOR_EACH:
            raise ProtocolError(
                f"adverse_events and other_treatments must be {MOST_FOR_EACH} or fewer for each "
                "participant"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmChange:
    """The change of an outcome from baseline to its time point in one arm; or under one treatment."""

    arm: str
    change: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeAssumption:
    """The distribution of an outcome: normal, equally correlated with ``decay`` 0.

    The correlation of visits *j* and *k* is ``correlation`` × (1 − ``decay``)^(|j − k| − 1). A binary
    outcome happens with the probabilities ``baseline`` (in every arm but for its ``changes``). Of a
    count, or of recurrent events by their time point, ``baseline`` is how many events are expected of a participant, and ``sd`` how much people's own
    rates differ, in multiples of the arm's: the counts are negative binomial with theta 1 / sd².
    An ordinal one has the shares ``levels`` at its levels, the lowest first, under no change; a change is the
    log odds ratio of a higher level, and the correlation that of normal variables behind the levels.
    """

    code: str
    baseline: float | None = None
    """None of an ordinal outcome, which has ``levels``."""
    levels: tuple[float, ...] = ()
    sd: float = 1.0
    correlation: float = 0.5
    decay: float = 0.0
    changes: tuple[ArmChange, ...] = ()
    by_level: tuple[LevelChange, ...] = ()
    """Of a factorial trial: an arm changes by the sum of those that are of it, beside its own change."""
    assumed: str = ""
    """Where the numbers come from; said of defaults."""

    def __post_init__(self) -> None:
        if self.sd <= 0:
            raise ProtocolError(f"sd must be above 0, got {self.sd}")
        if not 0 <= self.correlation < 1:
            raise ProtocolError(f"correlation must be from 0 to below 1, got {self.correlation}")
        if not 0 <= self.decay <= 1:
            raise ProtocolError(f"decay must be from 0 to 1, got {self.decay}")
        if (self.baseline is None) == (not self.levels):
            raise ProtocolError("give baseline or, of an ordinal outcome, levels")
        if self.levels:
            check_levels(self.levels)
            if self.sd != 1:
                raise ProtocolError("sd is of numbers; leave it out beside levels")

    @property
    def start(self) -> float:
        """The value at baseline that is expected; 0, no change, of levels."""
        return self.baseline or 0.0

    @property
    def thresholds(self) -> tuple[float, ...]:
        """The log odds of at most each level but the last; none of an outcome without levels."""
        below = list(accumulate(self.levels))[:-1]
        return tuple(log(share / (1 - share)) for share in below)

    def of_arms(self, arms: Sequence[Arm]) -> "OutcomeAssumption":
        """The same with the change of each arm, which ``by_level`` adds up to."""
        if not self.by_level:
            return self
        added = {arm.code: change_at_levels(self.by_level, arm) for arm in arms}
        changes = tuple(
            ArmChange(arm=code, change=self.change(code) + more) for code, more in added.items()
        )
        return replace(self, changes=changes, by_level=())

    def change(self, arm: str) -> float:
        """The change of an arm; 0 where none is stated."""
        return next((each.change for each in self.changes if each.arm == arm), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The assumed changes of the experimental arms, of which ``effect`` times comes true."""

    name: str
    effect: float


SCENARIOS = (Scenario(name="no effect", effect=0.0), Scenario(name="as assumed", effect=1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Everything that a simulation takes for true."""

    conduct: SimulatedConduct
    outcomes: tuple[OutcomeAssumption, ...]
    scenarios: tuple[Scenario, ...]
    mechanisms: tuple[DropoutMechanism, ...] = ()
    """Each in turn, where any is stated; else participants leave whatever their values."""

    def outcome(self, code: str) -> OutcomeAssumption:
        """The assumption about one outcome."""
        return next(each for each in self.outcomes if each.code == code)


def read_assumptions(
    folder: Path, protocol: Protocol, schemas: Schemas, *, path: Path | None = None
) -> Assumptions:
    """The assumptions in ``path``, or ``simulation.toml`` of the trial; defaults for what is not said.

    Raises :class:`ProtocolError` with all complaints together.
    """
    chosen = path or folder / FILE
    if path is None and not chosen.exists():
        return assume(protocol, schemas)
    raw, _ = load_toml(chosen, file=chosen.name)
    complaints = Complaints(chosen.name)
    known = ("conduct", "outcomes", "scenarios", "mechanisms")
    for name in raw:
        if name not in known:
            expected = f"one of {', '.join(known)}{suggestion(name, list(known))}"
            complaints.add(table=name, key="", found="an unknown table", expected=expected)
    stated: Any = raw.get("conduct", {})
    if isinstance(stated, dict):
        stated = {"participants": _planned(protocol)} | stated
    conduct = read_table(SimulatedConduct, stated, table="conduct", complaints=complaints)
    outcomes = read_tables(
        OutcomeAssumption, raw.get("outcomes"), table="outcomes", complaints=complaints
    )
    scenarios = read_tables(
        Scenario, raw.get("scenarios"), table="scenarios", complaints=complaints
    )
    mechanisms = read_tables(
        DropoutMechanism, raw.get("mechanisms"), table="mechanisms", complaints=complaints
    )
    complain_of_mechanisms(mechanisms, protocol, complaints)
    for each in outcomes:
        complain_of_levels(each.code, each.by_level, protocol, complaints)
    outcomes = tuple(each.of_arms(protocol.arms) for each in outcomes)
    _complain_of_unknown(outcomes, protocol, schemas, complaints)
    if found := complaints.all():
        raise ProtocolError(found)
    default = assume(protocol, schemas)
    given = {each.code: each for each in outcomes}
    return Assumptions(
        conduct=conduct or default.conduct,
        outcomes=tuple(given.get(each.code, each) for each in default.outcomes),
        scenarios=scenarios or default.scenarios,
        mechanisms=mechanisms,
    )


def assume(protocol: Protocol, schemas: Schemas) -> Assumptions:
    """The defaults, from the protocol and the forms alone."""
    return Assumptions(
        conduct=SimulatedConduct(participants=_planned(protocol)),
        outcomes=tuple(_default(outcome, protocol, schemas) for outcome in protocol.outcomes),
        scenarios=SCENARIOS,
    )


def with_participants(assumptions: Assumptions, participants: int) -> Assumptions:
    """The same for another number of participants."""
    return replace(assumptions, conduct=replace(assumptions.conduct, participants=participants))


def _planned(protocol: Protocol) -> int:
    return protocol.sample_size.planned if protocol.sample_size else _PARTICIPANTS


def _default(outcome: Outcome, protocol: Protocol, schemas: Schemas) -> OutcomeAssumption:
    return _DEFAULTS[outcome.kind.summary](outcome, protocol, schemas)


def _sign(outcome: Outcome) -> float:
    return 1.0 if outcome.direction is Direction.HIGHER else -1.0


def _default_risk(outcome: Outcome, protocol: Protocol, _: Schemas) -> OutcomeAssumption:
    return OutcomeAssumption(
        code=outcome.code,
        baseline=0.4,
        changes=_same_change(protocol, 0.2 * _sign(outcome)),
        assumed="by default: a risk of 0.4, and 0.2 better",
    )


def _default_event(outcome: Outcome, protocol: Protocol, _: Schemas) -> OutcomeAssumption:
    """Shorter times are better where lower is, and then more have the event."""
    return OutcomeAssumption(
        code=outcome.code,
        baseline=0.4,
        changes=_same_change(protocol, -0.2 * _sign(outcome)),
        assumed="by default: a risk of 0.4 up to the time point, 0.2 more where sooner is better",
    )


def _default_mean(outcome: Outcome, protocol: Protocol, schemas: Schemas) -> OutcomeAssumption:
    low, high = usual_range(schemas.form(outcome.form).item(outcome.item))
    mean = (low + high) / 2 if low is not None and high is not None else _MEAN
    sd = (high - low) / _SHARE_OF_RANGE if low is not None and high is not None else _SD
    size = outcome.minimal_important_change or sd / 2
    return OutcomeAssumption(
        code=outcome.code,
        baseline=mean,
        sd=sd,
        changes=_same_change(protocol, _sign(outcome) * size),
        assumed="by default: the middle of the usual range, a sixth of it as standard deviation, "
        + ("the minimal important change" if outcome.minimal_important_change else "half of that")
        + " as the effect",
    )


def _default_count(outcome: Outcome, protocol: Protocol, _: Schemas) -> OutcomeAssumption:
    return OutcomeAssumption(
        code=outcome.code,
        baseline=_EVENTS,
        sd=1.0,
        changes=_same_change(protocol, _sign(outcome) * _EVENTS * 0.3),
        assumed="by default: 2 events of a participant, theta 1, and a rate ratio of 0.7 or 1.3",
    )


def _default_levels(outcome: Outcome, protocol: Protocol, schemas: Schemas) -> OutcomeAssumption:
    levels = len(schemas.form(outcome.form).item(outcome.item).choices)
    return OutcomeAssumption(
        code=outcome.code,
        levels=(1 / levels,) * levels,
        changes=_same_change(protocol, _sign(outcome) * log(_ODDS_RATIO)),
        assumed=f"by default: as many at each level, and an odds ratio of {_ODDS_RATIO:g} for a better one",
    )


_DEFAULTS: Mapping[Summary, Callable[[Outcome, Protocol, Schemas], OutcomeAssumption]] = (
    MappingProxyType(
        {
            Summary.MEAN: _default_mean,
            Summary.PROPORTION: _default_risk,
            Summary.RATE: _default_count,
            Summary.LEVELS: _default_levels,
            Summary.TIME: _default_event,
            Summary.RECURRENCE: _default_count,
        }
    )
)
"""What is assumed of an outcome of which nothing is stated, by what it is summed up by."""


def _same_change(protocol: Protocol, change: float) -> tuple[ArmChange, ...]:
    return tuple(ArmChange(arm=arm.code, change=change) for arm in compared(protocol).experimental)


def _complain_of_unknown(
    outcomes: tuple[OutcomeAssumption, ...],
    protocol: Protocol,
    schemas: Schemas,
    complaints: Complaints,
) -> None:
    codes = {outcome.code: outcome for outcome in protocol.outcomes}
    arms = list(compared(protocol).arm_codes)
    offered = {
        each.code: len(schemas.form(each.form).item(each.item).choices)
        for each in protocol.outcomes
        if each.kind.summary is Summary.LEVELS
    }
    for each in outcomes:
        table = f"outcomes {each.code!r}"
        if each.code not in codes:
            complaints.add(
                table=table,
                key="code",
                found=repr(each.code),
                expected=f"an outcome of the protocol{suggestion(each.code, list(codes))}",
            )
            continue
        if len(each.levels) != offered.get(each.code, 0):
            complaints.add(
                table=table,
                key="levels",
                found=counted(len(each.levels), "share"),
                expected=counted(offered.get(each.code, 0), "level"),
            )
        for change in each.changes:
            if change.arm not in arms:
                expected = f"an arm of the protocol{suggestion(change.arm, arms)}"
                complaints.add(table=table, key="arm", found=repr(change.arm), expected=expected)
            risk = each.start + change.change
            if codes[each.code].kind.counts_events and risk <= 0:
                complaints.add(
                    table=table,
                    key="change",
                    found=f"{risk:g} events in {change.arm}",
                    expected="a number above 0",
                )
            kind = codes[each.code].kind
            is_share = kind.is_proportion or kind.happens_once
            if is_share and not 0 <= risk <= 1:
                complaints.add(
                    table=table,
                    key="change",
                    found=f"a risk of {risk:g} in {change.arm}",
                    expected="a risk from 0 to 1",
                )
