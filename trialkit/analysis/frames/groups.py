"""Rows of a frame, split by arm: who is compared with whom, and who is left out and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, column, levels, numbers
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.errors import AnalysisError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """The observed values of one arm."""

    arm: str
    values: np.ndarray

    @property
    def n(self) -> int:
        """How many subjects the arm has."""
        return len(self.values)

    @property
    def mean(self) -> float:
        """The arm's mean."""
        return float(np.mean(self.values))

    @property
    def variance(self) -> float:
        """The arm's variance, with n − 1 in the denominator."""
        return float(np.var(self.values, ddof=1))

    @property
    def sd(self) -> float:
        """The arm's standard deviation, with n − 1 in the denominator."""
        return float(np.sqrt(self.variance))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """The arms in their stated order, and the rows that belong to none of them."""

    samples: tuple[Sample, ...]
    levels: tuple[object, ...]
    excluded: pd.DataFrame

    def against(self, reference: object) -> tuple[tuple[Sample, Sample], ...]:
        """Each other arm with the reference arm, experimental first."""
        control = self.samples[self.levels.index(reference)]
        return tuple((each, control) for each in self.samples if each is not control)


def contrast_label(experimental: str, reference: str) -> str:
    """How a contrast is written everywhere: experimental minus reference."""
    return f"{experimental} - {reference}"


def split_by_arm(
    frame: pd.DataFrame,
    *,
    outcome: str,
    arm: str,
    reference: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> Groups:
    """The outcome's values of each arm; rows without outcome or arm are listed as excluded.

    Raises :class:`AnalysisError` for fewer than two arms, for an arm without any value, for a
    ``subject`` with two rows to use, and for values whose squares cannot be computed.
    """
    values = numbers(frame, outcome, parameter="outcome")
    codes, arms = arm_codes(frame, arm, reference=reference, order=order)
    keep = (codes >= 0) & ~np.isnan(values)
    refuse_repeated(frame, subject, used=keep)
    refuse_unworkable_size(values[keep], outcome)
    samples = tuple(
        Sample(arm=str(name), values=values[keep & (codes == index)])
        for index, name in enumerate(arms)
    )
    refuse_empty(tuple((sample.arm, sample.n) for sample in samples), of=outcome, arm=arm)
    excluded = excluded_rows(
        frame,
        subject=subject,
        reasons=((codes < 0, f"{arm} is missing"), (np.isnan(values), f"{outcome} is missing")),
    )
    return Groups(samples=samples, levels=arms, excluded=excluded)


def arm_codes(
    frame: pd.DataFrame,
    arm: str,
    *,
    reference: object | None = None,
    order: Order | None = None,
) -> tuple[np.ndarray, tuple[object, ...]]:
    """The arm of each row as a code (−1 where missing) and the arms, two or more."""
    codes, arms = levels(frame, arm, parameter="arm", order=order, reference=reference)
    if len(arms) < 2:
        listed = ", ".join(repr(each) for each in arms) or "no arm"
        raise AnalysisError(f"a comparison needs two arms or more; arm={arm!r} holds {listed}")
    return codes, arms


def refuse_empty(counts: tuple[tuple[str, int], ...], *, of: str, arm: str) -> None:
    """An error that names the arms without any value to compare."""
    empty = [name for name, n in counts if n == 0]
    if empty:
        raise AnalysisError(
            f"no value of {of!r} in {arm} {', '.join(empty)}: an arm without data cannot be compared",
            advice="leave it out of the data and of the order, or complete it",
        )


def none_applies(reasons: Sequence[tuple[np.ndarray, str]]) -> np.ndarray:
    """The rows (n,) that no reason to leave one out applies to."""
    out = reasons[0][0]
    for applies, _ in reasons[1:]:
        out = out | applies
    return np.asarray(~out)


def of_rows(values: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """A copy of the values (n, ...) of the rows to keep (n,), not picked one by one where that is all."""
    return values.copy() if keep.all() else values[keep]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnusedRows:
    """The rows that cannot be used: labels of the kind ``named_by``, and why each is out."""

    named_by: str
    labels: np.ndarray
    reasons: np.ndarray

    def to_frame(self) -> pd.DataFrame:
        """A row for each, with its ``reason``."""
        return pd.DataFrame({self.named_by: self.labels, "reason": self.reasons})


def unused_rows(
    frame: pd.DataFrame,
    *,
    subject: str | None,
    reasons: tuple[tuple[np.ndarray, str], ...],
) -> UnusedRows:
    """The rows that any reason applies to, each with the first that does.

    They are named by ``subject`` where given, else by their label in the frame (``row``).
    """
    label = frame.index if subject is None else column(frame, subject, parameter="subject")
    places = np.flatnonzero(~none_applies(reasons))
    reason = np.full(len(places), None, dtype=object)
    for applies, text in reversed(reasons):
        reason[applies[places]] = text
    return UnusedRows(
        named_by="row" if subject is None else "subject",
        labels=np.asarray(label)[places],
        reasons=reason,
    )


def excluded_rows(
    frame: pd.DataFrame,
    *,
    subject: str | None,
    reasons: tuple[tuple[np.ndarray, str], ...],
) -> pd.DataFrame:
    """The frame of :func:`unused_rows`."""
    return unused_rows(frame, subject=subject, reasons=reasons).to_frame()


def check_generator(rng: object) -> None:
    """Refuse anything but a generator, so that a seed is written where it can be seen."""
    if not isinstance(rng, np.random.Generator):
        raise AnalysisError(
            f"rng must be a numpy Generator, such as numpy.random.default_rng(5); got {rng!r}"
        )


def check_level(conf_level: float) -> None:
    """Refuse a confidence level that is no proportion, such as 95."""
    if not 0 < conf_level < 1:
        raise AnalysisError(
            f"conf_level must lie between 0 and 1, as 0.95 does; got {conf_level!r}"
        )


def places_within(frame: pd.DataFrame, within: tuple[str, ...]) -> np.ndarray:
    """One integer for each combination of strata and block."""
    if not within:
        return np.zeros(len(frame), dtype=np.intp)
    for name in within:
        if column(frame, name, parameter="block or strata").isna().any():
            raise AnalysisError(
                f"{name!r} is missing in some rows: without it nobody knows what the arms were "
                "permuted within"
            )
    return np.asarray(frame.groupby(list(within), sort=False, observed=True).ngroup())
