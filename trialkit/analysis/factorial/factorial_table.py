"""The table of a factorial trial: its cells, and the contrasts of them that are effects."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, product

import numpy as np

from trialkit.analysis.frames.groups import contrast_label
from trialkit.analysis.linear.linear_model import FactorColumn
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.factorial_options import FactorialEffect


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellContrast:
    """A linear combination (cells,) of the cells, and what it is.

    ``effect`` says where it stands, ``factor`` whose it is (``exercise x diet`` of an interaction),
    ``contrast`` which levels, ``held`` at which level of which others.
    """

    effect: FactorialEffect
    factor: str
    contrast: str
    held: str
    weights: np.ndarray

    @property
    def labels(self) -> dict[str, object]:
        """The columns that say what it is."""
        return {
            "effect": self.effect.value,
            "factor": self.factor,
            "contrast": self.contrast,
            "held": self.held,
        }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactorialTable:
    """The factors, the reference first among the levels of each; cells as the last factor runs fastest."""

    factors: tuple[FactorColumn, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many levels each factor has."""
        return tuple(len(each.levels) for each in self.factors)

    @property
    def cells(self) -> tuple[tuple[object, ...], ...]:
        """The levels of each cell."""
        return tuple(product(*(each.levels for each in self.factors)))

    @property
    def cell_of(self) -> np.ndarray:
        """The cell of each row (n,)."""
        codes = tuple(each.codes for each in self.factors)
        return np.asarray(np.ravel_multi_index(codes, self.shape))

    def as_one(self) -> FactorColumn:
        """The cells as the levels of one factor."""
        return FactorColumn(name="cell", codes=self.cell_of, levels=self.cells)

    def refuse_empty_cells(self) -> None:
        """Raise ``AnalysisError`` for a cell without a row, which has no effect inside."""
        counts = np.bincount(self.cell_of, minlength=len(self.cells))
        for cell, count in zip(self.cells, counts.tolist(), strict=True):
            if not count:
                raise AnalysisError(
                    f"nobody is in the cell {self.named(cell)}: the table has no interaction there",
                    advice="compare the arms that there are, by ancova or logistic_regression",
                )

    def named(self, cell: Sequence[object]) -> str:
        """The cell in words."""
        return _at(self.factors, cell)

    def contrasts(self) -> tuple[CellContrast, ...]:
        """All effects of the full table: averaged, inside, and the interactions of two and more."""
        return (
            *(each for i in range(len(self.factors)) for each in self._averaged((i,))),
            *(each for i in range(len(self.factors)) for each in self._inside(i)),
            *(
                each
                for several in range(2, len(self.factors) + 1)
                for which in combinations(range(len(self.factors)), several)
                for each in self._averaged(which)
            ),
        )

    def _averaged(self, which: tuple[int, ...]) -> list[CellContrast]:
        """The product of the differences of some factors, the others averaged, their levels alike."""
        own = [self.factors[i] for i in which]
        found = []
        for levels in product(*(range(1, len(each.levels)) for each in own)):
            parts = [np.full(size, 1 / size) for size in self.shape]
            for i, level in zip(which, levels, strict=True):
                parts[i] = _difference(self.shape[i], level)
            pairs = [
                contrast_label(str(each.levels[level]), str(each.levels[0]))
                for each, level in zip(own, levels, strict=True)
            ]
            found.append(
                CellContrast(
                    effect=(
                        FactorialEffect.AVERAGED if len(which) == 1 else FactorialEffect.INTERACTION
                    ),
                    factor=" x ".join(each.name for each in own),
                    contrast=" x ".join(pairs if len(pairs) == 1 else [f"({p})" for p in pairs]),
                    held="",
                    weights=reduce(np.multiply.outer, parts).ravel(),
                )
            )
        return found

    def _inside(self, i: int) -> list[CellContrast]:
        """The differences of one factor at each setting of the others."""
        own = self.factors[i]
        others = [each for each in self.factors if each is not own]
        found = []
        for level in range(1, len(own.levels)):
            for setting in product(*(range(len(each.levels)) for each in others)):
                at = list(setting)
                at.insert(i, 0)
                parts = [np.eye(size)[code] for size, code in zip(self.shape, at, strict=True)]
                parts[i] = _difference(self.shape[i], level)
                names = [each.levels[code] for each, code in zip(others, setting, strict=True)]
                found.append(
                    CellContrast(
                        effect=FactorialEffect.INSIDE,
                        factor=own.name,
                        contrast=contrast_label(str(own.levels[level]), str(own.levels[0])),
                        held=_at(others, names),
                        weights=reduce(np.multiply.outer, parts).ravel(),
                    )
                )
        return found


def _difference(size: int, level: int) -> np.ndarray:
    """A level less the reference."""
    return np.asarray(np.eye(size)[level] - np.eye(size)[0])


def _at(factors: Sequence[FactorColumn], levels: Sequence[object]) -> str:
    return ", ".join(f"{each.name} = {level}" for each, level in zip(factors, levels, strict=True))
