"""A trial read a second time, by csv, tomllib and pandas alone: nothing of trialkit is used here."""

import csv
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

CODES = {
    "ND": "not done", "REF": "refused", "UNK": "unknown", "NASK": "not asked",
    "ASKU": "asked but unknown", "MF": "measurement failed", "WD": "withdrawn",
    "LTFU": "lost to follow-up", "NA": "not applicable",
}  # fmt: skip
CANNOT_EXIST = {"NA"}
DATES = {"ymd": "%Y-%m-%d", "dmy": "%d.%m.%Y"}
NO_ROW = "form not completed"
NOTHING_SAID = "left blank, no reason given"
Row = Mapping[str, str]


def exact_change(value: float, baseline: float) -> float:
    """The change in decimal, from the digits as they were entered."""
    return float(Decimal(str(float(value))) - Decimal(str(float(baseline))))


@dataclass(kw_only=True)
class Person:
    """Who was screened or randomised, in the words of the files."""

    subject: str
    screened: bool
    site: str | None = None
    eligible: bool | None = None
    not_enrolled: str | None = None
    randomised_on: date | None = None
    arm: str | None = None
    stratum: str | None = None
    block: float | None = None
    received: str | None = None
    not_received: str | None = None
    discontinued: bool | None = None
    discontinued_why: str | None = None
    completed: bool | None = None
    ended: date | None = None
    ended_why: str | None = None

    @property
    def is_receipt_known(self) -> bool:
        """Whether an arm was received, or a reason says that none was."""
        return self.received is not None or self.not_received is not None


@dataclass(frozen=True, kw_only=True)
class Score:
    """A calculated item: the items that it is reckoned from, and how; it lacks what they lack."""

    parts: tuple[str, ...]
    reckon: Callable[..., float]


@dataclass(kw_only=True)
class Members:
    """A population: its members with their arms, and who is not in it with the reason."""

    arms: dict[str, str]
    outside: dict[str, str] = field(default_factory=dict)


