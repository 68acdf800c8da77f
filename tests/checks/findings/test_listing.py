"""What the checks found becomes a listing: one row a finding, in order, with its site and key."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.checks.at_hand import at_hand
from tests.miniature import SITE, Miniature
from trialkit.checks.findings.findings import COLUMNS, query_key
from trialkit.checks.findings.listing import findings_frame, query_keys, sites_of
from trialkit.checks.judging.hits import hits_at_rows, hits_without_row
from trialkit.protocol.trial.people import Site
from trialkit.schemas.forms.forms import Severity

TWO_SITES = (Site(code="01", label="North"), Site(code="02", label="South"))


@pytest.fixture(scope="module")
def hand(tmp_path_factory):
    trial = Miniature()
    trial.protocol = replace(trial.protocol, sites=TWO_SITES)
    trial.forms["screening"] += SITE
    header, *rows = trial.data["screening"].splitlines()
    sites = ("01", "02", "", "02")
    trial.data["screening"] = "\n".join(
        [f"{header},site", *(f"{row},{site}" for row, site in zip(rows, sites, strict=True))]
    )
    return trial, at_hand(trial, tmp_path_factory.mktemp("trial"))


def at(hand, form, rows, item="", *, rule="rule", severity=Severity.HARD):
    return hits_at_rows(
        hand.schemas.form(form),
        hand.snapshot[form],
        np.array(rows),
        lambda entered: "said of " + entered,
        item=item,
        rule_id=rule,
        severity=severity,
    )


def of(hand, form, *places, rule="absent", severity=Severity.SOFT):
    subjects, visits = zip(*places, strict=True)
    return hits_without_row(
        hand.schemas.form(form),
        pd.Series(subjects),
        pd.Series(["nothing there"] * len(places)),
        visits=pd.Series(visits),
        rule_id=rule,
        severity=severity,
    )


def listed(hand, *hits):
    trial, at_hand_ = hand
    return findings_frame(
        [each for found in hits for each in found],
        at_hand_.snapshot,
        at_hand_.schemas,
        trial.protocol,
        subjects=at_hand_.shape.subjects,
    )


def test_a_finding_has_every_column_as_text(hand):
    frame = listed(
        hand,
        at(hand[1], "pain", [5], "vas_mm", severity=Severity.SOFT),
        at(hand[1], "diary", [1], "started", rule="other"),
    )

    assert tuple(frame.columns) == COLUMNS
    assert frame.drop(columns=["query_key", "cause"]).to_numpy().tolist() == [
        ["S3", "", "W6", "", "pain", "vas_mm", "Pain", "", "ND", "rule", "soft", "said of ND"],
        ["S1", "01", "", "2", "diary", "started", "Started at", "09:15", "", "other", "hard",
         "said of 09:15"],
    ]  # fmt: skip


def test_nothing_found_is_an_empty_listing(hand):
    assert listed(hand).empty
    assert tuple(listed(hand).columns) == COLUMNS


def test_findings_stand_by_form_row_item_and_check_and_what_is_absent_after_the_rows(hand):
    frame = listed(
        hand,
        of(hand[1], "pain", ("S3", "W6"), ("S1", "W6"), ("S9", "BL"), ("S1", "BL"), ("", "")),
        at(hand[1], "end_of_study", [0], "completed"),
        at(hand[1], "pain", [4, 0], "drug", rule="second"),
        at(hand[1], "pain", [4, 0], "vas_mm"),
        at(hand[1], "pain", [4], "", rule="of the row"),
        at(hand[1], "pain", [4], "drug", rule="first"),
        at(hand[1], "screening", [3], "age_years"),
    )

    order = frame[["subject_id", "visit", "form", "item", "rule_id"]].to_numpy().tolist()
    assert order == [
        ["S4", "", "screening", "age_years", "rule"],
        ["S1", "BL", "pain", "vas_mm", "rule"],
        ["S1", "BL", "pain", "drug", "second"],
        ["S3", "BL", "pain", "", "of the row"],
        ["S3", "BL", "pain", "vas_mm", "rule"],
        ["S3", "BL", "pain", "drug", "second"],
        ["S3", "BL", "pain", "drug", "first"],
        # by subject, as they were screened, and by visit; whom nobody knows comes last
        ["S1", "BL", "pain", "", "absent"],
        ["S1", "W6", "pain", "", "absent"],
        ["S3", "W6", "pain", "", "absent"],
        ["", "", "pain", "", "absent"],
        ["S9", "BL", "pain", "", "absent"],
        ["S1", "", "end_of_study", "completed", "rule"],
    ]


def test_a_form_that_the_trial_has_not_comes_last(hand):
    stranger = replace(hand[1].schemas.form("screening"), id="not_done")
    found = hits_at_rows(
        stranger,
        hand[1].snapshot["screening"],
        np.array([0]),
        lambda entered: entered,
        item="",
        rule_id="mark",
        severity=Severity.HARD,
    )

    frame = listed(hand, found, at(hand[1], "end_of_study", [2]))

    assert frame["form"].tolist() == ["end_of_study", "not_done"]


def test_a_key_names_the_place_and_the_rule_and_counts_those_that_share_one(hand):
    frame = listed(hand, of(hand[1], "pain", ("", "BL"), ("S1", "BL"), ("", "BL"), ("", "BL")))

    def key(subject, rule):
        return query_key(
            subject_id=subject, visit="BL", repeat="", form="pain", item="", rule_id=rule
        )

    assert frame["query_key"].tolist() == [
        key("S1", "absent"),
        key("", "absent"),
        key("", "absent#1"),
        key("", "absent#2"),
    ]
    assert frame["rule_id"].tolist() == ["absent"] * 4


def test_each_part_of_a_place_is_in_its_key():
    place = {
        "subject_id": "a",
        "visit": "b",
        "repeat": "c",
        "form": "d",
        "item": "e",
        "rule_id": "f",
    }
    places = pd.DataFrame([place] + [{**place, name: "x"} for name in place])

    keys = query_keys(places)

    # printf 'a\037b\037c\037d\037e\037f' | sha256sum, the first 15 figures
    assert keys[0] == "qa356880b214b1b1"
    assert len(set(keys)) == 7


def test_the_site_is_the_one_of_the_form_or_the_only_one(hand):
    trial, found = hand
    subjects = pd.Series(["S4", "S3", "S9", "S1", "S2", "S4"], index=range(10, 16))

    sites = sites_of(subjects, found.snapshot, found.schemas, trial.protocol)
    assert sites.tolist() == ["02", "", "", "01", "02", "02"]
    assert sites.index.tolist() == subjects.index.tolist()

    bare = replace(
        found.schemas,
        forms=tuple(
            replace(form, items=tuple(replace(item, purpose=None) for item in form.items))
            for form in found.schemas.forms
        ),
    )
    one = replace(trial.protocol, sites=TWO_SITES[1:])
    assert sites_of(subjects, found.snapshot, bare, one).tolist() == ["02"] * 6
    assert sites_of(subjects, found.snapshot, bare, trial.protocol).tolist() == [""] * 6


@pytest.mark.parametrize(("second", "site"), [("01", ""), ("02", "02"), ("", "02")])
def test_two_rows_of_a_subject_tell_the_site_unless_they_contradict_each_other(
    second, site, tmp_path
):
    trial = Miniature()
    trial.protocol = replace(trial.protocol, sites=TWO_SITES)
    trial.forms["screening"] += SITE
    header, first, *_ = trial.data["screening"].splitlines()
    trial.data["screening"] = f"{header},site\n{first},02\n{first},{second}\n"
    found = at_hand(trial, tmp_path)

    sites = sites_of(pd.Series(["S1"]), found.snapshot, found.schemas, trial.protocol)

    assert sites.tolist() == [site]
