"""The re-randomisation test: what else the randomisation that was used could have given.

Arms are permuted within the blocks and strata that were actually used, never across them. The
statistic is a difference in means, or the arm's coefficient of an analysis of covariance, which
by the theorem of Frisch, Waugh and Lovell needs one matrix product for all allocations. See
``docs/methods/rerandomisation.md``.
"""

from dataclasses import dataclass
from itertools import combinations
from math import comb, prod
from typing import assert_never

import numpy as np
import pandas as pd

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.codes import refuse_codes
from trialkit.analysis.frames.frames import Order, column, levels, numbers, sequence_of_names
from trialkit.analysis.frames.groups import (
    arm_codes,
    check_generator,
    contrast_label,
    excluded_rows,
    places_within,
    refuse_empty,
)
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.analysis.resampling.allocations import mixed_blocks, needed_generator
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Alternative
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular

MOST_ENUMERATED = 200_000
"""Up to this many allocations are all counted; more are sampled."""

_MOST_PATTERNS = 20_000  # of one block, in a table
_CHUNK = 20_000
_AS_EXTREME = 1e-9
_COLLINEAR = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReRandomisationTest:
    """One contrast with the share of allocations that are at least as extreme.

    ``exact`` says that all ``allocations`` were counted; otherwise that many were drawn, and p is
    (as extreme + 1) / (drawn + 1).
    """

    contrast: str
    estimate: float
    p_value: float
    exact: bool
    allocations: int
    as_extreme: int
    n_experimental: int
    n_reference: int

    @property
    def monte_carlo_se(self) -> float:
        """The standard error that chance gives ``p_value``; 0 when it is exact."""
        if self.exact:
            return 0.0
        return float(np.sqrt(self.p_value * (1 - self.p_value) / self.allocations))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ReRandomisation(Tabular):
    """What ``rerandomisation_test`` found; ``excluded`` lists the rows that it could not use."""

    outcome: str
    within: tuple[str, ...]
    covariates: tuple[str, ...]
    alternative: Alternative
    tests: tuple[ReRandomisationTest, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """The outcome, its adjustment and what the arms were permuted within."""
        adjusted = f" adjusted for {', '.join(self.covariates)}" if self.covariates else ""
        within = f" within {', '.join(self.within)}" if self.within else ""
        return f"Re-randomisation test of {self.outcome}{adjusted}{within}"

    def to_frame(self) -> pd.DataFrame:
        """One row a contrast."""
        return pd.DataFrame(
            [
                {
                    "contrast": each.contrast,
                    "method": "rerandomisation",
                    "estimate": each.estimate,
                    "p_value": each.p_value,
                    "alternative": self.alternative.value,
                    "exact": each.exact,
                    "allocations": each.allocations,
                    "as_extreme": each.as_extreme,
                    "monte_carlo_se": each.monte_carlo_se,
                    "n_experimental": each.n_experimental,
                    "n_reference": each.n_reference,
                }
                for each in self.tests
            ]
        )


@one_thread()
def rerandomisation_test(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    covariates: tuple[str, ...] = (),
    block: str | None = None,
    strata: tuple[str, ...] = (),
    alternative: Alternative | str = Alternative.TWO_SIDED,
    replicates: int = 100_000,
    rng: np.random.Generator | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> ReRandomisation:
    """Test a difference, or an ANCOVA effect, against all allocations that could have been.

    Estimand
        Each other arm minus ``reference``: the difference in means, or with ``covariates`` the
        arm's least-squares coefficient, in the outcome's unit. The hypothesis is Fisher's sharp
        one: no participant's outcome depends on the arm.

    Reference
        Fisher RA. The Design of Experiments, 1935. Frisch R, Waugh FV. Econometrica
        1933;1:387-401. Phipson B, Smyth GK. Stat Appl Genet Mol Biol 2010;9:39 (p of samples).

    Checked against
        ``tests/reference/between/rerandomisation.json`` (complete enumeration)

    ``frame`` has one row a participant. Arms are permuted among the participants who share
    ``block`` and ``strata``; a block's name may be used again in another stratum. Two-sided p
    counts the allocations whose absolute effect is at least the observed one. Up to
    ``MOST_ENUMERATED`` allocations are all counted; beyond that ``replicates`` are drawn with
    ``rng``, which then must be given. With three arms or more each pair is permuted by itself.

    Categorical covariates need an order. Rows without outcome, arm or covariate are listed in
    ``.excluded``, and the others are permuted among themselves. Raises :class:`AnalysisError` for a
    missing block or stratum, where the blocks allow one allocation only, for a ``subject`` with two
    rows, and for an ``rng`` that is no generator.
    """
    frame = as_pandas(frame)
    side = choose(Alternative, alternative, parameter="alternative")
    adjusted = sequence_of_names(covariates, parameter="covariates")
    stratified = sequence_of_names(strata, parameter="strata")
    if rng is not None:
        check_generator(rng)
    within = stratified + (() if block is None else (block,))
    values = numbers(frame, outcome, parameter="outcome")
    codes, arms = arm_codes(frame, arm, reference=reference, order=order)
    design, incomplete = _covariate_columns(frame, adjusted, order=order)
    places = places_within(frame, within)
    keep = (codes >= 0) & ~np.isnan(values) & ~incomplete
    sizes = tuple((str(name), int((keep & (codes == i)).sum())) for i, name in enumerate(arms))
    refuse_empty(sizes, of=outcome, arm=arm)
    refuse_repeated(frame, subject, used=keep)
    refuse_unworkable_size(values[keep], outcome)
    control = arms.index(reference)
    tests = []
    for index, name in enumerate(arms):
        if index == control:
            continue
        chosen = keep & ((codes == index) | (codes == control))
        effects = rerandomised_effects(
            values[chosen],
            treated=codes[chosen] == index,
            places=places[chosen],
            covariates=design[chosen],
            replicates=replicates,
            rng=rng,
        )
        tests.append(_compare(effects, side, contrast_label(str(name), str(arms[control]))))
    return ReRandomisation(
        outcome=outcome,
        within=within,
        covariates=adjusted,
        alternative=side,
        tests=tuple(tests),
        excluded=excluded_rows(
            frame,
            subject=subject,
            reasons=(
                (codes < 0, f"{arm} is missing"),
                (np.isnan(values), f"{outcome} is missing"),
                (incomplete, "a covariate is missing"),
            ),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effects:
    """The observed effect, and that of every allocation counted or drawn.

    An allocation in which the covariates tell the arms apart has no effect: it is NaN, and counts
    as extreme, so that the test stays valid.
    """

    observed: float
    permuted: np.ndarray
    exact: bool
    n_experimental: int
    n_reference: int


@one_thread()
def rerandomised_effects(
    outcome: np.ndarray,
    *,
    treated: np.ndarray,
    places: np.ndarray,
    covariates: np.ndarray | None = None,
    replicates: int = 100_000,
    rng: np.random.Generator | None = None,
) -> Effects:
    """The effect under each allocation that permutes ``treated`` within ``places``.

    Estimand
        As :func:`rerandomisation_test`, on arrays: ``outcome`` (n,), ``treated`` (n,) boolean,
        ``places`` (n,) integer, ``covariates`` (n, k).

    Reference
        As :func:`rerandomisation_test`.

    Checked against
        ``tests/reference/between/rerandomisation.json`` (complete enumeration)

    Raises :class:`AnalysisError` where no place holds both arms, where the covariates explain the
    outcome or the arm entirely, and where ``rng`` is needed and not given.
    """
    assigned = np.asarray(treated, dtype=bool)
    count = int(assigned.sum())
    scores, root = _residual_scores(np.asarray(outcome, dtype=float), covariates)
    if np.abs(scores).max() <= _COLLINEAR * np.abs(outcome).max():
        raise AnalysisError(
            "the outcome does not vary beyond what the covariates explain: there is nothing that "
            "another allocation could change"
        )
    columns = np.column_stack([scores, root])
    mixed = mixed_blocks(assigned, places)
    fixed = columns[assigned].sum(axis=0) - sum(
        columns[each][assigned[each]].sum(axis=0) for each in mixed
    )
    observed = float(_effects(columns[assigned].sum(axis=0)[None, :], count)[0])
    if np.isnan(observed):
        raise AnalysisError(
            "the covariates tell the arms apart entirely, so that the arm has no effect of its own: "
            "use fewer covariates"
        )
    blocks = [_Block(columns[each], int(assigned[each].sum())) for each in mixed]
    allocations = prod(each.patterns for each in blocks)
    if allocations <= MOST_ENUMERATED:
        permuted = _effects(fixed + _all_sums(blocks), count)
    else:
        drawn_by = needed_generator(rng, most=MOST_ENUMERATED)
        permuted = _sampled(blocks, fixed, count, replicates=replicates, rng=drawn_by)
    return Effects(
        observed=observed,
        permuted=permuted,
        exact=allocations <= MOST_ENUMERATED,
        n_experimental=count,
        n_reference=len(assigned) - count,
    )


class _Block:
    """Participants among whom arms are permuted, and how many of them are treated."""

    def __init__(self, columns: np.ndarray, treated: int) -> None:
        self.columns = columns
        self.treated = treated
        self.patterns = comb(len(columns), treated)

    def table(self) -> np.ndarray:
        """The sums over the treated, of every pattern."""
        chosen = np.array(list(combinations(range(len(self.columns)), self.treated)))
        return np.asarray(self.columns[chosen].sum(axis=1))

    def draw(self, size: int, rng: np.random.Generator) -> np.ndarray:
        """The sums over the treated, of ``size`` random patterns."""
        template = np.zeros(len(self.columns), dtype=np.float64)
        template[: self.treated] = 1.0
        patterns = rng.permuted(np.broadcast_to(template, (size, len(template))), axis=1)
        return np.asarray(patterns @ self.columns)


def _residual_scores(
    outcome: np.ndarray, covariates: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """The outcome without what intercept and covariates explain, and an orthonormal basis of these.

    With w the 0/1 vector of the treated, the coefficient is w'r / (w'w − |Q'w|²).
    """
    intercept = np.ones((len(outcome), 1))
    design = intercept if covariates is None else np.column_stack([intercept, covariates])
    left, singular, _ = np.linalg.svd(_standardised(design), full_matrices=False)
    basis = left[:, singular > _COLLINEAR * singular.max()]
    return outcome - basis @ (basis.T @ outcome), basis


def _standardised(design: np.ndarray) -> np.ndarray:
    """Covariates of any unit, centred and scaled, so that rank is judged fairly."""
    centred = design.copy()
    centred[:, 1:] -= centred[:, 1:].mean(axis=0)
    scale = np.sqrt((centred**2).mean(axis=0))
    return np.asarray(centred / np.where(scale > 0, scale, 1.0))


def _effects(sums: np.ndarray, count: int) -> np.ndarray:
    """The coefficient of each allocation from its sums over the treated; NaN where it has none."""
    free = count - (sums[:, 1:] ** 2).sum(axis=1)
    defined = free > _COLLINEAR * count
    return np.where(defined, sums[:, 0] / np.where(defined, free, 1.0), np.nan)


def _all_sums(blocks: list[_Block]) -> np.ndarray:
    """The sums of every combination of the blocks' patterns."""
    total = np.zeros((1, blocks[0].columns.shape[1]))
    for block in blocks:
        total = (total[:, None, :] + block.table()[None, :, :]).reshape(-1, total.shape[1])
    return total


def _sampled(
    blocks: list[_Block],
    fixed: np.ndarray,
    count: int,
    *,
    replicates: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """The effects of random allocations, block by block, in chunks that stay in the cache."""
    if replicates < 1:
        raise AnalysisError(f"replicates must be at least 1, got {replicates}")
    tables = [each.table() if each.patterns <= _MOST_PATTERNS else None for each in blocks]
    effects = np.empty(replicates)
    for start in range(0, replicates, _CHUNK):
        size = min(_CHUNK, replicates - start)
        sums = np.tile(fixed, (size, 1))
        for block, table in zip(blocks, tables, strict=True):
            if table is None:
                sums += block.draw(size, rng)
            else:
                sums += table[rng.integers(len(table), size=size)]
        effects[start : start + size] = _effects(sums, count)
    return effects


def _compare(effects: Effects, side: Alternative, contrast: str) -> ReRandomisationTest:
    largest = float(np.nanmax(np.abs(effects.permuted), initial=abs(effects.observed)))
    tolerance = _AS_EXTREME * largest
    match side:
        case Alternative.TWO_SIDED:
            extreme = np.abs(effects.permuted) >= abs(effects.observed) - tolerance
        case Alternative.LESS:
            extreme = effects.permuted <= effects.observed + tolerance
        case Alternative.GREATER:
            extreme = effects.permuted >= effects.observed - tolerance
        case _:
            assert_never(side)
    hits, allocations = int((extreme | np.isnan(effects.permuted)).sum()), len(effects.permuted)
    return ReRandomisationTest(
        contrast=contrast,
        estimate=effects.observed,
        p_value=hits / allocations if effects.exact else (hits + 1) / (allocations + 1),
        exact=effects.exact,
        allocations=allocations,
        as_extreme=hits,
        n_experimental=effects.n_experimental,
        n_reference=effects.n_reference,
    )


def _covariate_columns(
    frame: pd.DataFrame, covariates: tuple[str, ...], *, order: Order | None
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers as they are, categories as indicators of all levels but the first."""
    columns: list[np.ndarray] = []
    incomplete = np.zeros(len(frame), dtype=bool)
    for name in covariates:
        found = column(frame, name, parameter="covariates")
        stated = order is not None and name in order
        if pd.api.types.is_numeric_dtype(found.dtype) and not stated:
            values = numbers(frame, name, parameter="covariates")
            refuse_codes(values, name, parameter="covariates")
            refuse_unworkable_size(values, name)
            incomplete |= np.isnan(values)
            columns.append(values)
        else:
            codes, known = levels(frame, name, parameter="covariates", order=order)
            incomplete |= codes < 0
            columns += [(codes == index).astype(float) for index in range(1, len(known))]
    matrix = np.column_stack(columns) if columns else np.empty((len(frame), 0))
    return matrix, incomplete
