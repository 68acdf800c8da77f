"""Adherence and dose are stated of each arm that has sessions, as far as they are collected."""

from pathlib import Path
from types import SimpleNamespace

from tests.datasets.small import small
from tests.datasets.test_dose import LOG, ROWS
from trialkit.datasets.attendance import derive_attendance, derive_dose, units_of_dose
from trialkit.datasets.collected import not_collected
from trialkit.datasets.subjects import derive_subjects
from trialkit.planned.counts.adherence import state_adherence
from trialkit.results.vocabulary import Stat


def stated(folder: Path, log: str = LOG) -> dict[tuple[str, str, Stat], tuple[object, str]]:
    sources, protocol = small(folder, forms={"sessions": log}, sessions=ROWS)
    subjects = derive_subjects(sources, protocol)
    datasets = SimpleNamespace(
        attendance=derive_attendance(sources, protocol, subjects),
        dose=derive_dose(sources, protocol, subjects),
        dose_units=units_of_dose(sources.schemas),
        not_collected=not_collected(sources, protocol),
    )
    return {
        (each.arm, each.term, each.stat_name): (each.stat, each.unit)
        for each in state_adherence(datasets)
    }


def test_the_dose_of_an_arm_is_that_of_its_participants(tmp_path: Path) -> None:
    found = stated(tmp_path)
    # of arm A, S1 did 5 sets and S5 is not known; S1's load went from 10.1 to 12.3 kg
    assert found["A", "sets", Stat.N] == (1, "")
    assert found["A", "sets", Stat.N_MISSING] == (1, "")
    assert found["A", "sets", Stat.MEAN] == (5, "sets")
    assert found["A", "progression", Stat.MEAN] == (2.2, "kg")
    assert found["A", "first_load", Stat.N] == (2, "")


def test_what_is_not_asked_is_not_stated(tmp_path: Path) -> None:
    without = LOG.replace('purpose = "session_load"', "").replace('purpose = "session_sets"', "")
    terms = {term for _, term, _ in stated(tmp_path, without)}
    assert "repetitions" in terms
    assert not terms & {"sets", "first_load", "last_load", "progression"}
