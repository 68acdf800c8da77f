"""What the tables of a report have in common: a trial, its words, and how a cell is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.report.printed.key import (
    DASH,
    EN_DASH,
    Key,
    count,
    hundredfold,
    limits,
    number,
    p_value,
    percent,
    with_limits,
)

MAIN = {"primary", "secondary"}

Drawn = tuple[list[str], list[list[str]], list[str]]
"""Heads, rows and notes of a table."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """The words of a trial's tables that follow from its plan, written by hand."""

    effect: str
    """What a column of effects is called."""
    outcomes_notes: tuple[str, ...]
    proportions_notes: tuple[str, ...] = ()
    additional_notes: tuple[str, ...] = ()
    additional: dict[str, str]
    """How each additional analysis is called in its rows, by its id."""
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The levels of each analysis of subgroups, in their order."""
    adjusted_means: dict[str, str]
    """How each model with adjusted means is called, by the id of its analysis."""
    ratios: frozenset[str] = frozenset()
    """Analyses whose effect is a ratio of geometric means."""
    simultaneous: frozenset[str] = frozenset()
    """Analyses whose intervals hold together, which is said beside each."""
    one_sided: dict[str, str]
    """The level of the interval of analyses that have one of their own, which is said beside it."""
    sums_of_squares: str = "type III sums of squares"


class Trial:
    """A trial as its tables tell of it: its key, its words, and cells that several tables have."""

    def __init__(self, key: Key, told: Told) -> None:
        self.key = key
        self.told = told
        self.arms = [arm["code"] for arm in key.arms]
        self.labels = {arm["code"]: arm["label"] for arm in key.arms}
        self.reference = key.reference["code"]
        self.compared = [arm["code"] for arm in key.experimental]
        self.ci = f"{key.level}% CI"
        self.plan = key.protocol["analyses"]
        self.main = [each for each in self.plan if each["role"] in MAIN]

    def sized(self, sizes: dict[str, str | None]) -> list[str]:
        return [f"{self.labels[arm]} (n = {count(sizes[arm])})" for arm in sizes]

    def mean(self, shelf: str, digits: int, **where: str) -> str:
        mean, sd = (self.key.stat(stat, shelf, **where) for stat in ("mean", "sd"))
        return f"{number(mean, digits)} ({number(sd, digits)})" if mean else DASH

    def median(self, shelf: str, digits: int, **where: str) -> str:
        median, q1, q3 = (self.key.stat(stat, shelf, **where) for stat in ("median", "q1", "q3"))
        return f"{number(median, digits)} ({limits(q1, q3, digits)})"

    def people(self, shelf: str, arm: str, **where: str) -> str:
        events, n = (self.key.stat(stat, shelf, arm=arm, **where) for stat in ("events", "n"))
        row = self.key.row("events", shelf, arm=arm, **where)
        if row is not None and row["status"] == "not_collected":
            return "not collected"
        return f"{count(events)} ({percent(events, n)})"

    def of_n(self, analysis: str, arm: str, **where: str) -> str:
        events, n = (self.key.stat(stat, analysis, arm=arm, **where) for stat in ("events", "n"))
        return f"{count(events)}/{count(n)} ({percent(events, n)})"

    def attended(self, arm: str) -> str:
        """Sessions attended of those prescribed, empty in an arm without sessions."""
        attended, prescribed = (
            self.key.stat(stat, "adherence", arm=arm) for stat in ("attended", "prescribed")
        )
        if attended is None:
            return ""
        return f"{count(attended)}/{count(prescribed)} ({percent(attended, prescribed)})"

    def where(self, analysis: dict, code: str, arm: str, visit: str = "") -> dict[str, str]:
        """Where an arm's comparison with the reference stands."""
        sign = "/" if analysis["id"] in self.told.ratios else "-"
        # a rank test states beside its shift who has the higher value
        own = {"method": analysis["method"]} if "whitney" in analysis["method"] else {}
        return {
            "outcome": code,
            "visit": visit or self.key.outcome(code)["time_point"],
            "term": f"{arm} {sign} {self.reference}",
            **own,
        }

    def of_risks(self, analysis: dict, code: str) -> bool:
        return analysis["method"] == "responders" or self.key.outcome(code)["type"] == "binary"

    def digits(self, analysis: dict, code: str) -> int:
        own = self.key.outcome(code).get("digits", 0)
        return 2 if analysis["id"] in self.told.ratios else own

    def interval(self, analysis: dict, found, digits: int) -> str:
        """An effect with its limits, which say what they are where the head says otherwise."""
        text = with_limits(found, digits)
        if analysis["id"] in self.told.simultaneous and text != DASH:
            return f"{text} [simultaneous {self.ci}]"
        if analysis["id"] in self.told.one_sided:
            return f"{text} [{self.told.one_sided[analysis['id']]}]"
        return text

    def p(self, analysis: dict, where: dict[str, str]) -> str:
        """The raw p value, where it belongs to the interval; a one-sided one among others says so."""
        if analysis["id"] in self.told.simultaneous:
            return DASH
        p = p_value(self.key.stat("p_value", analysis["id"], **where))
        return f"{p} [one-sided]" if analysis["id"] in self.told.one_sided else p

    def risk(self, analysis: str, measure: str, where: dict[str, str]) -> str:
        """A measure of risks with its limits, or that there is none."""
        found = self.key.effect(analysis, method=measure, **where)
        if measure == "risk_difference":
            return with_limits(tuple(hundredfold(each) for each in found), 1)
        row = self.key.row("estimate", analysis, method=measure, **where)
        if row["status"] == "not_estimable":
            estimate = number(row["stat"], 2)
            return "not estimable" if estimate == DASH else f"{estimate} (not estimable)"
        return with_limits(found, 2)

    def with_unit(self, code: str) -> str:
        outcome = self.key.outcome(code)
        return f"{outcome['label']}, {outcome['unit']}" if "unit" in outcome else outcome["label"]

    def analysis_head(self, analysis: dict, code: str) -> str:
        population = self.key.population(analysis["population"])
        where = f"{population[0].lower()}{population[1:]} population"
        return f"{self.key.outcome(code)['label']} {EN_DASH} {analysis['role']} analysis, {where}"