class SecondReading:
    """Everything that an analysis may read, derived from the texts of the files."""

    def __init__(self, folder: Path, scores: Mapping[str, Score] | None = None) -> None:
        self.folder = folder
        self.scores = scores or {}
        self.protocol = tomllib.loads((folder / "protocol.toml").read_text("utf-8"))
        self.format = self.protocol["data"]
        own = self.format.get("missing_codes", [])
        self.codes = CODES | {each["code"]: each["label"] for each in own}
        self.cannot_exist = CANNOT_EXIST | {e["code"] for e in own if e.get("not_applicable")}
        self.forms = {
            path.stem: tomllib.loads(path.read_text("utf-8"))
            for path in (folder / "forms").glob("*.toml")
        }
        self._tables: dict[str, list[dict[str, str]]] = {}
        self.level: float = self.protocol["plan"]["confidence_level"]
        coded = self.protocol["arms"]
        self.reference: str = next(each["code"] for each in coded if each.get("reference"))
        others = [each["code"] for each in coded if each["code"] != self.reference]
        self.arms: list[str] = [self.reference, *others]
        self.others: list[str] = others
        self.visits = {each["code"]: each for each in self.protocol["visits"]}
        self.baseline: str = next(c for c, each in self.visits.items() if each.get("baseline"))
        self.outcomes = {each["code"]: each for each in self.protocol["outcomes"]}
        self.people = self._people()
        self.randomised = {s: p for s, p in self.people.items() if p.arm is not None}
        self._populations: dict[str, Members] = {}
        self._cells: dict[str, dict[tuple[str, str], tuple[float, str, bool]]] = {}

    # the texts of the files
    def table(self, form: str) -> list[dict[str, str]]:
        """The rows of a form as texts."""
        if form not in self._tables:
            path = self.folder / "data" / f"{form}.csv"
            text = path.read_text("utf-8-sig") if path.exists() else ""
            rows = csv.DictReader(text.splitlines(), delimiter=self.format["delimiter"])
            self._tables[form] = list(rows)
        return self._tables[form]

    def words(self, row: Row, name: str, form: str | None = None) -> str | None:
        """A cell's text, a choice of ``form`` by its label; None where blank or coded missing."""
        text = row.get(name, "").strip()
        if not text or text in self.codes:
            return None
        choices = {} if form is None else self.choices(form, name)
        return choices.get(text, text)

    def number(self, row: Row, name: str) -> float:
        text = self.words(row, name)
        return float("nan") if text is None else float(text.replace(self.format["decimal"], "."))

    def day(self, row: Row, name: str) -> date | None:
        text = self.words(row, name)
        form = DATES[self.format["dates"]]
        return None if text is None else datetime.strptime(text, form).date()  # noqa: DTZ007

    def answer(self, row: Row, name: str) -> bool | None:
        text = self.words(row, name)
        return None if text is None else {"yes": True, "no": False}[text]

    def item(self, form: str, name: str) -> dict:
        return next(each for each in self.forms[form]["items"] if each["id"] == name)

    def choices(self, form: str, name: str) -> dict[str, str]:
        return {each["code"]: each["label"] for each in self.item(form, name).get("choices", [])}

    def code(self, row: Row, name: str) -> str:
        """The missing code of an item, of a score that of its parts; blank where there is none."""
        names = self.scores[name].parts if name in self.scores else (name,)
        texts = [row.get(each, "").strip() for each in names]
        return next((text for text in texts if text in self.codes), "")

    # people, and in which arm they count
    def _people(self) -> dict[str, Person]:
        found: dict[str, Person] = {}
        for row in self.table("screening"):
            found[row["subject_id"]] = Person(
                subject=row["subject_id"],
                screened=True,
                site=self.words(row, "site"),
                eligible=self.answer(row, "eligible"),
                not_enrolled=self.words(row, "not_enrolled_reason", "screening"),
            )
        for row in self.table("randomisation"):
            name = row["subject_id"]
            person = found.setdefault(name, Person(subject=name, screened=False))
            person.randomised_on = self.day(row, "randomisation_date")
            person.arm = self.words(row, "arm")
            person.stratum = self.words(row, "stratum")
            person.block = self.number(row, "block") if "block" in row else None
        for row in self.table("end_of_study"):
            person = found[row["subject_id"]]
            person.not_received = self.words(row, "not_received_reason")
            person.received = self.words(row, "arm_received")
            person.discontinued = self.answer(row, "discontinued")
            person.discontinued_why = self.words(row, "discontinuation_reason", "end_of_study")
            person.completed = self.answer(row, "completed")
            person.ended = self.day(row, "end_date")
            person.ended_why = self.words(row, "end_reason", "end_of_study")
        return found

    @cached_property
    def attendance(self) -> dict[str, dict[str, float]]:
        """Sessions of each participant whose arm has any: planned, asked for, attended, unknown."""
        planned = {
            each["code"]: each["intervention"]["sessions"]
            for each in self.protocol["arms"]
            if "sessions" in each.get("intervention", {})
        }
        found = {}
        for name, person in self.randomised.items():
            if person.arm not in planned:
                continue
            log = [row for row in self.table("sessions") if row["subject_id"] == name]
            left = person.completed is False
            if left and person.ended is not None:
                log = [
                    row
                    for row in log
                    if (self.day(row, "session_date") or date.min) <= person.ended
                ]
            came = [self.answer(row, "attended") for row in log]
            unknown = came.count(None)
            whole = planned[person.arm]
            asked = min(len(log), whole) if left else whole
            minutes = [
                self.number(row, "minutes")
                for row, known in zip(log, came, strict=True)
                if known is not None
            ]
            untold = any(
                known is True and bool(np.isnan(self.number(row, "minutes")))
                for row, known in zip(log, came, strict=True)
            )
            found[name] = {
                "planned": whole,
                "prescribed": asked - unknown,
                "attended": came.count(True),
                "unknown": unknown,
                "minutes": np.nan if untold else float(np.nansum(minutes)) if minutes else 0.0,
            }
        return found

    def population(self, code: str) -> Members:
        """Who is in a population by the words of its rule, and why the others are not."""
        if code not in self._populations:
            rules = {each["code"]: each for each in self.protocol["populations"]}
            self._populations[code] = self._members(rules[code])
        return self._populations[code]

    def _members(self, rule: dict) -> Members:
        sessions = self.attendance
        least = rule.get("minimum_attendance_percent")
        members = Members(arms={})
        for name, person in self.randomised.items():
            own, by_received = sessions.get(name), rule.get("group_by") == "received"
            treated = rule.get("received_any") or rule.get("received_allocated") or by_received
            if treated and not person.is_receipt_known:
                members.outside[name] = "arm received not recorded"
            elif rule.get("received_any") and person.received is None:
                members.outside[name] = "received no intervention"
            elif rule.get("received_allocated") and person.received != person.arm:
                members.outside[name] = "did not receive the allocated intervention"
            elif rule.get("completed") and person.completed is False:
                members.outside[name] = "did not complete the study"
            elif rule.get("completed") and person.completed is None:
                members.outside[name] = "completion not recorded"
            elif least and own and 100 * own["attended"] < least * own["prescribed"]:
                members.outside[name] = f"attended less than {least:g} % of sessions"
            else:
                members.arms[name] = str(person.received if by_received else person.arm)
        return members

    # values of outcomes
    def form_of(self, outcome: str) -> dict:
        return self.forms[self.outcomes[outcome]["form"]]["form"]

    def asked(self, outcome: str) -> list[str]:
        """The visits at which an outcome is asked, in the order of time."""
        return [v for v in self.visits if v in self.form_of(outcome)["visits"]]

    def cells(self, outcome: str) -> dict[tuple[str, str], tuple[float, str, bool]]:
        """Value, why there is none, and whether there can be none, by subject and visit."""
        if not self._cells:
            each = {code: self._cells_of(plan) for code, plan in self.outcomes.items()}
            times = Counter(why for found in each.values() for _, why, _ in found.values())
            spelling = {why.lower(): why for why, _ in reversed(times.most_common())}
            for code, found in each.items():
                self._cells[code] = {
                    place: (value, spelling[why.lower()], never)
                    for place, (value, why, never) in found.items()
                }
        return self._cells[outcome]

    def _cells_of(self, outcome: dict) -> dict[tuple[str, str], tuple[float, str, bool]]:
        form, item = outcome["form"], outcome["item"]
        rows = {(row["subject_id"], row["visit"]): row for row in self.table(form)}
        found = {}
        for name, person in self.randomised.items():
            for visit in self.asked(outcome["code"]):
                row = rows.get((name, visit))
                value, reason, never = float("nan"), NO_ROW, False
                if row is not None:
                    text = self.code(row, item)
                    reason = self.codes.get(text, NOTHING_SAID)
                    never = text in self.cannot_exist
                    if item in self.scores:
                        score = self.scores[item]
                        value = score.reckon(*(self.number(row, each) for each in score.parts))
                    elif outcome["type"] == "binary":
                        known = self.answer(row, item)
                        value = float("nan") if known is None else float(known)
                    else:
                        value = self.number(row, item)
                said = row is not None and self.code(row, item) != ""
                if not said and person.completed is False and person.ended and person.ended_why:
                    plan = self.visits[visit]
                    opens = plan["target_day"] - plan["window"]["early"]
                    if person.randomised_on + timedelta(days=opens) > person.ended:
                        reason = person.ended_why
                elif row is None and person.ended is None:
                    reason = "not yet due at the data cut"
                found[name, visit] = (value, reason if np.isnan(value) else "", never)
        return found

    def value(self, outcome: str, subject: str, visit: str) -> float:
        return self.cells(outcome).get((subject, visit), (float("nan"), "", False))[0]

    def characteristic_row(self, name: str) -> Mapping[str, str]:
        """The row of the protocol that lists a characteristic ``form.item``."""
        listed = self.protocol["characteristics"]
        return next(each for each in listed if f"{each['form']}.{each['item']}" == name)

    def title(self, name: str) -> str:
        """What readers call the characteristic ``form.item``."""
        return self.characteristic_row(name).get("label") or name

    def characteristic(self, name: str, subject: str) -> float | str | None:
        """The baseline characteristic ``form.item`` of a participant: a number, or words."""
        form, item = name.split(".")
        row = self.characteristic_row(name)
        visit = (
            (row.get("visit") or self.baseline) if "visits" in self.forms[form]["form"] else None
        )
        for row in self.table(form):
            if row["subject_id"] == subject and (visit is None or row["visit"] == visit):
                return self.typed(form, item, row)
        return None if self.is_words(form, item) else float("nan")

    def is_words(self, form: str, item: str) -> bool:
        return self.item(form, item)["type"] not in {"integer", "decimal", "calculated"}

    def typed(self, form: str, item: str, row: Row) -> float | str | None:
        if not self.is_words(form, item):
            return self.number(row, item)
        known = self.words(row, item, form)
        is_answer = self.item(form, item)["type"] == "yes_no"
        return {"yes": "Yes", "no": "No", None: None}[known] if is_answer else known

    # frames for estimators
    def frame(
        self, outcome: str, population: str, *, covariates: tuple[str, ...] = ()
    ) -> pd.DataFrame:
        """A row a member and visit: arm, value, baseline, change and covariates, none left out."""
        arms = self.population(population).arms
        visits = self.asked(outcome)
        rows = [
            {
                "subject": name,
                "arm": arms[name],
                "visit": visit,
                "value": self.value(outcome, name, visit),
                "baseline": self.value(outcome, name, self.baseline),
                "stratum": person.stratum,
                "block": person.block,
                "cluster": cluster_of(self, name),
            }
            | {each: self.characteristic(each, name) for each in covariates}
            for name, person in self.randomised.items()
            if name in arms
            for visit in visits
        ]
        frame = pd.DataFrame(rows)
        frame["change"] = list(map(exact_change, frame["value"], frame["baseline"]))
        frame["arm"] = pd.Categorical(frame["arm"], categories=self.arms, ordered=True)
        frame["visit"] = pd.Categorical(frame["visit"], categories=visits, ordered=True)
        for each in covariates:
            form, item = each.split(".")
            if self.is_words(form, item):
                had = [x for x in self.choices(form, item).values() if (frame[each] == x).any()]
                frame[each] = pd.Categorical(frame[each], categories=had, ordered=True)
        return frame


def cluster_of(trial: SecondReading, subject: str) -> str | None:
    """The class that a participant goes to: one of four of the arm; nobody says it of one in nine."""
    arm = trial.people[subject].arm
    number = int("".join(each for each in subject if each.isdigit()) or 0)
    return None if arm is None or number % 9 == 0 else f"{arm}-{number % 4}"
