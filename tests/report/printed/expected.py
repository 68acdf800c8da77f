"""What every table of a report must hold, column by column, worked out by the independent key.

Which statistic stands in which column, and what each row is of, is written here by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

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
    positive,
    with_limits,
)
from tests.report.printed.reading import Printed

MAIN = {"primary", "secondary"}
ROLES = {"post hoc": "post hoc, not in the plan"}


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
    adjusted_means: dict[str, str]
    """How each model with adjusted means is called, by the id of its analysis."""
    ratios: frozenset[str] = frozenset()
    """Analyses whose effect is a ratio of geometric means."""
    simultaneous: frozenset[str] = frozenset()
    """Analyses whose intervals hold together, which is said beside each."""
    one_sided: dict[str, str]
    """The level of the interval of analyses that have one of their own, which is said beside it."""
    sums_of_squares: str = "type III sums of squares"


SYNTHETIC_FREE = {"Definition of the outcomes", "Estimands, by the five attributes of ICH E9(R1)"}


def expected_tables(key: Key, told: Told) -> list[Printed]:
    """Every table of the report in its order, but for what the lint and the checklists say."""
    trial = _Trial(key, told)
    main = [
        trial.baseline(),
        trial.adherence(),
        trial.concomitant(),
        trial.outcomes(),
        trial.proportions(),
        trial.harms(),
        trial.additional(),
    ]
    supplement = [
        trial.definitions(),
        trial.estimands(),
        trial.flow(),
        trial.populations(),
        trial.deviations(),
        trial.missing(),
        trial.at_visits(),
        trial.harms_differences(),
        trial.anova(),
        trial.adjusted_means(),
        trial.diagnostics(),
        trial.findings(),
        trial.lint(),
    ]
    labelled = [
        *((f"Table {place}", each) for place, each in enumerate(filter(None, main), 1)),
        *((f"Table S{place}", each) for place, each in enumerate(filter(None, supplement), 1)),
    ]
    return [trial.printed(label, *each) for label, each in labelled]


Drawn = tuple[str, list[str], list[list[str]], list[str]]
"""Caption, heads, rows and notes."""


class _Trial:
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

    def printed(
        self, label: str, caption: str, heads: list[str], rows: list[list[str]], notes: list[str]
    ) -> Printed:
        of_data = caption not in SYNTHETIC_FREE and "the lint found" not in caption
        synthetic = self.key.protocol["trial"]["synthetic"] if of_data else ""
        return Printed(
            label=label,
            caption=caption,
            synthetic=synthetic,
            heads=tuple(heads),
            rows=tuple(tuple(row) for row in rows),
            notes=tuple(notes),
        )

    def sized(self, sizes: dict[str, str | None]) -> list[str]:
        return [f"{self.labels[arm]} (n = {count(sizes[arm])})" for arm in sizes]

    # what participants were like, and what they got

    def baseline(self) -> Drawn:
        key, rows, notes = self.key, [], []
        differences = key.protocol.get("report", {}).get("standardised_differences", False)
        first = key.protocol["characteristics"][0]
        sizes: dict[str, str | None] = {}
        for arm in self.arms:
            own = {"outcome": f"{first['form']}.{first['item']}", "arm": arm}
            n, without = (key.stat(stat, "baseline", **own) for stat in ("n", "n_missing"))
            sizes[arm] = str(int(n) + int(without))
        for each in key.protocol["characteristics"]:
            name = f"{each['form']}.{each['item']}"
            look = key.setting("baseline", name)
            digits = look.get("digits", each.get("digits", 0))
            mark = ""
            if look.get("footnote"):
                notes.append(f"^a {look['footnote']}")
                mark = "^a"
            rows.append([look.get("label", each["label"]) + mark])
            terms = list(
                dict.fromkeys(
                    row["term"]
                    for row in key.rows
                    if row["analysis_id"] == "baseline" and row["outcome"] == name and row["arm"]
                )
            )
            own_rows = list(self._described(name, terms, digits))
            without = [
                key.stat("n_missing", "baseline", outcome=name, term=terms[0], arm=arm)
                for arm in self.arms
            ]
            if any(int(each) for each in without):
                own_rows.append(["Missing", *without])
            if differences:
                found = [
                    number(
                        key.stat(
                            "standardised_difference",
                            "baseline",
                            outcome=name,
                            term=f"{arm} - {self.reference}",
                        ),
                        2,
                    )
                    for arm in self.compared
                ]
                blank = [""] * len(found)
                own_rows = [
                    [*row, *(blank if place else found)] for place, row in enumerate(own_rows)
                ]
            rows += own_rows
        heads = ["Characteristic", *self.sized(sizes)]
        if differences:
            heads += [f"Standardised difference, {self.labels[arm]}" for arm in self.compared]
        notes += [
            (
                "Numbers are mean (SD) and median (lower to upper quartile), or participants (% of "
                "those with a value)."
            ),
            "Differences between arms are not tested: after randomisation they are due to chance.",
        ]
        if differences:
            notes.append(
                "Standardised difference: of the means, experimental minus reference arm, in the "
                "mean of both arms' standard deviations; of categories, the Mahalanobis distance "
                "of the proportions, without a sign."
            )
        caption = "Baseline characteristics of the randomised participants, by allocated arm"
        return caption, heads, rows, notes

    def _described(self, name: str, terms: list[str], digits: int) -> Iterator[list[str]]:
        if terms != [""]:
            for term in terms:
                where = {"outcome": name, "term": term}
                yield [term, *(self._people("baseline", arm, **where) for arm in self.arms)]
            return
        yield ["Mean (SD)", *(self._mean("baseline", digits, outcome=name, arm=arm)
                              for arm in self.arms)]  # fmt: skip
        yield ["Median (quartiles)", *(self._median("baseline", digits, outcome=name, arm=arm)
                                       for arm in self.arms)]  # fmt: skip

    def _mean(self, shelf: str, digits: int, **where: str) -> str:
        mean, sd = (self.key.stat(stat, shelf, **where) for stat in ("mean", "sd"))
        return f"{number(mean, digits)} ({number(sd, digits)})" if mean else DASH

    def _median(self, shelf: str, digits: int, **where: str) -> str:
        median, q1, q3 = (self.key.stat(stat, shelf, **where) for stat in ("median", "q1", "q3"))
        return f"{number(median, digits)} ({limits(q1, q3, digits)})"

    def _people(self, shelf: str, arm: str, **where: str) -> str:
        events, n = (self.key.stat(stat, shelf, arm=arm, **where) for stat in ("events", "n"))
        return f"{count(events)} ({percent(events, n)})"

    def _of_n(self, analysis: str, arm: str, **where: str) -> str:
        events, n = (self.key.stat(stat, analysis, arm=arm, **where) for stat in ("events", "n"))
        return f"{count(events)}/{count(n)} ({percent(events, n)})"

    def adherence(self) -> Drawn:
        key = self.key
        logged = [arm for arm in self.arms if key.stat("attended", "adherence", arm=arm)]
        share = {"term": "percent of prescribed"}

        def row(head: str, cell) -> list[str]:
            return [head, *(cell(arm) for arm in logged)]

        def total(stat: str, arm: str) -> str:
            return str(Decimal(key.stat(stat, "adherence", arm=arm)).normalize().to_integral())

        rows = [
            row("Participants", lambda arm: count(key.stat("n", "adherence", arm=arm))),
            row("Sessions planned", lambda arm: total("planned", arm)),
            row("Sessions attended of those prescribed, n/N (%)", self.attended),
            row("Sessions of which attendance is not known", lambda arm: total("unknown", arm)),
            row(
                "Attendance of a participant, % of prescribed, mean (SD)",
                lambda arm: self._mean("adherence", 1, arm=arm, **share),
            ),
            row(
                "Attendance of a participant, median (quartiles)",
                lambda arm: self._median("adherence", 1, arm=arm, **share),
            ),
            row(
                "Attendance of a participant, lowest to highest",
                lambda arm: limits(
                    *(key.stat(stat, "adherence", arm=arm, **share) for stat in ("min", "max")), 1
                ),
            ),
            row(
                "Minutes of a participant in all, mean (SD)",
                lambda arm: self._mean("adherence", 0, arm=arm, term="minutes"),
            ),
        ]
        note = (
            "Prescribed: sessions planned up to withdrawal from the study, without those of which "
            "attendance is not known."
        )
        return (
            "Adherence to the sessions",
            ["", *(self.labels[arm] for arm in logged)],
            rows,
            [note],
        )

    def attended(self, arm: str) -> str:
        """Sessions attended of those prescribed, empty in an arm without sessions."""
        attended, prescribed = (
            self.key.stat(stat, "adherence", arm=arm) for stat in ("attended", "prescribed")
        )
        if attended is None:
            return ""
        return f"{count(attended)}/{count(prescribed)} ({percent(attended, prescribed)})"

    def concomitant(self) -> Drawn:
        rows, heads = self._participants("concomitant", "Any other care", "care: ")
        caption = "Concomitant care during the trial, participants by allocated arm"
        notes = ["Participants, n (%); one participant may have had several."]
        return caption, ["Care", *heads], rows, notes

    def deviations(self) -> Drawn:
        rows, heads = self._participants("deviations", "Any deviation", "deviation: ")
        note = (
            "Participants, n (%); one participant may have had several. Eligibility, allocation "
            "and visit windows are judged from the data themselves."
        )
        caption = "Deviations from the protocol, participants by allocated arm"
        return caption, ["Deviation", *heads], rows, [note]

    def _participants(self, shelf: str, all_: str, lead: str) -> tuple[list[list[str]], list[str]]:
        rows = [
            [
                all_ if term == "any" else term.removeprefix(lead),
                *(self._people(shelf, arm, term=term) for arm in self.arms),
            ]
            for term in self.key.terms(shelf)
        ]
        sizes = {arm: self.key.stat("n", shelf, term="any", arm=arm) for arm in self.arms}
        return rows, self.sized(sizes)

    # effects

    def where(self, analysis: dict, code: str, arm: str, visit: str = "") -> dict[str, str]:
        """Where an arm's comparison with the reference stands."""
        sign = "/" if analysis["id"] in self.told.ratios else "-"
        return {
            "outcome": code,
            "visit": visit or self.key.outcome(code)["time_point"],
            "term": f"{arm} {sign} {self.reference}",
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

    def adjusts(self, risks: bool) -> bool:
        """Whether any outcome of a table has an adjusted p."""
        return any(
            self.key.stat("p_adjusted", each["id"], **self.where(each, code, arm))
            for each in self.main
            for code in each["outcomes"]
            for arm in self.compared
            if self.of_risks(each, code) is risks
        )

    def group(self, analysis: dict, code: str) -> str:
        """An outcome as the head of its rows."""
        outcome, look = self.key.outcome(code), self.key.setting("outcomes", code)
        words = outcome["label"].replace("(", " ").replace(")", " ").split()
        unit = outcome.get("unit", "")
        unit = f", {unit}" if unit and unit not in words else ""
        label = look.get("label") or f"{outcome['label']}{unit}"
        mark = "^a" if look.get("footnote") else ""
        standing = f"{analysis['role']} outcome"
        if analysis["method"] == "responders":
            standing = f"responders, {analysis['role']} analysis"
        when = self.key.visit(outcome["time_point"])
        when = f"{when[0].lower()}{when[1:]}"
        better = outcome["direction"]
        return f"{label} {EN_DASH} {standing}, {when}, {better} is better{mark}"

    def outcomes(self) -> Drawn:
        key, rows, notes, points = self.key, [], [], set()
        adjusted = self.adjusts(risks=False)
        first = self.key.visits[0]["code"]
        for each in self.main:
            for code in each["outcomes"]:
                if self.of_risks(each, code):
                    continue
                outcome, look = key.outcome(code), key.setting("outcomes", code)
                digits = look.get("digits", outcome["digits"])
                end = outcome["time_point"]
                points.add(end)
                if look.get("footnote"):
                    notes.append(f"^a {look['footnote']}")
                rows.append([self.group(each, code)])
                for arm in self.arms:
                    own = {"outcome": code, "arm": arm}
                    cells = [
                        self.labels[arm],
                        count(key.stat("n", each["id"], visit=end, **own)),
                        count(key.stat("n", "descriptive", visit=end, **own)),
                        self._mean("descriptive", digits, visit=first, **own),
                        self._mean("descriptive", digits, visit=end, **own),
                        self._mean("descriptive", digits, visit=end, term="change", **own),
                    ]
                    blank = [""] * (3 if adjusted else 2)
                    if arm == self.reference:
                        rows.append([*cells, "reference", *blank])
                        continue
                    where = self.where(each, code, arm)
                    places = 2 if each["id"] in self.told.ratios else digits
                    cells += [
                        self.interval(each, key.effect(each["id"], **where), places),
                        with_limits(key.hedges(each["id"], **where), 2),
                        p_value(key.stat("p_value", each["id"], **where)),
                    ]
                    if adjusted:
                        cells.append(p_value(key.stat("p_adjusted", each["id"], **where)))
                    rows.append(cells)
        assert len(points) == 1
        against = "Compared with the reference arm"
        heads = [
            "Outcome and arm",
            "Participants: Analysed",
            "Participants: With data",
            f"Mean (SD): {key.visits[0]['label']}",
            f"Mean (SD): {key.visit(points.pop())}",
            "Mean (SD): Change",
            f"{against}: {self.told.effect} ({self.ci})",
            f"{against}: Hedges' g ({self.ci})",
            f"{against}: p",
        ]
        heads += [f"{against}: Adjusted p"] if adjusted else []
        caption = (
            "Continuous outcomes: number analysed, result in each arm, and "
            f"{self.told.effect.lower()} between arms"
        )
        return caption, heads, rows, [*dict.fromkeys(notes), *self.told.outcomes_notes]

    def proportions(self) -> Drawn | None:
        key, rows, notes = self.key, [], []
        adjusted = self.adjusts(risks=True)
        for each in self.main:
            for code in each["outcomes"]:
                if not self.of_risks(each, code):
                    continue
                look = key.setting("outcomes", code)
                if look.get("footnote"):
                    notes.append(f"^a {look['footnote']}")
                rows.append([self.group(each, code)])
                end = key.outcome(code)["time_point"]
                for arm in self.arms:
                    own = {"outcome": code, "visit": end}
                    people = (each["id"], arm, "responders")
                    if each["method"] != "responders":
                        people = ("descriptive", arm, "")
                    cells = [
                        self.labels[arm],
                        count(key.stat("n", each["id"], arm=arm, **own)),
                        self._of_n(people[0], people[1], term=people[2], **own),
                    ]
                    if arm == self.reference:
                        rows.append([*cells, "reference", *[""] * (4 if adjusted else 3)])
                        continue
                    where = self.where(each, code, arm)
                    cells += [
                        self.risk(each["id"], measure, where)
                        for measure in ("risk_difference", "risk_ratio", "odds_ratio")
                    ]
                    cells.append(p_value(key.stat("p_value", each["id"], **where)))
                    if adjusted:
                        cells.append(p_value(key.stat("p_adjusted", each["id"], **where)))
                    rows.append(cells)
        if not rows:
            return None
        against = "Compared with the reference arm"
        heads = [
            "Outcome and arm",
            "Participants: Analysed",
            "Participants: With the outcome, n/N (%)",
            f"{against}: Risk difference, percentage points ({self.ci})",
            f"{against}: Risk ratio ({self.ci})",
            f"{against}: Odds ratio ({self.ci})",
            f"{against}: p",
        ]
        heads += [f"{against}: Adjusted p"] if adjusted else []
        caption = (
            "Binary outcomes: participants with the outcome, and risks compared absolutely and "
            "relatively"
        )
        return caption, heads, rows, [*dict.fromkeys(notes), *self.told.proportions_notes]

    def additional(self) -> Drawn:
        groups: dict[str, list[list[str]]] = {}
        for each in self.plan:
            if each["role"] in MAIN:
                continue
            for code in each["outcomes"]:
                groups.setdefault(code, []).extend(self._further(each, code))
        rows = []
        for code, own in groups.items():
            rows += [[self._with_unit(code)], *own]
        heads = [
            "Outcome and analysis",
            "Population",
            "Analysed, n",
            f"Effect ({self.ci})",
            f"Hedges' g ({self.ci})",
            "p",
        ]
        notes = [
            f"Numbers analysed: {' / '.join(self.labels.values())}.",
            (
                "Effects are experimental minus reference, in the unit of the outcome where no "
                "other is named. P values of additional analyses are not adjusted for multiplicity."
            ),
            *self.told.additional_notes,
        ]
        return "Additional analyses", heads, rows, notes

    def _with_unit(self, code: str) -> str:
        outcome = self.key.outcome(code)
        return f"{outcome['label']}, {outcome['unit']}" if "unit" in outcome else outcome["label"]

    def _further(self, analysis: dict, code: str) -> Iterator[list[str]]:
        """The rows of an additional analysis: its words, population, numbers, effect, g and p."""
        key, own = self.key, analysis["id"]
        end = key.outcome(code)["time_point"]
        digits = self.digits(analysis, code)
        role = ROLES.get(analysis["role"], analysis["role"])
        lead = f"{self.told.additional[own]} ({role})"
        sizes = " / ".join(
            count(key.stat("n", own, outcome=code, visit=end, arm=arm)) for arm in self.arms
        )
        several = len(self.compared) > 1

        def row(words: str, n: str, effect: str, g: str, p: str) -> list[str]:
            return [words, key.population(analysis["population"]), n, effect, g, p]

        def versus(arm: str) -> str:
            return f"{self.labels[arm]} vs {self.labels[self.reference]}"

        def compared(arm: str, words: str, visit: str = "") -> list[str]:
            where = self.where(analysis, code, arm, visit)
            return row(
                words,
                sizes,
                self.interval(analysis, key.effect(own, **where), digits),
                with_limits(key.hedges(own, **where), 2),
                p_value(key.stat("p_value", own, **where)),
            )

        match analysis["method"]:
            case "subgroups":
                for arm in self.compared:
                    yield compared(arm, f"{lead}, {versus(arm)}, all participants")
                for level in ("Female", "Male"):
                    for arm in self.compared:
                        where = self.where(analysis, code, arm)
                        where["term"] += f" | {level}"
                        effect = with_limits(key.effect(own, **where), digits)
                        yield row(f"{lead}, {versus(arm)}, {level}", DASH, effect, DASH, DASH)
                p = key.stat("p_value", own, outcome=code, visit=end, term="interaction")
                yield row(f"{lead}, interaction", sizes, DASH, DASH, p_value(p))
            case "cochran_mantel_haenszel":
                measures = ("risk_difference", "risk_ratio", "odds_ratio")
                for arm in self.compared:
                    for measure in measures:
                        where = self.where(analysis, code, arm)
                        effect = self.risk(own, measure, where)
                        if measure == "risk_difference":
                            effect += " percentage points"
                        words = f"{lead}, {versus(arm)}, {measure.replace('_', ' ')}"
                        yield row(words, sizes, effect, DASH, DASH)
                for arm in self.compared:
                    p = key.stat("p_value", own, **self.where(analysis, code, arm))
                    yield row(f"{lead}, {versus(arm)}", sizes, DASH, DASH, p_value(p))
            case "non_inferiority":
                for arm in self.compared:
                    words = f"{lead}, {versus(arm)}. {self._concluded(analysis, code, arm)}"
                    yield compared(arm, words)
            case "mixed_anova":
                for visit in (each["code"] for each in key.visits[1:]):
                    for arm in self.compared:
                        words = f"{lead}, {versus(arm)}" if several else lead
                        words += "" if visit == end else f", {key.visit(visit)}"
                        yield compared(arm, words, visit)
            case _:
                for arm in self.compared:
                    yield compared(arm, f"{lead}, {versus(arm)}" if several else lead)

    def _concluded(self, analysis: dict, code: str, arm: str) -> str:
        """What a margin makes of an interval where more is better."""
        assert self.key.outcome(code)["direction"] == "higher"
        _, low, _ = self.key.effect(analysis["id"], **self.where(analysis, code, arm))
        margin = analysis["margin"]
        one, other = self.labels[arm], self.labels[self.reference]
        assert Decimal(low) > -margin
        text = f"{one} is non-inferior to {other}: the whole interval excludes being worse by the "
        text += "margin"
        if Decimal(low) > 0:
            text += f", and excludes no difference: {one} is better than {other}"
        return f"{text} (margin {margin})"

    def at_visits(self) -> Drawn | None:
        key, rows = self.key, []
        if len(key.visits) < 3:
            return None
        for each in self.main:
            if each["method"] == "responders":
                continue
            for code in each["outcomes"]:
                rows.append([self._with_unit(code)])
                binary = key.outcome(code)["type"] == "binary"
                for visit in key.visits:
                    own = {"outcome": code, "visit": visit["code"]}
                    if not any(key.stat("n", "descriptive", arm=a, **own) for a in self.arms):
                        continue
                    cells = [visit["label"]]
                    for arm in self.arms:
                        if binary:
                            cells.append(self._of_n("descriptive", arm, **own))
                        else:
                            digits = key.outcome(code)["digits"]
                            cells.append(self._mean("descriptive", digits, arm=arm, **own))
                    for arm in self.compared:
                        where = self.where(each, code, arm, visit["code"])
                        if binary:
                            risks = key.effect(each["id"], method="risk_difference", **where)
                            cells.append(with_limits(tuple(map(hundredfold, risks)), 1))
                        else:
                            found = key.effect(each["id"], **where)
                            cells.append(self.interval(each, found, self.digits(each, code)))
                    rows.append(cells)
        effect = f"{self.told.effect.lower()} ({self.ci})"
        heads = [
            "Outcome and visit",
            *self.labels.values(),
            *(f"{self.labels[arm]}: {effect}" for arm in self.compared),
        ]
        note = (
            "Mean (SD), or participants with the outcome (n/N, %). Differences from the reference "
            "arm are given where the planned analysis makes them at that visit; only the one at "
            "the time point of the outcome is the planned comparison."
        )
        return "Outcomes at every visit", heads, rows, [note]

    # harms

    def harms(self) -> Drawn:
        key, rows, footnotes = self.key, [], []
        compact = len(self.arms) > 3
        terms = key.terms("harms")
        kinds = [term for term in terms if term.startswith("any")]
        single = [term for term in terms if not term.startswith("any")]
        for head, own in (
            ("Participants with at least one event", kinds),
            ("By event", single),
        ):
            rows.append([head])
            for term in own:
                words = self._event(term)
                look = key.setting("harms", words)
                mark = ""
                if look.get("footnote"):
                    footnotes.append(f"^a {look['footnote']}")
                    mark = "^a"
                cells = [look.get("label", words) + mark]
                for arm in self.arms:
                    people = self._people("harms", arm, term=term)
                    events = count(key.stat("n_events", "harms", term=term, arm=arm))
                    cells += [f"{people} [{events}]"] if compact else [people, events]
                rows.append(cells if compact else [*cells, *self._risks_of_harm(term)])
        sizes = {arm: key.stat("n", "harms", term="any", arm=arm) for arm in self.arms}
        heads = self.sized(sizes)
        if not compact:
            over = f"Risk difference, percentage points ({self.ci})"
            heads = [
                *(
                    f"{arm}: {what}"
                    for arm in heads
                    for what in ("Participants, n (%)", "Events, n")
                ),
                *(f"{over}: {self._versus(arm)}" for arm in self.compared),
            ]
        notes = [("Participants are counted once in each row; events can be several in one "
                 "participant.")]  # fmt: skip
        if compact:
            notes.append("Participants, n (%), and in brackets the number of events.")
        upper = [f"{self._upper(arm)}% in {self.labels[arm]} (n = {sizes[arm]})" for arm in self.arms
                 if self._upper(arm)]  # fmt: skip
        notes.append(
            "Where nobody in an arm had an event, the risk may still be up to "
            f"{', '.join(upper[:-1])}{' and ' if upper[1:] else ''}{upper[-1]} (upper exact "
            f"{self.ci.removesuffix(' CI')} limits)."
        )
        caption = "Adverse events, by the arm that participants received"
        return caption, ["Event", *heads], rows, [*footnotes, *notes]

    def _upper(self, arm: str) -> str:
        """The upper limit of the risk of what nobody in an arm had; empty if there is no such."""
        for term in self.key.terms("harms"):
            if self.key.stat("events", "harms", term=term, arm=arm) == "0":
                limit = self.key.stat("conf_high", "harms", term=term, arm=arm)
                return number(hundredfold(limit), 1)
        return ""

    def _versus(self, arm: str) -> str:
        several = len(self.compared) > 1
        return f"{self.labels[arm]} vs reference" if several else "vs reference"

    def _event(self, term: str) -> str:
        if term == "any":
            return "Any adverse event"
        kind = term.removeprefix("any: ").removeprefix("event: ")
        return f"{kind[0].upper()}{kind[1:]}"

    def _risks_of_harm(self, term: str) -> list[str]:
        found = (
            self.key.effect("harms", term=term, arm=f"{arm} - {self.reference}")
            for arm in self.compared
        )
        return [with_limits(tuple(map(hundredfold, each)), 1) for each in found]

    def harms_differences(self) -> Drawn | None:
        if len(self.arms) <= 3:
            return None
        rows, notes = [], []
        for term in self.key.terms("harms"):
            words = self._event(term)
            look = self.key.setting("harms", words)
            if look.get("footnote"):
                notes.append(f"^a {look['footnote']}")
            head = look.get("label", words) + ("^a" if look.get("footnote") else "")
            rows.append([head, *self._risks_of_harm(term)])
        caption = (
            f"Adverse events: risk difference from the reference arm, percentage points ({self.ci})"
        )
        return caption, ["Event", *map(self._versus, self.compared)], rows, notes

    # what the protocol defines

    def definitions(self) -> Drawn:
        rows, notes = [], []
        for role in ("primary", "secondary"):
            own = [each for each in self.key.protocol["outcomes"] if each["role"] == role]
            rows.append([f"{role.capitalize()} outcomes"])
            for each in own:
                change = each.get("minimal_important_change")
                rows.append(
                    [
                        each["label"],
                        each.get("unit", "none"),
                        each["metric"],
                        each["aggregation"],
                        self.key.visit(each["time_point"]),
                        each["direction"],
                        f"{change} {each['unit']}" if change else "not stated",
                        each.get("assumed", "nothing"),
                    ]
                )
                if change:
                    source = each["minimal_important_change_source"]
                    notes.append(f"Minimal important change, {each['label']}: {source}.")
        heads = ["Outcome", "Unit", "Metric", "Aggregation", "Time point", "Better",
                 "Minimal important change", "Assumed"]  # fmt: skip
        return "Definition of the outcomes", heads, rows, notes

    def estimands(self) -> Drawn:
        rows = [
            [
                each["code"],
                each["treatment"],
                self.key.population(each["population"]),
                each["variable"],
                "; ".join(f"{e['event']} ({e['strategy']})" for e in each["intercurrent_events"]),
                each["summary"],
            ]
            for each in self.key.protocol["estimands"]
        ]
        heads = ["Estimand", "Treatment conditions", "Population", "Variable",
                 "Intercurrent events (strategy)", "Population-level summary"]  # fmt: skip
        return "Estimands, by the five attributes of ICH E9(R1)", heads, rows, []

    # participants

    def flow(self) -> Drawn:
        key, blank = self.key, [""] * len(self.arms)

        def total(words: str, term: str) -> list[str]:
            return [words, count(key.stat("n", "flow", term=term)), *blank]

        def each(words: str, term: str) -> list[str]:
            cells = (count(key.stat("n", "flow", term=term, arm=arm)) for arm in self.arms)
            return [words, "", *cells]

        def stage(words: str, term: str) -> list[list[str]]:
            reasons = self._reasons(term)
            return [each(words, term), *(each(why, f"{term}: {why}") for why in reasons)]

        excluded = [
            why.removeprefix("not randomised: ") for why in key.terms("flow", "not randomised: ")
        ]
        rows = [
            ["Enrolment"],
            total("Assessed for eligibility", "assessed"),
            total("Excluded", "not randomised"),
            *(total(why, f"not randomised: {why}") for why in excluded),
            total("Randomised", "randomised"),
            ["Allocation"],
            each("Allocated", "allocated"),
            each("Received allocated intervention", "received"),
            *stage("Did not receive allocated intervention", "not received"),
            ["Follow-up"],
            *stage("Lost to follow-up for primary outcome", "lost"),
            *stage("Discontinued intervention", "discontinued"),
            ["Analysis"],
            each("Analysed for primary outcome", "analysed"),
        ]
        if key.terms("flow", "lost but analysed"):
            words = "of these lost to follow-up, analysed from earlier visits"
            rows.append(each(words, "lost but analysed"))
        rows += stage("Excluded from analysis", "excluded")
        rows.append(["Told beside the flow, no part of its sums"])
        rows.append(["Sessions attended, n/N (%)", "", *map(self.attended, self.arms)])
        return "Participant flow in numbers", ["Stage", "All", *self.labels.values()], rows, []

    def _reasons(self, term: str) -> list[str]:
        """The reasons of a stage, those of the first arm first, as they stand in the file."""
        found = {}
        for arm in self.arms:
            for row in self.key.rows:
                if row["analysis_id"] == "flow" and row["arm"] == arm:
                    head, _, why = row["term"].partition(": ")
                    if head == term and why:
                        found[why] = None
        return list(found)

    def populations(self) -> Drawn:
        rows = []
        for each in self.key.protocol["populations"]:
            code = each["code"]
            rows.append([f"{each['label']} {EN_DASH} {each['definition']}"])
            rows.append(["In the population", *self._counts("populations", "n", code)])
            reasons = self.key.terms("populations", f"{code}: ")
            for term in reasons:
                words = f"Not in it: {term.removeprefix(f'{code}: ')}"
                rows.append([words, *self._counts("populations", "n_excluded", term)])
            if not reasons:
                rows.append(["Not in it", *self._counts("populations", "n_excluded", code)])
        caption = "Analysis populations, and randomised participants who are not in them"
        notes = ["Participants left out are counted in the arm they were allocated to."]
        return caption, ["Population and reason", *self.labels.values()], rows, notes

    def _counts(self, shelf: str, stat: str, term: str) -> list[str]:
        return [count(self.key.stat(stat, shelf, term=term, arm=arm)) for arm in self.arms]

    def missing(self) -> Drawn:
        key, rows = self.key, []
        places = [
            (visit, outcome)
            for visit in key.visits
            for outcome in key.protocol["outcomes"]
            if key.stat(
                "n", "missing", outcome=outcome["code"], visit=visit["code"], arm=self.arms[0]
            )
        ]
        apart = {
            (visit["code"], outcome["code"]): self._apart(visit["code"], outcome["code"])
            for visit, outcome in places
        }
        shown = ""
        for visit, outcome in places:
            if visit["label"] != shown:
                shown = visit["label"]
                rows.append([shown])
            own = {"outcome": outcome["code"], "visit": visit["code"]}
            cells = [outcome["label"]]
            reasons = []
            for arm in self.arms:
                without, n = (key.stat(s, "missing", arm=arm, **own) for s in ("n_missing", "n"))
                cells.append(f"{count(without)}/{count(n)} ({percent(without, n)})")
                why = [
                    f"{row['term'].removeprefix('reason: ')} {count(row['stat'])}"
                    for row in key.rows
                    if row["analysis_id"] == "missing"
                    and (row["outcome"], row["visit"], row["arm"]) == (*own.values(), arm)
                    and row["term"].startswith("reason: ")
                ]
                if why:
                    reasons.append(f"{self.labels[arm]}: {', '.join(why)}")
            cells.append("; ".join(reasons) or "none missing")
            if any(apart.values()):
                cells.append(apart[visit["code"], outcome["code"]] or "none")
            rows.append(cells)
        heads = ["Visit and outcome", *self.labels.values(), "Reasons"]
        notes = ["Missing of expected values, n/N (%), by allocated arm."]
        if any(apart.values()):
            heads.append("Not expected")
            notes.append(
                "Values that cannot exist and values that are still to come at the data cut are "
                "neither expected nor missing."
            )
        caption = "Missing values by visit, outcome and arm, of all randomised participants"
        return caption, heads, rows, notes

    def _apart(self, visit: str, outcome: str) -> str:
        kinds = {
            "n_not_due": "not yet due at the data cut",
            "n_not_applicable": "not applicable",
        }
        parts = []
        for arm in self.arms:
            found = {
                stat: self.key.stat(stat, "missing", outcome=outcome, visit=visit, arm=arm)
                for stat in kinds
            }
            words = [f"{kinds[stat]} {n}" for stat, n in found.items() if n and int(n)]
            if words:
                parts.append(f"{self.labels[arm]}: {', '.join(words)}")
        return "; ".join(parts)

    # models

    def _analysis_head(self, analysis: dict, code: str) -> str:
        population = self.key.population(analysis["population"])
        where = f"{population[0].lower()}{population[1:]} population"
        return f"{self.key.outcome(code)['label']} {EN_DASH} {analysis['role']} analysis, {where}"

    def anova(self) -> Drawn:
        key, rows = self.key, []
        corrected = len(key.visits) > 2
        for each in self.plan:
            for code in each["outcomes"] if each["method"] == "mixed_anova" else ():
                rows.append([self._analysis_head(each, code)])
                for term, words in (
                    ("group", "Arm"),
                    ("visit", "Visit"),
                    ("group:visit", "Arm by visit"),
                ):

                    def stat(name: str, own=each["id"], code=code, term=term) -> str:
                        return key.stat(name, own, outcome=code, term=term)

                    degrees = (stat("df_num"), stat("df_den"))
                    assert all(Decimal(df) % 1 == 0 for df in degrees)
                    cells = [words, ", ".join(count(df) for df in degrees)]
                    cells += [positive(stat("statistic"), 2), p_value(stat("p_value"))]
                    if corrected:
                        cells.append(number(stat("epsilon_gg"), 3))
                        cells += [p_value(stat("p_value_gg")), p_value(stat("p_value_hf"))]
                    cells.append(positive(stat("partial_eta_squared"), 3))
                    cells.append(positive(stat("generalised_eta_squared"), 3))
                    rows.append(cells)
        heads = ["Outcome and term", "df", "F", "p"]
        heads += ["ε (GG)", "p (GG)", "p (HF)"] if corrected else []
        heads += ["η²p", "η²G"]
        notes = ["η²p: partial, η²G: generalised eta squared."]
        if corrected:
            notes.append(
                "GG: Greenhouse and Geisser; HF: Huynh and Feldt. The plain p assumes sphericity."
            )
        caption = f"Mixed analyses of variance ({self.told.sums_of_squares})"
        return caption, heads, rows, notes

    def adjusted_means(self) -> Drawn:
        key, rows = self.key, []
        for each in self.plan:
            if each["id"] not in self.told.adjusted_means:
                continue
            term = "marginal mean" if each["method"] == "mmrm" else "adjusted mean"
            for code in each["outcomes"]:
                outcome = key.outcome(code)
                method = self.told.adjusted_means[each["id"]]
                rows.append([f"{self._with_unit(code)} {EN_DASH} {method}, {each['role']}"])
                for arm in self.arms:
                    own = {
                        "outcome": code,
                        "visit": outcome["time_point"],
                        "term": term,
                        "arm": arm,
                    }
                    rows.append(
                        [
                            self.labels[arm],
                            with_limits(key.effect(each["id"], **own), outcome["digits"]),
                            number(key.stat("se", each["id"], **own), outcome["digits"] + 1),
                        ]
                    )
        caption = (
            "Adjusted means at the time point of each outcome, numeric covariates at their mean"
        )
        return caption, ["Outcome and arm", f"Adjusted mean ({self.ci})", "SE"], rows, []

    def diagnostics(self) -> Drawn:
        checks = {
            "normality_of_residuals": "Normality of residuals",
            "homogeneity_of_variance": "Homogeneity of variance",
            "homogeneity_of_covariance": "Homogeneity of covariance",
            "homogeneity_of_slopes": "Homogeneity of slopes",
        }
        if len(self.key.visits) > 2:
            checks["sphericity"] = "Sphericity"
        labels = {each["code"]: each["label"] for each in self.key.visits}
        rows = []
        for each in self.main:
            for code in each["outcomes"]:
                own = []
                for (analysis, outcome, _, term, _, _), found in self.key.by.items():
                    check, _, place = term.partition(": ")
                    if (analysis, outcome) != (each["id"], code) or check not in checks:
                        continue
                    where = f", {labels.get(place, place)}" if place else ""
                    own.append(
                        [
                            f"{checks[check]}{where}",
                            found["statistic"]["note"],
                            number(found["statistic"]["stat"], 3),
                            p_value(found["p_value"]["stat"]),
                        ]
                    )
                if own:
                    rows += [[self._analysis_head(each, code)], *own]
        caption = "Checks of the assumptions of the primary and secondary analyses"
        heads = ["Outcome and check", "Method", "Statistic", "p"]
        return caption, heads, rows, ["They chose nothing: the methods are those of the plan."]

    # what was found

    def findings(self) -> Drawn:
        counted: dict[tuple[str, ...], int] = {}
        for severity in ("hard", "soft", "note"):
            for row in self.key.table("findings"):
                if row["severity"] == severity:
                    place = (severity, row["form"], row["label"], row["rule_id"])
                    counted[place] = counted.get(place, 0) + 1
        rows = [[*place, str(n)] for place, n in counted.items()]
        rows = rows or [["none", "nothing was found", "", "", "0"]]
        caption = "Findings of the data validation at the data cut, by rule"
        notes = ["The whole listing, with the place of each finding, is findings.csv."]
        return caption, ["Severity", "Form", "Item", "Rule", "Findings"], rows, notes

    def lint(self) -> Drawn:
        rows = []
        found = self.key.table("lint")
        for severity in ("error", "warning", "note"):
            own = [row for row in found if row["severity"] == severity]
            if own:
                rows.append([f"{severity.capitalize()}s"])
            for row in own:
                names = ("rule", "guideline_rows", "found", "mend", "place")
                rows.append([row[name] for name in names])
        heads = ["Rule", "CONSORT", "What was found", "How to mend it", "Place"]
        note = (
            "An error is a contradiction or an omission, a warning a weakness to be dealt with in "
            "words. The same rows are in lint.csv."
        )
        caption = "What the lint found, with the rows of the guideline that it touches"
        return caption, heads, rows, [note]
