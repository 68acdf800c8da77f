"""What must hold between the factors of a factorial trial, its arms, and its plan."""

from collections import Counter
from collections.abc import Mapping
from itertools import product

from trialkit.errors import TrialStep
from trialkit.protocol.methods.factorial_options import FEWEST_FACTORS, MOST_FACTORS
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints, shown
from trialkit.protocol.tables.labels import EXPECTED, alike
from trialkit.protocol.tables.raw_tables import Table, codes, rows, text

_MOST_CELLS = 10_000
"""More combinations than these are not looked through: the arms cannot have them all."""
_Cell = tuple[str, ...]


def complain_of_factors(raw: Table, complaints: Complaints) -> None:
    """Add a complaint for each factor, arm and analysis that contradict each other."""
    factors = _levels_of(raw)
    _arms_without_factors(raw, complaints)
    _analyses_have_factors(raw, complaints)
    if not rows(raw, "factors"):
        return
    if not FEWEST_FACTORS <= len(rows(raw, "factors")) <= MOST_FACTORS:
        _add(
            complaints,
            table="factors",
            found=f"{len(rows(raw, 'factors'))} of them",
            expected=f"{FEWEST_FACTORS} to {MOST_FACTORS}: one factor alone is what the arms are, and a "
            "table of more than four is read by nobody",
        )
        return
    _labels_of_levels_differ(raw, complaints)
    cells = _cells_of_arms(raw, factors, complaints)
    if cells is None or not all(factors.values()):
        return
    _each_cell_once(cells, factors, complaints)
    _reference_arm_is_of_reference_levels(raw, cells, factors, complaints)
    _every_cell_has_an_arm(raw, cells, factors, complaints)


def _add(complaints: Complaints, *, table: str, found: str, expected: str, key: str = "") -> None:
    complaints.add(table=table, key=key, found=found, expected=expected, step=TrialStep.ANALYSE)


def _levels_of(raw: Table) -> dict[str, list[str]]:
    """The codes of the levels of each factor, in their order."""
    return {text(each, "code"): codes(each, "levels") for _, each in rows(raw, "factors")}


def _arms_without_factors(raw: Table, complaints: Complaints) -> None:
    for table, each in rows(raw, "arms"):
        if "levels" in each and not rows(raw, "factors"):
            _add(
                complaints,
                table=table,
                key="levels",
                found=shown(each["levels"]),
                expected="no such key, or tables [[factors]] that say what the levels are of",
            )


def _analyses_have_factors(raw: Table, complaints: Complaints) -> None:
    if rows(raw, "factors"):
        return
    for table, each in rows(raw, "analyses"):
        if _reads_factors(each):
            _add(
                complaints,
                table=table,
                key="method",
                found=f"{shown(text(each, 'method'))}, and no [[factors]]",
                expected="tables [[factors]] that say what the arms combine, or another method",
            )


def _reads_factors(analysis: Table) -> bool:
    method = text(analysis, "method")
    return method in list(Method) and SPECIFICATIONS[Method(method)].READS_FACTORS


def _labels_of_levels_differ(raw: Table, complaints: Complaints) -> None:
    for table, each in rows(raw, "factors"):
        labels = [(text(own, "code"), text(own, "label")) for _, own in rows(each, "levels")]
        for found in alike(labels):
            _add(complaints, table=table, key="levels", found=found.found, expected=EXPECTED)


def _cells_of_arms(
    raw: Table, factors: Mapping[str, list[str]], complaints: Complaints
) -> dict[str, _Cell] | None:
    """The level of each factor of every arm; None where an arm lacks one, which is complained of."""
    cells: dict[str, _Cell] = {}
    whole = True
    for table, each in rows(raw, "arms"):
        stated = each.get("levels")
        named = stated if isinstance(stated, Mapping) else {}
        for strange in [key for key in named if key not in factors]:
            whole = False
            _add(
                complaints,
                table=table,
                key="levels",
                found=shown(strange),
                expected=f"one of the factors: {', '.join(factors)}{suggestion(strange, list(factors))}",
            )
        for factor, levels in factors.items():
            if named.get(factor) not in levels:
                whole = False
                _add(
                    complaints,
                    table=table,
                    key=f"levels.{factor}",
                    found=shown(named.get(factor)),
                    expected=f"one of its levels: {', '.join(levels) or 'none, since it has none'}",
                )
        cells[text(each, "code")] = tuple(str(named.get(factor)) for factor in factors)
    return cells if whole else None


def _each_cell_once(
    cells: Mapping[str, _Cell], factors: Mapping[str, list[str]], complaints: Complaints
) -> None:
    for cell, count in Counter(cells.values()).items():
        if count > 1:
            arms = [code for code, own in cells.items() if own == cell]
            _add(
                complaints,
                table="arms",
                key="levels",
                found=f"{_named(cell, factors)} of {', '.join(map(shown, arms))}",
                expected="each combination of levels in one arm",
            )


def _reference_arm_is_of_reference_levels(
    raw: Table,
    cells: Mapping[str, _Cell],
    factors: Mapping[str, list[str]],
    complaints: Complaints,
) -> None:
    first = tuple(levels[0] for levels in factors.values())
    for table, each in rows(raw, "arms"):
        own = cells.get(text(each, "code"))
        if each.get("reference") is True and own is not None and own != first:
            _add(
                complaints,
                table=table,
                key="reference",
                found=f"the reference arm at {_named(own, factors)}",
                expected=f"the arm of the first level of every factor: {_named(first, factors)}",
            )


def _every_cell_has_an_arm(
    raw: Table,
    cells: Mapping[str, _Cell],
    factors: Mapping[str, list[str]],
    complaints: Complaints,
) -> None:
    """A plan of factorial analyses needs the whole table; other plans may have a part of it."""
    analyses = [table for table, each in rows(raw, "analyses") if _reads_factors(each)]
    size = 1
    for levels in factors.values():
        size *= len(levels)
    if not analyses or size > _MOST_CELLS:
        return
    lacking = [cell for cell in product(*factors.values()) if cell not in cells.values()]
    if lacking:
        more = f", and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        _add(
            complaints,
            table=analyses[0],
            key="method",
            found=f"a factorial analysis, and no arm with {_named(lacking[0], factors)}{more}",
            expected="an arm for every combination of levels: without it the interaction cannot be "
            "estimated, and nothing shows whether the effect of a factor is the same at each level "
            "of the others; compare the arms of such a trial, as by 'ancova'",
        )


def _named(cell: _Cell, factors: Mapping[str, list[str]]) -> str:
    return ", ".join(f"{name} = {shown(level)}" for name, level in zip(factors, cell, strict=True))
