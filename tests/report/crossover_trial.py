"""Crossover trials of two treatments in two periods, or of three in three, with the reference data."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.conftest import ROOT
from tests.report.falls_trial import rename_age
from tests.report.kinds_of_trial import Kind, Tables, write_trial

FOLDER = ROOT / "tests" / "reference" / "crossover"
TREATMENTS = {"A": "Heat", "B": "Cold", "C": "Rest"}
PERIODS = ("First", "Second", "Third")


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Which reference data a trial has, and so how many periods."""

    file: str = "crossover_abba_complete.csv"
    periods: int = 2

    def people(self) -> list[tuple[str, dict[int, float]]]:
        """The sequence of each participant, and the value at the end of each period."""
        found: dict[str, tuple[str, dict[int, float]]] = {}
        with (FOLDER / self.file).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                _, values = found.setdefault(row["subject"], (row["sequence"], {}))
                values[int(row["period"])] = float(row["y"])
        return list(found.values())

    def design(self) -> str:
        """The arms, treatments and periods of the protocol."""
        sequences = dict.fromkeys(sequence for sequence, _ in self.people())
        arms = "".join(
            f'[[arms]]\ncode = "{each}"\nlabel = "{_label(each)}"\nratio = 1\n'
            f"treatments = {list(each)}\n\n".replace("'", '"')
            for each in sequences
        )
        treatments = "".join(
            f'[[treatments]]\ncode = "{code}"\nlabel = "{label}"\n'
            + ("reference = true\n" if code == "A" else "")
            + f'[treatments.intervention]\nname = "{label} for the back"\nweeks = 4\n'
            'procedures = "Twenty minutes a day at home."\n\n'
            for code, label in list(TREATMENTS.items())[: self.periods]
        )
        periods = "".join(
            f'[[periods]]\ncode = "P{place + 1}"\nlabel = "{PERIODS[place]} period"\n'
            f'visits = ["V{2 * place}", "V{2 * place + 1}"]\nbaseline = "V{2 * place}"\n'
            f'time_point = "V{2 * place + 1}"\n' + ("washout_days = 28\n" if place else "") + "\n"
            for place in range(self.periods)
        )
        return arms + treatments + periods


def _label(sequence: str) -> str:
    """The treatments in words: "Heat, then cold"."""
    first, *later = (TREATMENTS[each] for each in sequence)
    return ", then ".join([first, *(each.lower() for each in later)])


TWO = Crossing()
WILLIAMS = Crossing(file="crossover_williams.csv", periods=3)
PRIMARY = 'method = "crossover_difference"'
MODEL = 'method = "crossover_model"'
EVENTS = 'method = "crossover_events"'
OTHERS = """
[[analyses]]
id = "model"
role = "sensitivity"
outcomes = ["pain"]
population = "itt"
estimand = "E1"
method = "crossover_model"

[[analyses]]
id = "from_the_start"
role = "sensitivity"
outcomes = ["pain"]
population = "itt"
estimand = "E1"
method = "crossover_difference"
response = "change"
"""
BETTER_BELOW = 48


def write_crossover(
    folder: Path,
    *,
    crossing: Crossing = TWO,
    primary: str = PRIMARY,
    more: str = OTHERS,
    events: str = EVENTS,
    age: str = "age",
    change: Callable[[Tables], object] = lambda _: None,
    edit: Callable[[str], str] = lambda text: text,
) -> Path:
    """The folder of the trial; ``change`` what is unlike in its data, ``edit`` in its protocol."""

    def crossed(tables: Tables) -> None:
        _cross_over(tables, crossing)
        change(tables)

    size = len(crossing.people())
    kind = Kind(
        per_arm=(size // 2,),
        visits=2 * crossing.periods,
        primary=primary,
        more=more,
        change=crossed,
    )
    write_trial(folder, kind)
    rename_age(folder, age)
    path = folder / "protocol.toml"
    text = path.read_text("utf-8")
    arms, visits = text.index("[[arms]]"), text.index("[[visits]]")
    text = text[:arms] + crossing.design() + text[visits:]
    text = text.replace('method = "risk_difference"\ninterval = "newcombe"', events)
    text = text.replace("block_sizes = [4]", "block_sizes = [12]")
    for step in range(1, 2 * crossing.periods):
        what = "End" if step % 2 else "Start"
        text = text.replace(f'"Week {4 * step}"', f'"{what} of period {step // 2 + 1}"')
    path.write_text(edit(text), "utf-8", newline="\n")
    return folder


def _cross_over(tables: Tables, crossing: Crossing) -> None:
    """The participants have the sequences and values of the reference data, one after the other."""
    mine: dict[str, dict[int, float]] = {}
    sequences: dict[str, str] = {}
    for row, (sequence, values) in zip(tables["randomisation"], crossing.people(), strict=True):
        row["arm"] = sequences[row["subject_id"]] = sequence
        mine[row["subject_id"]] = values
    for row in tables["end_of_study"]:
        row["arm_received"] = sequences[row["subject_id"]]
    rng = np.random.default_rng(15)
    for row in tables["assessment"]:
        step = int(row["visit"][1:])
        if step % 2:
            row["pain_mm"] = mine[row["subject_id"]][step // 2 + 1]
            row["better"] = "yes" if row["pain_mm"] < BETTER_BELOW else "no"
        else:
            row["pain_mm"] = round(58 + float(rng.normal(0, 5)), 1)
            row["better"] = "no"
