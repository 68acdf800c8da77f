"""The page of findings: every count in full, every word escaped, nothing that runs."""

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest

from trialkit.checks.listings.marking import LISTING_COLUMNS
from trialkit.errors import ReportError
from trialkit.pages import completeness
from trialkit.pages.listing import compose_listing
from trialkit.pages.listing_html import render_listing
from trialkit.pages.listing_inputs import Column, ExpectedOf, ListingInputs
from trialkit.pages.listing_page import NOT_DUE, NOT_EXPECTED, STATES
from trialkit.report.writers.template_folder import find_templates

HOSTILE = '<script>alert(1)</script>"&=cmd\x07'


def finding(subject: str = "S1", **others: str) -> dict[str, str]:
    plain = {
        "subject_id": subject, "site": "N", "visit": "BL", "form": "pain", "item": "vas",
        "label": "Pain", "value": "97", "rule_id": "unusual", "severity": "soft",
        "message": "Pain: 97 mm is unusual.", "query_key": "q1", "query_state": "open",
        "asked_on": "2025-03-01", "age_days": "0",
    }  # fmt: skip
    return {**dict.fromkeys(LISTING_COLUMNS, ""), **plain, **others}


def cell(subject: str, visit: str = "BL", form: str = "pain", **counts: int) -> dict[str, Any]:
    zeros = dict.fromkeys(("rows", "hard", "soft", "missing", "late"), 0)
    return {"subject_id": subject, "form": form, "visit": visit, **zeros, **counts}


def inputs(**changed: Any) -> ListingInputs:
    days = pd.to_datetime(["2025-01-10", "2025-01-20", None])
    plain: dict[str, Any] = {
        "trial": "T",
        "title": "A trial",
        "synthetic": "",
        "data_cut": date(2025, 3, 1),
        "findings": pd.DataFrame([finding()], columns=list(LISTING_COLUMNS)),
        "columns": (
            Column(form="screening", title="Screening", visit="", expected=ExpectedOf.EVERYONE),
            Column(form="pain", title="Pain", visit="BL", expected=ExpectedOf.RANDOMISED),
            Column(form="pain", title="Pain", visit="W6", expected=ExpectedOf.RANDOMISED),
            Column(form="events", title="Events", visit="", expected=ExpectedOf.NOBODY),
        ),
        "sites": {"N": "North"},
        "people": pd.DataFrame(
            {
                "subject_id": ["S1", "S2", "S3"],
                "is_randomised": [True, True, False],
                "arm": ["A", "P", None],
                "screened": days,
                "randomised": days,
            }
        ),
        "cells": pd.DataFrame(
            [
                cell("S1", soft=1, rows=1),
                cell("S1", "W6", late=1),
                cell("S2", rows=1, hard=2),
                cell("S2", "W6", missing=1),
                cell("S1", "", "events", rows=12),
            ]
        ),
        "sessions": pd.DataFrame(
            {
                "date": pd.to_datetime(["2025-01-21", "2025-01-22", "2025-02-01"]),
                "attended": pd.array([True, False, None], dtype="boolean"),
            }
        ),
        "planned": 40,
    }
    findings = changed.get("findings", plain["findings"])
    written = {"listed": findings, "of_each": 1000}
    return ListingInputs(**{**plain, **written, **changed})


