"""Twenty defects, one of each kind, give exactly their twenty findings."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from tests.damaged import DEFECTS, EXAMPLE, damage
from trialkit.checks.trial.checking import check
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

# What a data manager would ask about in the clean example: one question, four findings.
SOFT_OF_THE_CLEAN_EXAMPLE = {
    ("BH-020", "W6", "pain", "answered_on", "PAIN05", "soft"),
    ("BH-029", "W6", "trunk", "visit_date", "visit_window", "soft"),
    ("BH-018", "11", "sessions", "minutes", "unusual", "soft"),
    ("BH-010", "14", "sessions", "exertion", "unusual", "soft"),
}


def findings(folder: Path) -> pd.DataFrame:
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol)
    return check(
        freeze(FolderSource(folder=folder), schemas, cut=None), schemas, protocol
    ).to_frame()


def places(frame: pd.DataFrame) -> Counter:
    place = frame["visit"].where(frame["visit"] != "", frame["repeat"])
    parts = (frame["subject_id"], place, frame["form"], frame["item"], frame["rule_id"])
    return Counter(zip(*parts, frame["severity"], strict=True))


@pytest.fixture(scope="module")
def damaged_findings(tmp_path_factory):
    return findings(damage(tmp_path_factory.mktemp("trial")))


def test_the_clean_example_has_no_hard_finding_and_the_soft_ones_that_it_should():
    assert places(findings(EXAMPLE)) == Counter(SOFT_OF_THE_CLEAN_EXAMPLE)


def test_there_are_twenty_kinds_of_defect():
    assert len({defect.kind for defect in DEFECTS}) == len(DEFECTS) == 20


def test_every_defect_gives_its_finding_and_nothing_else_is_found(damaged_findings):
    expected = Counter(SOFT_OF_THE_CLEAN_EXAMPLE) + Counter(each.expected for each in DEFECTS)
    assert places(damaged_findings) == expected


def test_every_message_says_something_and_every_problem_has_its_own_key(damaged_findings):
    assert damaged_findings["message"].str.len().min() > 20
    assert not damaged_findings["message"].str.contains("[{}]").any()
    assert damaged_findings["query_key"].is_unique
