"""Notes that readers of the results understand: written and read in one place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trialkit.results.effect import StandardisedBy

NOT_COLLECTED = "not collected: no form of the trial asks for it"
"""Why a count has no number (:attr:`~trialkit.results.effect.Status.NOT_COLLECTED`)."""
SEVERAL_APPLY = "several choices may apply to a participant"
NOT_USED = "not used by the program, which does not say why"
"""Why participants are not in the results of another program."""
OF_UNKNOWN_DATA = "the file does not say of which data"
_PENALISED = "by Firth's penalised likelihood, since maximum likelihood has "
_NO_FINITE = "no finite estimate of "
NO_OVERDISPERSION = (
    "the counts vary no more than Poisson's: theta is infinite, and the model is Poisson's"
)
_READ_FROM = "read from "
NOT_DUE = "not-yet-due"
"""What stands for a strategy of imputed values that are still to come at the data cut."""
_COVARIANCE = " covariance"
_ALL, _DRAWN = "all", "randomly drawn"


def without_logarithm(values: int) -> str:
    """Why so many values leave a group without a geometric mean."""
    one = values == 1
    return (
        f"not estimable: {values} {'value is' if one else 'values are'} 0 or below, and "
        f"{'has' if one else 'have'} no logarithm"
    )


def covariance_note(used: str, failed: Iterable[tuple[str, str]]) -> str:
    """Which covariance structure a model has, and which could not be fitted and why."""
    return "; ".join(
        [f"{used}{_COVARIANCE}", *(f"{structure} failed: {reason}" for structure, reason in failed)]
    )


def covariance_used(note: str) -> str:
    """The structure that :func:`covariance_note` says was used."""
    return note.partition("; ")[0].removesuffix(_COVARIANCE)


def imputed_note(counts: Mapping[str, int]) -> str:
    """By which strategy how many values were imputed: ``jump-to-reference: 3; missing-at-random: 1``.

    Those that are ``NOT_DUE`` are told apart: nobody has lost them.
    """
    return "; ".join(f"{strategy}: {counts[strategy]}" for strategy in sorted(counts))


def strategies_imputed(note: str) -> tuple[str, ...]:
    """The strategies by which :func:`imputed_note` says that values were imputed."""
    named = (part.partition(": ")[0] for part in note.split("; ") if part)
    return tuple(each for each in named if each != NOT_DUE)


def not_due_imputed(note: str) -> int:
    """How many of the values :func:`imputed_note` says to be still to come at the data cut."""
    parts = (part.partition(": ") for part in note.split("; "))
    return sum(int(number) for name, _, number in parts if name == NOT_DUE)


def penalised_note(coefficients: Iterable[str]) -> str:
    """That a penalised model stands in for one without finite estimates, and of what it has none."""
    return f"{_PENALISED}{_NO_FINITE}{', '.join(coefficients)}"


def is_penalised(note: str) -> bool:
    """Whether :func:`penalised_note` said this."""
    return note.startswith(_PENALISED)


def infinite_note(coefficients: Iterable[str], *, why: str) -> str:
    """Why a ratio has no finite estimate, or none of its limits."""
    return f"{_NO_FINITE}{', '.join(coefficients)}: {why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocations:
    """Among how many allocations a rerandomisation test looked, and whether these are all."""

    number: int
    exact: bool


def allocations_note(as_extreme: object, among: Allocations) -> str:
    """How many allocations are as extreme as the one that was drawn for the trial."""
    drawn = _ALL if among.exact else _DRAWN
    return f"{as_extreme} of {among.number} {drawn} allocations as extreme"


def allocations_of(note: str) -> Allocations:
    """Among what :func:`allocations_note` says that the test looked."""
    number, _, rest = note.partition(" of ")[2].partition(" ")
    return Allocations(number=int(number), exact=rest.startswith(_ALL))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """Which share of each arm is trimmed, and whether it follows from who ranks worst."""

    share: float
    adaptive: bool


_WORST_OF_EACH = "the worst "
_OF_EACH_ARM = " % of each arm trimmed"
_ADAPTIVE = ", the largest share of an arm that ranks worst"


def trimmed_note(trimmed: Trimmed) -> str:
    """Which share of each arm is trimmed."""
    how = _ADAPTIVE if trimmed.adaptive else ""
    return f"{_WORST_OF_EACH}{100 * trimmed.share:.4g}{_OF_EACH_ARM}{how}"


def ranked_note(n_trimmed: int, n_worst: int) -> str:
    """How many of an arm are trimmed, and how many rank below every value."""
    return f"trimmed: {n_trimmed}; ranking worst, below every value: {n_worst}"


def trimming_of(note: str) -> str:
    """What :func:`trimmed_note` says in a note; blank where it says nothing."""
    parts = (each for each in note.split("; ") if each.startswith(_WORST_OF_EACH))
    return next(parts, "")


def several_lines_note(lowest: float, highest: float) -> str:
    """That a quantile is not one value, and between which its estimate is the middle."""
    return (
        f"several values serve as this quantile: the estimate is the middle from {lowest:.6g} to "
        f"{highest:.6g}"
    )


def standardised_note(by: StandardisedBy | None) -> str:
    """What a standardised difference is a multiple of, beside the column that says the same."""
    return "" if by is None else f"standardised by the {by.value}"


def origin_note(file: str, line: int, *, names_data: bool) -> str:
    """Where a number of another program was read, and whether the file says of which data it is."""
    place = f"{_READ_FROM}{file}, line {line}"
    return place if names_data else f"{place}; {OF_UNKNOWN_DATA}"


def printed_note(note: str) -> str:
    """What a page prints of a note: all but where the number was read, which a trail tells."""
    parts = note.split("; ")
    return "; ".join(
        each for each in parts if not each.startswith(_READ_FROM) and each != OF_UNKNOWN_DATA
    )


def origin_of(note: str) -> str:
    """The place that :func:`origin_note` tells; blank where a note tells none."""
    places = (each for each in note.split("; ") if each.startswith(_READ_FROM))
    return next(places, "").removeprefix(_READ_FROM)