def html(**changed: Any) -> str:
    return render_listing(compose_listing(inputs(**changed)), find_templates())


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in {"meta", "br", "link"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_form_for_some_arms_is_not_waited_for_in_the_others() -> None:
    columns = tuple(
        Column(form="care", title="Care", visit=visit, expected=ExpectedOf.RANDOMISED, arms=arms)
        for visit, arms in (("BL", ()), ("W6", ("A",)))
    )
    states = completeness.states_of(inputs(columns=columns))
    waiting, never = STATES.index(NOT_DUE), (*STATES, NOT_EXPECTED).index(NOT_EXPECTED)
    assert states["care", "BL"].tolist() == [waiting, waiting, never]
    assert states["care", "W6"].tolist() == [waiting, never, never]


def test_the_page_loads_nothing_runs_nothing_and_closes_its_tags() -> None:
    text = html()
    tags = Tags(text)
    assert tags.open == []
    assert not {"script", "link", "iframe", "img"} & {tag for tag, _ in tags.found}
    assert not [attrs for _, attrs in tags.found if any(name.startswith("on") for name in attrs)]
    assert "default-src 'none'" in text
    ids = [attrs["id"] for _, attrs in tags.found if attrs.get("id")]
    assert len(ids) == len(set(ids))
    targets = {attrs["href"] for tag, attrs in tags.found if tag == "a"}
    assert {target for target in targets if target} <= {f"#{each}" for each in ids}


def test_what_was_entered_is_text_and_nothing_else() -> None:
    one = finding(HOSTILE, message=HOSTILE, label=HOSTILE, site=HOSTILE, form=HOSTILE,
                  rule_id=HOSTILE, query_key=HOSTILE, reason=HOSTILE, query_state="closed")  # fmt: skip
    people = inputs().people.assign(subject_id=[HOSTILE, "S2", "S3"])
    text = html(
        title=HOSTILE, synthetic=HOSTILE, people=people,
        findings=pd.DataFrame([one], columns=list(LISTING_COLUMNS)),
    )  # fmt: skip
    assert "<script" not in text
    assert "\x07" not in text
    assert "&lt;script&gt;" in text
    Tags(text)


def test_the_matrix_says_how_each_form_stands() -> None:
    page = compose_listing(inputs())
    states = {row.subject: [each.state.name for each in row.cells] for row in page.matrix}
    assert states == {
        "S1": ["not-due", "soft", "late", "complete"],
        "S2": ["not-due", "hard", "missing", "none"],
        "S3": ["not-due", "none", "none", "none"],
    }
    assert [each.rows for each in page.matrix[0].cells] == ["", "", "", "12"]
    assert [(head.title, head.span) for head in page.heads] == [
        ("Screening", 1), ("Pain", 2), ("Events", 1),
    ]  # fmt: skip
    counts = {row.name: row.counts for row in page.by_column}
    assert counts["Pain, BL"] == ("0", "1", "1", "0", "0", "0")


def test_no_state_is_told_by_colour_alone() -> None:
    page = compose_listing(inputs())
    assert len({state.sign for state in page.states}) == len(page.states)
    assert all(state.words for state in page.states)


def test_findings_are_told_by_form_and_by_participant_with_their_queries() -> None:
    rows = [
        finding(),
        finding("S2", severity="hard", query_state="answered", answer="corrected",
                answered_by="Ana"),
        finding("S1", query_state="closed", answer="confirmed", answered_by="Bo", reason="seen"),
        finding("", severity="note", query_state="", site=""),
    ]  # fmt: skip
    page = compose_listing(inputs(findings=pd.DataFrame(rows)))
    assert [part.subject for part in page.subjects] == ["S1", "S2", "No participant"]
    first, second = page.subjects[0].findings
    assert (first.state, second.state) == (
        "open since 2025-03-01",
        "settled: confirmed by Bo (seen)",
    )
    assert second.is_settled
    assert page.subjects[1].findings[0].state == "answered: corrected by Ana"
    totals = {row.name: row.counts for row in page.totals}
    assert totals == {
        "hard": ("1", "0", "1", "0"), "soft": ("2", "1", "0", "1"), "note": ("1", "0", "0", "0"),
    }  # fmt: skip
    assert [row.name for row in page.by_site] == ["N North", "No site"]
    soft = next(rule for rule in page.forms[0].rules if rule.severity == "soft")
    assert (soft.findings, soft.open, soft.subjects) == ("2", "1", "S1")


def test_a_long_listing_states_its_limit_and_counts_in_full(monkeypatch) -> None:
    monkeypatch.setattr(completeness, "SUBJECTS", 2)
    many = pd.DataFrame([finding(f"S{number}") for number in range(5)])
    page = compose_listing(inputs(findings=many, listed=many.head(3), of_each=3))
    assert page.limit_note == (
        "3 of 5 findings are listed by participant, the hard ones first: at most 3 of a site and "
        "severity. All counts, and findings.csv, hold all of them."
    )
    assert sum(len(part.findings) for part in page.subjects) == 3
    assert page.totals[1].counts[0] == "5"
    assert page.by_site[0].counts == ("0", "5", "0", "5", "0", "0")
    assert page.forms[0].rules[0].findings == "5"
    assert [row.subject for row in page.matrix] == ["S1", "S2"]
    assert page.matrix_note.startswith("The 2 of 3 participants")
    assert page.by_column[0].counts[-1] == "3"


def test_a_trial_without_anything_has_a_page() -> None:
    nothing = inputs().people.head(0)
    text = html(
        findings=pd.DataFrame(columns=list(LISTING_COLUMNS)),
        people=nothing, cells=inputs().cells.head(0), sessions=inputs().sessions.head(0),
        data_cut=None, sites={},
    )  # fmt: skip
    assert text.count("Nothing was found.") == 2
    assert "Recruitment over time" not in text


def test_the_drawings_say_in_words_what_they_show_and_are_labelled() -> None:
    page = compose_listing(inputs(synthetic="Made up"))
    recruitment, attendance = page.drawings
    assert "2 screened, 2 randomised" in recruitment.svg
    assert "1 (33%) of 3 sessions were attended" in attendance.svg
    assert "Made up" in recruitment.svg
    assert "Made up" in attendance.svg
    assert "Without a usable date, and not drawn: 1 screened, 0 randomised." in recruitment.caption
    assert compose_listing(inputs(synthetic="Made up")) == page


@pytest.mark.parametrize(("years", "period"), [(1, "week"), (4, "month"), (12, "quarter")])
def test_long_trials_have_fewer_and_longer_bars(years: int, period: str) -> None:
    days = pd.to_datetime(["2001-01-01", f"{2000 + years}-12-30"])
    sessions = pd.DataFrame({"date": days, "attended": pd.array([True, True], dtype="boolean")})
    svg = compose_listing(inputs(sessions=sessions)).drawings[1].svg
    assert f"Sessions in a {period}" in svg
    assert not re.search(r"\bnan\b", svg)


def test_a_folder_without_the_template_is_refused(tmp_path) -> None:
    with pytest.raises(ReportError, match=r"findings\.html\.j2"):
        render_listing(compose_listing(inputs()), tmp_path)
