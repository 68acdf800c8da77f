"""An independent key to the numbers of a report: results.csv and the protocol's TOML, read anew.

Nothing of trialkit is used: numbers are rounded half-up from the decimal of twelve digits that the file
means, and looked up by what they are of (analysis, outcome, visit, term, arm), never by a ``result_id``.
"""

import csv
import tomllib
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path

DASH = "\N{EM DASH}"
EN_DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
INFINITY = "\N{INFINITY}"


def number(text: str | None, digits: int) -> str:
    """A number of the file with so many decimals, a dash where there is none."""
    if not text:
        return DASH
    value = Decimal(text)
    if value.is_infinite():
        return INFINITY if value > 0 else MINUS + INFINITY
    shown = Decimal(f"{value:.12g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{abs(shown) if shown == 0 else shown:f}".replace("-", MINUS)


def hundredfold(text: str | None) -> str | None:
    return str(Decimal(text) * 100) if text else text


def positive(text: str | None, digits: int) -> str:
    """A number that is not zero is not printed as zero."""
    shown = number(text, digits)
    vanishes = text and Decimal(text) > 0 and not shown.strip("0.")
    return f"<{number(str(Decimal(1).scaleb(-digits)), digits)}" if vanishes else shown


def p_value(text: str | None) -> str:
    """Three decimals; never 0.000, never 1.000 for less than one, never 0.050 for less than that."""
    if not text:
        return DASH
    p = Decimal(text)
    if p < Decimal("0.001"):
        return "<0.001"
    if p < 1 and p >= Decimal("0.9995"):
        return ">0.999"
    digits = 3
    while p < Decimal("0.05") and Decimal(number(text, digits)) >= Decimal("0.05"):
        digits += 1
    return number(text, digits)


def p_equals(text: str | None) -> str:
    shown = p_value(text)
    return f"p {shown[0]} {shown[1:]}" if shown[0] in "<>" else f"p = {shown}"


def percent(part: str, whole: str) -> str:
    """A share as fine as what it is of: no decimal below a hundred, one from there."""
    if Decimal(whole) == 0:
        return DASH
    share = str(100 * Decimal(part) / Decimal(whole))
    return f"{number(share, 0 if Decimal(whole) < 100 else 1)}%"


def count(text: str | None) -> str:
    return DASH if not text else str(int(Decimal(text)))


def limits(low: str | None, high: str | None, digits: int) -> str:
    return f"{number(low, digits)} to {number(high, digits)}"


def with_limits(found: tuple[str | None, str | None, str | None], digits: int) -> str:
    estimate, low, high = found
    if not estimate:
        return DASH
    return f"{number(estimate, digits)} ({limits(low, high, digits)})"


class Key:
    """A trial's protocol as a mapping, and its results by what they are of."""

    def __init__(self, trial: Path, output: Path) -> None:
        self.output = output
        self.protocol = tomllib.loads((trial / "protocol.toml").read_text("utf-8"))
        self.rows = self.table("results")
        self.by: dict[tuple[str, ...], dict[str, dict[str, str]]] = {}
        for row in self.rows:
            place = tuple(
                row[name] for name in ("analysis_id", "outcome", "visit", "term", "arm", "method")
            )
            self.by.setdefault(place, {})[row["stat_name"]] = row

    def table(self, name: str) -> list[dict[str, str]]:
        """Another file of the run, its rows without the label of synthetic data."""
        suffix = self.protocol["trial"].get("synthetic", "")
        with (self.output / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            for field, text in row.items():
                own = text.removesuffix(suffix).removesuffix("; ") if suffix else text
                row[field] = own.replace("\N{NO-BREAK SPACE}", " ")
        return rows

    def row(
        self,
        stat: str,
        analysis: str,
        *,
        outcome: str = "",
        visit: str = "",
        term: str = "",
        arm: str = "",
        method: str = "",
    ) -> dict[str, str] | None:
        """The one row; without a method, whichever method has it."""
        if method:
            return self.by.get((analysis, outcome, visit, term, arm, method), {}).get(stat)
        found = [
            stats[stat]
            for place, stats in self._at(analysis, outcome, visit, term, arm)
            if stat in stats
        ]
        assert len(found) <= 1, (stat, analysis, outcome, visit, term, arm)
        return found[0] if found else None

    def _at(self, *place: str) -> Iterator[tuple[tuple[str, ...], dict[str, dict[str, str]]]]:
        yield from self._places.get(place, ())

    @cached_property
    def _places(self) -> dict[tuple[str, ...], list]:
        places: dict[tuple[str, ...], list] = {}
        for place, stats in self.by.items():
            places.setdefault(place[:5], []).append((place, stats))
        return places

    def stat(self, stat: str, analysis: str, **where: str) -> str | None:
        """The value of a statistic as the file has it; None where there is none."""
        row = self.row(stat, analysis, **where)
        return row["stat"] if row is not None else None

    def effect(self, analysis: str, **where: str) -> tuple[str | None, str | None, str | None]:
        names = ("estimate", "conf_low", "conf_high")
        low, middle, high = (self.stat(name, analysis, **where) for name in names)
        return low, middle, high

    def hedges(self, analysis: str, **where: str) -> tuple[str | None, str | None, str | None]:
        names = ("hedges_g", "hedges_g_conf_low", "hedges_g_conf_high")
        low, middle, high = (self.stat(name, analysis, **where) for name in names)
        return low, middle, high

    def terms(self, analysis: str, lead: str = "") -> list[str]:
        """The different terms of a shelf that begin so, in the order of the file."""
        found = dict.fromkeys(row["term"] for row in self.rows if row["analysis_id"] == analysis)
        return [term for term in found if term.startswith(lead)]

    @property
    def arms(self) -> list[dict]:
        return self.protocol["arms"]

    @property
    def reference(self) -> dict:
        return next(arm for arm in self.arms if arm.get("reference"))

    @property
    def experimental(self) -> list[dict]:
        return [arm for arm in self.arms if not arm.get("reference")]

    @property
    def visits(self) -> list[dict]:
        return self.protocol["visits"]

    @property
    def level(self) -> str:
        return f"{100 * Decimal(str(self.protocol['plan']['confidence_level'])):f}".rstrip(
            "0"
        ).rstrip(".")

    def outcome(self, code: str) -> dict:
        return next(each for each in self.protocol["outcomes"] if each["code"] == code)

    def visit(self, code: str) -> str:
        return next(each["label"] for each in self.visits if each["code"] == code)

    def population(self, code: str) -> str:
        return next(each["label"] for each in self.protocol["populations"] if each["code"] == code)

    def setting(self, table: str, of: str) -> dict:
        """How the protocol wants a row printed."""
        rows = self.protocol.get("report", {}).get("rows", [])
        found = [each for each in rows if (each["table"], each["of"]) == (table, of)]
        return found[0] if found else {}
