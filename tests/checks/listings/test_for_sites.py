"""A site is told nothing of other sites: no participant and no term that is not in its own row."""

import pandas as pd
import pytest

from tests.miniature import Miniature, dedented
from trialkit.checks.listings.for_sites import for_site, for_sites
from trialkit.checks.listings.marking import listing
from trialkit.checks.queries.queries import Queries
from trialkit.checks.trial.checking import check
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

EVENTS = dedented("""
    [form]
    id = "events"
    title = "Adverse events"
    kind = "adverse_events"
    expected = "as_needed"
    repeating = true

    [[items]]
    id = "term"
    label = "Event"
    type = "text"
    purpose = "event_term"
""")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A listing in which participants and terms of two sites look alike."""
    folder = tmp_path_factory.mktemp("sites")
    mini = Miniature()
    mini.forms["events"] = EVENTS
    mini.forms["screening"] += dedented("""
        [[items]]
        id = "site"
        label = "Site"
        type = "text"
        purpose = "site"
    """)
    mini.data["screening"] = (
        "subject_id,screening_date,age_years,eligible,site\n"
        "B-007,2025-01-10,40,yes,B\nb-007,2025-01-10,40,yes,A\nAX-01,2025-01-10,40,yes,A\n"
    )
    mini.data["randomisation"] = "subject_id,randomisation_date,arm\n"
    mini.data["pain"] = (
        "subject_id,visit,visit_date,vas_mm,side,drug,drug_name\nB-0071,BL,2025-01-14,5,l,no,\n"
    )
    mini.data["events"] = (
        "subject_id,repeat,term\nB-007,1,Haemorrhage of the eye\nB-007,2,Haemorrhage of the eye\n"
        "AX-01,1,Hemorrhage of the eye\n"
    )
    schemas = mini.schemas(folder)
    frame = check(freeze(FolderSource(folder=folder), schemas), schemas, mini.protocol)
    return listing(frame, Queries(), "2025-06-01"), schemas


def messages(frame: pd.DataFrame, rule: str) -> list[str]:
    return frame.loc[frame["rule_id"] == rule, "message"].tolist()


def test_the_coordinator_is_told_who_and_what(found):
    frame = found[0].frame
    assert "subject B-007" in messages(frame, "lookalike_subject")[0]
    assert "'Haemorrhage of the eye' (lines 2, 3)" in messages(frame, "lookalike_term")[0]
    assert messages(frame, "unknown_subject")[0].endswith("Did you mean B-007?")


def test_a_site_is_told_that_there_is_another_and_not_which(found):
    told, schemas = found
    of_a = for_site(told, "A", schemas).frame
    assert {"lookalike_subject", "lookalike_term"} <= set(of_a["rule_id"])
    every = " ".join(for_sites(told, schemas).frame["message"])
    for others in ("B-007", "Haemorrhage", "Did you mean"):
        assert others not in every
    assert messages(of_a, "lookalike_subject") == [
        (
            "Subject b-007 looks like another participant of the trial: are they one person? Correct the "
            "subject, or confirm that they are two; the coordinator can tell which."
        )
    ]
    assert messages(of_a, "lookalike_term")[0].startswith(
        "Event: this looks like another term that was entered in the trial: are they one?"
    )
