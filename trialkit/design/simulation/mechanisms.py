"""Why participants leave, and what becomes of their values: the mechanisms of ``simulation.toml``."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from trialkit.errors import ProtocolError
from trialkit.grammar import counted
from trialkit.protocol.methods.estimands import Strategy
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.trial.protocol import Protocol

_STEEPEST = 10.0
"""Log odds for a standard deviation, beyond which who leaves is all but decided by the value."""


class LeavingDependsOn(StrEnum):
    """What the chance of leaving before a visit depends on, besides the arm."""

    NOTHING = "mcar"
    """Missing completely at random."""
    SEEN = "mar"
    """On the last value that was observed: missing at random."""
    UNSEEN = "mnar"
    """On the value that is not observed, or values change by leaving: missing not at random."""


class SeenAs(StrEnum):
    """As what the value is seen that leaving depends on."""

    VALUE = "value"
    CHANGE = "change"
    """From baseline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingOfArm:
    """What one arm has of its own."""

    arm: str
    dropout: float | None = None
    delta: float | None = None

    def __post_init__(self) -> None:
        _check_share("dropout", self.dropout)


@dataclass(frozen=True, slots=True, kw_only=True)
class DropoutMechanism:
    """One way in which participants leave."""

    name: str
    mechanism: LeavingDependsOn
    dropout: float | None = None
    """The share that has left before the last visit; that of ``[conduct]`` where it is not said."""
    log_odds_per_sd: float = 0.0
    """By how much the log odds of leaving rise with each standard deviation that the value is higher."""
    depends_on: SeenAs = SeenAs.VALUE
    retrieved: float = 0.0
    """The share of those who left whose values are observed all the same."""
    delta: float = 0.0
    """What values are higher by from the first visit after leaving on."""
    arms: tuple[LeavingOfArm, ...] = ()
    event: str = ""
    """The intercurrent event that leaving is, where an estimand names several with other strategies."""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ProtocolError("name is blank; results name the mechanism by it")
        _check_share("dropout", self.dropout)
        if not 0 <= self.retrieved <= 1:
            raise ProtocolError(f"retrieved is a share from 0 to 1, got {self.retrieved}")
        if abs(self.log_odds_per_sd) > _STEEPEST:
            raise ProtocolError(
                f"log_odds_per_sd must be from -{_STEEPEST:g} to {_STEEPEST:g}, got {self.log_odds_per_sd}"
            )
        depends = self.log_odds_per_sd != 0
        shifts = self.delta != 0 or any(each.delta for each in self.arms)
        match self.mechanism:
            case LeavingDependsOn.NOTHING if depends or shifts:
                raise ProtocolError(
                    "nothing is missing completely at random that log_odds_per_sd or delta make depend "
                    'on values; say mechanism = "mar" or "mnar"'
                )
            case LeavingDependsOn.SEEN if not depends or shifts:
                raise ProtocolError(
                    "mar needs log_odds_per_sd, of the last value that was observed, and has no delta: "
                    'values that change by leaving are missing not at random ("mnar")'
                )
            case LeavingDependsOn.UNSEEN if not depends and not shifts:
                raise ProtocolError(
                    "mnar needs log_odds_per_sd, of the value that is not observed, or a delta"
                )

    def dropout_in(self, arm: str, default: float) -> float:
        """The share of an arm that has left before the last visit."""
        own = next((each.dropout for each in self.arms if each.arm == arm), None)
        stated = self.dropout if own is None else own
        return default if stated is None else stated

    def delta_in(self, arm: str) -> float:
        """What values of an arm change by after leaving."""
        own = next((each.delta for each in self.arms if each.arm == arm), None)
        return self.delta if own is None else own

    @property
    def depends_on_values(self) -> bool:
        """Whether leaving or values after it are told by numbers."""
        return self.mechanism is not LeavingDependsOn.NOTHING


def _check_share(name: str, share: float | None) -> None:
    if share is not None and not 0 <= share < 1:
        raise ProtocolError(f"{name} is a share from 0 to below 1, got {share}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingAsEvent:
    """What an estimand makes of leaving."""

    strategy: Strategy = Strategy.TREATMENT_POLICY
    sets_missing: bool = False
    """Whether values after it are set missing though they were observed."""
    code: str = ""
    """That of the intercurrent event, where a form records it."""


def leaving_as_event(
    protocol: Protocol, analysis: Analysis, mechanism: DropoutMechanism
) -> LeavingAsEvent | str:
    """What the estimand of an analysis makes of leaving by a mechanism; or why that is not simulated.

    Of an estimand without intercurrent events leaving is none: every value counts.
    """
    named = protocol.estimand(analysis.estimand).intercurrent_events
    asked = [each for each in named if not mechanism.event or each.event == mechanism.event]
    strategies = {each.strategy for each in asked}
    if len(strategies) > 1:
        return (
            f"its estimand has {counted(len(strategies), 'strategy', 'strategies')} for its events; name "
            f"the event that leaving is in mechanism {mechanism.name!r}"
        )
    if not strategies:
        return LeavingAsEvent()
    (strategy,) = strategies
    if strategy not in {Strategy.TREATMENT_POLICY, Strategy.HYPOTHETICAL}:
        return f"what leaving comes to by the {strategy.value} strategy of its estimand is not simulated"
    coded = {each.code for each in protocol.intercurrent_events}
    code = next((each.event for each in asked if each.event in coded), "")
    return LeavingAsEvent(
        strategy=strategy,
        sets_missing=strategy is Strategy.HYPOTHETICAL and bool(code),
        code=code,
    )


def complain_of_mechanisms(
    mechanisms: Sequence[DropoutMechanism], protocol: Protocol, complaints: Complaints
) -> None:
    """Add a complaint for each name that stands twice, and for arms and events that there are not."""
    arms = [*protocol.arm_codes]
    events = [each.event for own in protocol.estimands for each in own.intercurrent_events]
    seen = set[str]()
    for each in mechanisms:
        table = f"mechanisms {each.name!r}"
        if each.name in seen:
            complaints.add(
                table=table, key="name", found="the name again", expected="one of its own"
            )
        seen.add(each.name)
        for own in each.arms:
            if own.arm not in arms:
                expected = f"an arm of the protocol{suggestion(own.arm, arms)}"
                complaints.add(table=table, key="arm", found=repr(own.arm), expected=expected)
        if each.event and each.event not in events:
            expected = f"an intercurrent event of an estimand{suggestion(each.event, events)}"
            complaints.add(table=table, key="event", found=repr(each.event), expected=expected)
