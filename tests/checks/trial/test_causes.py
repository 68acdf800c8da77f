"""One defect makes one query: what follows from another finding hangs below it."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.checks.query_trial import SCHEMAS, QueryTrial
from tests.miniature import SITE, Miniature, dedented
from trialkit.checks.findings.findings import Findings
from trialkit.checks.listings.marking import listing
from trialkit.checks.queries.queries import Event, Happening, Queries, QueryState
from trialkit.checks.queries.reconciling import reconcile
from trialkit.checks.trial.causes import with_causes
from trialkit.protocol.trial.people import Site

CONSENT = """
    [[items]]
    id = "consent_date"
    label = "Date of consent"
    type = "date"
    purpose = "consent_date"
"""


def with_consent(*dates: str) -> Miniature:
    trial = Miniature()
    trial.forms["screening"] += CONSENT
    header, *rows = dedented(trial.data["screening"]).splitlines()
    pairs = zip(rows, dates, strict=True)
    trial.data["screening"] = "\n".join(
        [f"{header},consent_date", *(f"{row},{day}" for row, day in pairs)]
    )
    return trial


def change(trial: Miniature, form: str, old: str, new: str) -> None:
    assert old in trial.data[form]
    trial.data[form] = trial.data[form].replace(old, new)


def tree(frame):
    """The findings as form, item, rule, and whether each is a cause."""
    keys = frame["query_key"].tolist()
    return [
        (row["subject_id"], row["form"], row["item"], row["rule_id"],
         keys.index(row["cause"]) if row["cause"] else None)
        for _, row in frame.iterrows()
    ]  # fmt: skip


def test_a_wrong_date_of_consent_is_one_query(tmp_path):
    trial = with_consent("2025-01-09", "2026-01-09", "2025-01-09", "2025-01-09")

    found = tree(trial.findings(tmp_path))

    assert found == [
        ("S2", "randomisation", "randomisation_date", "date_order", None),
        ("S2", "pain", "visit_date", "date_order", 0),
        ("S2", "pain", "visit_date", "date_order", 0),
    ]


def test_findings_of_two_participants_have_causes_of_their_own(tmp_path):
    trial = with_consent("2026-01-09", "2026-01-09", "2025-01-09", "2025-01-09")

    frame = trial.findings(tmp_path)

    causes = frame[frame["cause"] == ""]
    assert causes["subject_id"].tolist() == ["S1", "S2"]
    below = frame[frame["cause"] != ""]
    assert set(below["cause"]) == set(causes["query_key"])
    owner = dict(zip(causes["query_key"], causes["subject_id"], strict=True))
    assert below["cause"].map(owner).tolist() == below["subject_id"].tolist()


def test_answers_that_one_answer_hides_are_one_query(tmp_path):
    trial = Miniature()
    dose = """[[items]]
        id = "drug_dose"
        label = "Dose"
        type = "decimal"
        shown_when = "drug = TRUE"

        [[rules]]"""
    trial.forms["pain"] = trial.forms["pain"].replace("[[rules]]", dose, 1)
    header, *rows = dedented(trial.data["pain"]).splitlines()
    rows = [row + "," for row in rows]
    assert rows[1].endswith("yes,ibuprofen,")
    rows[1] = rows[1].replace("yes,ibuprofen,", "no,ibuprofen,5")
    trial.data["pain"] = "\n".join([header + ",drug_dose", *rows])

    found = tree(trial.findings(tmp_path))

    assert [(item, rule, cause) for _, _, item, rule, cause in found] == [
        ("drug_name", "not_shown", None),
        ("drug_dose", "not_shown", 0),
    ]


def test_two_late_visits_are_two_queries(tmp_path):
    trial = Miniature()
    change(trial, "pain", "S2,BL,2025-01-15", "S2,BL,2025-01-03")
    change(trial, "pain", "S2,W6,2025-02-26", "S2,W6,2025-03-06")

    frame = trial.findings(tmp_path)

    assert frame["rule_id"].tolist() == ["visit_window"] * 2
    assert frame["cause"].tolist() == ["", ""]


def second_form(trial: Miniature) -> Miniature:
    """The trial with a second form at the visits, of the same dates."""
    trial.forms["balance"] = (
        trial.forms["pain"]
        .split("[[rules]]")[0]
        .replace('"pain"', '"balance"')
        .replace('"Pain"', '"Balance"', 1)
    )
    trial.data["balance"] = trial.data["pain"]
    return trial


def test_a_visit_that_is_late_in_each_of_its_forms_is_one_query(tmp_path):
    trial = Miniature()
    change(trial, "pain", "S2,W6,2025-02-26", "S2,W6,2025-03-06")

    found = tree(second_form(trial).findings(tmp_path))

    assert [(form, rule, cause) for _, form, _, rule, cause in found] == [
        ("balance", "visit_window", None),
        ("pain", "visit_window", 0),
    ]


def test_a_visit_that_was_missed_is_one_query(tmp_path):
    trial = Miniature()
    change(trial, "pain", "S2,W6,2025-02-26,55,r,no,\n", "")

    found = tree(second_form(trial).findings(tmp_path))

    assert [(form, rule, cause) for _, form, _, rule, cause in found] == [
        ("balance", "missing_form", None),
        ("pain", "missing_form", 0),
    ]


def test_a_form_that_lacks_where_the_visit_was_attended_has_its_query(tmp_path):
    trial = second_form(Miniature())
    change(trial, "pain", "S2,W6,2025-02-26,55,r,no,\n", "")

    found = tree(trial.findings(tmp_path))

    assert [(form, rule, cause) for _, form, _, rule, cause in found] == [
        ("pain", "missing_form", None)
    ]


@pytest.mark.parametrize("wrong", ["S2,BL,", "S1,W6,"])
def test_a_row_under_another_key_is_the_one_that_lacks(wrong, tmp_path):
    trial = Miniature()
    change(trial, "pain", "S2,W6,", wrong)

    found = tree(trial.findings(tmp_path))

    causes = [rule for _, _, _, rule, cause in found if cause is None]
    assert causes == ["duplicate_key"]
    assert ("S2", "pain", "", "missing_form", 0) in found


def test_nothing_hangs_below_a_finding_of_another_site(tmp_path):
    trial = Miniature()
    trial.protocol = replace(
        trial.protocol, sites=(Site(code="01", label="North"), Site(code="02", label="South"))
    )
    trial.forms["screening"] += SITE
    header, *rows = dedented(trial.data["screening"]).splitlines()
    sites = zip(rows, ("01", "02", "01", "01"), strict=True)
    trial.data["screening"] = "\n".join(
        [f"{header},site", *(f"{row},{site}" for row, site in sites)]
    )
    change(trial, "pain", "S2,W6,", "S1,W6,")

    found = tree(trial.findings(tmp_path))

    assert {rule for _, _, _, rule, cause in found if cause is None} >= {
        "duplicate_key",
        "missing_form",
    }


class Following:
    """Findings about the value "9" of some people, of which those of B and C follow from that of A."""

    def __init__(self, severity: str = "soft") -> None:
        self.queries = Queries()
        self.severity = severity

    def found(self, **severities: str) -> pd.DataFrame:
        trial = QueryTrial(values=dict.fromkeys(severities, "9"), severities={"9": self.severity})
        frame = trial.findings().to_frame()
        first = frame.loc[frame["subject_id"] == "A", "query_key"]
        follows = frame["subject_id"].isin(["B", "C"]) if len(first) else False
        return frame.assign(
            cause=pd.Series(first.iloc[0], frame.index).where(follows, "") if len(first) else ""
        )

    def validate(self, *subjects: str) -> list[tuple[str, str]]:
        frame = self.found(**dict.fromkeys(subjects, "9"))
        trial = QueryTrial(values=dict.fromkeys("ABC", "9"))
        before = len(self.queries.history)
        self.queries = reconcile(self.queries, Findings(frame=frame), trial.snapshot(), SCHEMAS)
        return [
            (event.subject_id, event.note or event.event.value)
            for event in self.queries.history[before:]
            if event.event is not Happening.CUT
        ]

    def confirm(self) -> None:
        query = next(each for each in self.queries.sorted if each.subject_id == "A")
        answer = Event(
            on="2025-03-02",
            event=Happening.ANSWERED,
            query_key=query.query_key,
            asked=query.asked,
            answer="confirmed",
            reason="seen",
            answered_by="Ana",
        )
        self.queries = self.queries.followed_by([answer])


def test_findings_about_no_participant_have_no_cause():
    frame = QueryTrial(values={"": "9"}, severities={"9": "hard"}).findings().to_frame()
    twice = pd.concat([frame, frame], ignore_index=True)

    found = with_causes(twice, SCHEMAS, QueryTrial().snapshot())

    assert found["cause"].tolist() == ["", ""]
    assert with_causes(frame.head(0), SCHEMAS, QueryTrial().snapshot()).empty


def test_only_causes_are_asked_about():
    trial = Following()

    assert trial.validate("A", "B") == [("A", "opened")]


def test_what_followed_makes_its_own_query_when_its_cause_is_gone():
    trial = Following()
    trial.validate("A", "B")

    assert trial.validate("B") == [("B", "opened"), ("A", "data unchanged")]


def test_an_open_query_that_comes_to_follow_from_another_is_asked_with_that():
    trial = Following()
    trial.validate("B")

    assert trial.validate("A", "B") == [("A", "opened"), ("B", "asked with its cause")]


def test_a_confirmed_query_is_asked_again_only_when_more_follows_from_it():
    trial = Following()
    trial.validate("A", "B")
    trial.confirm()

    assert trial.validate("A", "B") == []
    assert trial.validate("A") == []
    assert trial.validate("A", "B", "C") == [("A", "reopened")]


def test_the_listing_tells_what_follows_with_its_cause_and_gives_it_its_state():
    trial = Following()
    trial.validate("A", "B", "C")
    trial.confirm()
    found = listing(Findings(frame=trial.found(A="9", B="9", C="9")), trial.queries, "")

    assert found.frame["query_state"].tolist() == [QueryState.CLOSED.value] * 3
    (told,) = found.asking({"pain": "Pain"}).frame["message"]
    assert told == (
        "Pain: 9 is odd. Seen too, perhaps for the same reason: Pain (the same) · Pain (the same)"
    )


def test_what_follows_stays_below_its_cause_when_the_worst_comes_first():
    soft, hard = Following(), Following("hard")
    alone = soft.found(D="9")
    frame = pd.concat([alone, soft.found(A="9", B="9"), hard.found(E="9")], ignore_index=True)

    worst = listing(Findings(frame=frame), Queries(), "").worst_first

    assert worst["subject_id"].tolist() == ["E", "D", "A", "B"]


def test_what_says_something_else_is_told_in_full():
    trial = Following()
    frame = trial.found(A="9", B="9")
    frame.loc[frame["subject_id"] == "B", "message"] = "Pain before: 8 is odd too."

    (told,) = (
        listing(Findings(frame=frame), Queries(), "").asking({"pain": "Sheet"}).frame["message"]
    )

    assert told.endswith("Seen too, perhaps for the same reason: Sheet: Pain before: 8 is odd too.")
