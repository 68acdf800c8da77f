"""What is known of an instrument: what is asked, how it is scored, and what a change of it means."""

from dataclasses import dataclass
from enum import StrEnum

from trialkit.schemas.forms.forms import (
    Expected,
    FormKind,
    FormTest,
    Purpose,
    Rule,
    StoppingSignal,
)
from trialkit.schemas.instruments.formulas import Formula
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType


class ScoreDirection(StrEnum):
    """What a higher score says."""

    HIGHER_IS_WORSE = "higher_is_worse"
    HIGHER_IS_BETTER = "higher_is_better"
    NEITHER = "neither"
    """It describes and does not rate."""
    UNKNOWN = "unknown"
    """No source was found; the protocol says what it takes it to be."""


class ThresholdKind(StrEnum):
    """What a threshold is about. None of them is a margin for the difference between groups."""

    IMPORTANT_CHANGE = "minimal_important_change"
    """Of one person, as patients rate it."""
    DETECTABLE_CHANGE_90 = "minimal_detectable_change_90"
    """Of one person, beyond measurement error with 90 % confidence."""
    DETECTABLE_CHANGE_95 = "minimal_detectable_change_95"
    MEASUREMENT_ERROR = "standard_error_of_measurement"
    RECOVERED = "recovered"
    """A score at which people call themselves recovered."""
    RELEVANT_LEVEL = "clinically_relevant_level"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A published threshold of a score, with its source.

    ``value`` is in the unit of the score, ``percent`` of the baseline value; either may be missing.
    ``confirmed`` is false where the source itself was not seen when this was written.
    """

    kind: ThresholdKind
    source: str
    value: float | None = None
    percent: float | None = None
    population: str = ""
    confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedVisits:
    """One item of the instrument: a number, or what else a form can hold.

    The label names the item by its number or its measure. The words of a questionnaire are its
    owner's and are not here.
    """

    id: str
    label: str
    type: ItemType = ItemType.INTEGER
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[ItemChoice, ...] = ()
    required: bool = False
    shown_when: str = ""
    identifier: bool = False
    purpose: Purpose | None = None
    other_side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A number that the instrument gives, and how it is reckoned."""

    id: str
    label: str
    formula: Formula
    direction: ScoreDirection
    unit: str = "points"
    low: float | None = None
    high: float | None = None
    missing_rule: str = "all items must be answered"
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A score that hardly anybody has together with a score of another instrument at one visit."""

    score: str
    instrument: str
    """The other one."""
    other: str
    """Its score."""
    low: float | None = None
    high: float | None = None
    """The score of this one, from ``low`` up or from ``high`` down."""
    other_low: float | None = None
    other_high: float | None = None
    """The score of the other one, in the same way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A questionnaire, test or measurement: its items, its scores and what is known of them."""

    id: str
    name: str
    measures: str
    items: tuple[AskedVisits, ...]
    scores: tuple[Score, ...]
    reference: str
    rights: str
    """Who owns the words, and what a trial must do before it uses them."""
    notes: tuple[str, ...] = ()
    checks: tuple[Rule, ...] = ()
    """The rules that its form carries."""
    tests: tuple[FormTest, ...] = ()
    """Rows that break these rules, and rows that keep them; days in them are as 2025-03-31."""
    kind: FormKind = FormKind.ASSESSMENT
    expected: Expected = Expected.RANDOMISED
    repeating: bool = False
    contradictions: tuple[Contradiction, ...] = ()
    """What of it and of other instruments does not go together."""
    stopping: StoppingSignal | None = None
    unconfirmed: tuple[str, ...] = ()
    """What is said here from general knowledge, without a source that was seen."""

    def item(self, item_id: str) -> AskedVisits:
        """The item with this id."""
        return next(item for item in self.items if item.id == item_id)

    def item_of(self, score_id: str) -> str:
        """The item of its form that holds a score: a single answer is its own score."""
        score = self.score(score_id)
        return score.formula.items[0] if score.formula.is_answer else score.id

    def score(self, score_id: str) -> Score:
        """The score with this id."""
        return next(score for score in self.scores if score.id == score_id)


def rated(prefix: str, count: int, *, low: int, high: int, of: str) -> tuple[AskedVisits, ...]:
    """Numbered items that are all rated on the same scale: ``prefix_1`` and so on."""
    return tuple(
        AskedVisits(id=f"{prefix}_{number}", label=f"{of}, item {number}", low=low, high=high)
        for number in range(1, count + 1)
    )


def numbered(prefix: str, numbers: tuple[int, ...] | range) -> tuple[str, ...]:
    """The ids of some of the numbered items."""
    return tuple(f"{prefix}_{number}" for number in numbers)
