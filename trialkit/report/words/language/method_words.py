"""The words of a method, whatever the language: what each language has to say, and from what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim
from trialkit.results.lookup import ResultIndex, Statistics
from trialkit.results.vocabulary import Stat

S = TypeVar("S", bound=Specification)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Telling:
    """What an analysis is told from, beside its specification.

    ``visits`` is how many it reads; ``index`` holds what the fits say of themselves, and is None
    before there are data.
    """

    outcomes: tuple[Outcome, ...]
    protocol: Protocol
    visits: int
    analysis_id: str = ""
    index: ResultIndex | None = None

    @property
    def of_risks(self) -> bool:
        """Whether the outcomes are events that a participant has or has not."""
        return all(each.kind.is_proportion for each in self.outcomes)

    def notes(self, stat: Stat) -> tuple[tuple[Outcome, str], ...]:
        """What the results note beside a statistic, once an outcome; nothing before there are data."""
        if self.index is None:
            return ()
        found = (
            (each, self.index.find(self.analysis_id, outcome=each.code, having=stat))
            for each in self.outcomes
        )
        return tuple(
            (outcome, rows[stat].note)
            for outcome, rows in found
            if stat in rows and rows[stat].stat is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """One contrast of the results, and the arm that it compares with the reference."""

    found: Statistics
    outcome: Outcome
    arm: Arm
    protocol: Protocol


def _nothing(*_: object) -> str:
    return ""


def _no_response(_: object) -> Response | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodWords(Generic[S]):
    """What a language says of the methods of one specification.

    What is left out, the page says as it does of any method. No text has a full stop.
    """

    names: Mapping[Method, str]
    describe: Callable[[S, Telling], str]
    """The analysis in a sentence of the methods section."""
    tells: Callable[[S], frozenset[str]] = lambda _: frozenset()
    """What ``describe`` names beside the effect, its limits and p: statistics, and measures of risks."""
    variant: Callable[[S], str] = _nothing
    """What the short name adds to the name, with the sign or word before it."""
    effect: Callable[[S], str] = _nothing
    """What the difference is, as the note below a table has it."""
    effect_in_text: Callable[[S], str] = _nothing
    """What the difference is, as the subject of a sentence."""
    called: Callable[[S], str] = _nothing
    """What the effect is called as the head of a row, where its scale does not say it all."""
    compared: Callable[[S], str] = _nothing
    """How risks were compared, as the note below a table has it."""
    row: Callable[[S, Protocol], str] = _nothing
    """The analysis as the head of a row; else its short name."""
    missing: Callable[[S], str] = _nothing
    """What becomes of who lacks a value; else who lacks one is left out."""
    supposed: Callable[[S, Protocol], str] = _nothing
    """What is supposed of missing values, where ``supposes`` of the specification does not say it all."""
    imputes: Callable[[S], bool] = lambda _: False
    """Whether what ``missing`` says is an imputation."""
    terms: Callable[[S], str] = _nothing
    """How its terms are tested, as the head of their table has it."""
    sides: Callable[[S], str] = _nothing
    """A word before p, where it is not two-sided against no difference."""
    response: Callable[[S], Response | None] = _no_response
    """Which value of the outcome is compared."""
    conclude: Callable[[S, Conclusion], str] = _nothing
    """What the results say in words of one contrast."""
    level: Callable[[S, str], str] = lambda _, level: level
    """A level of the results, in which the arms are compared, as a page prints it."""
    at_cut_points: Callable[[S], str] = _nothing
    """In which of two levels a value is that lies on the border, as a sentence."""
    notes: Callable[[S], tuple[str, ...]] = lambda _: ()
    """What a table that holds such an analysis says below, each once."""
    answers: tuple[Claim, ...] = ()
    """The parts of checklists that the description answers."""

    def short_name(self, specification: S) -> str:
        """The method in a few words, as a table has it."""
        return f"{self.names[specification.method]}{self.variant(specification)}"

    def row_head(self, specification: S, protocol: Protocol) -> str:
        """The analysis as the head of a row."""
        return self.row(specification, protocol) or self.short_name(specification)

    def estimate(self, specification: S) -> str:
        """What the difference is, or by which method it was found."""
        return self.effect(specification) or self.short_name(specification)


AnyWords: TypeAlias = MethodWords[Any]
