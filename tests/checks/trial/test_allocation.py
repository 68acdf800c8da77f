"""Who was randomised and should not have been, and who has the data of one who was."""

from dataclasses import replace

import pytest

from tests.checks.at_hand import at_hand, messages, said
from tests.miniature import SITE, Miniature
from trialkit.checks.trial.allocation import check_allocation
from trialkit.protocol.trial.people import Site

RECEIVED = """
[[items]]
id = "received"
label = "Received"
type = "text"
purpose = "arm_received"
"""


def found(trial, folder):
    hand = at_hand(trial, folder)
    return check_allocation(
        hand.schemas, trial.protocol, people=hand.people, shapes=hand.shape.forms, cells=hand.cells
    )


def changed(form, old, new, trial=None):
    trial = trial or Miniature()
    assert trial.data[form].count(old) == 1
    trial.data[form] = trial.data[form].replace(old, new)
    return trial


def test_a_trial_in_order_has_no_findings(tmp_path):
    assert found(Miniature(), tmp_path) == ()


def test_arms_and_sites_are_those_of_the_protocol(tmp_path):
    trial = changed("randomisation", "S2,2025-01-15,P", "S2,2025-01-15,p")
    trial.protocol = replace(
        trial.protocol, sites=(Site(code="01", label="a"), Site(code="02", label="b"))
    )
    for form, item, cells in (
        ("screening", SITE, ["02", "03", "", "ND"]),
        ("end_of_study", RECEIVED, ["A", "P", "X"]),
    ):
        trial.forms[form] += item
        header, *rows = trial.data[form].splitlines()
        trial.data[form] = "\n".join(
            [
                f"{header},{item.split(chr(34))[1]}",
                *(f"{row},{cell}" for row, cell in zip(rows, cells, strict=True)),
            ]
        )

    hits = found(trial, tmp_path)

    assert said(hits) == [
        ("screening", "site", "unknown_site", "hard", "S2", "", "03"),
        ("randomisation", "arm", "unknown_arm", "hard", "S2", "", "p"),
        ("end_of_study", "received", "unknown_arm", "hard", "S3", "", "X"),
    ]
    assert messages(hits) == [
        "Clinic: '03' is not in the protocol, which has 01, 02; correct it.",
        "Arm: 'p' is not in the protocol, which has P, A; correct it.",
        "Received: 'X' is not in the protocol, which has P, A; correct it.",
    ]


def test_a_protocol_without_sites_knows_none_to_compare_with(tmp_path):
    trial = Miniature()
    trial.forms["screening"] += SITE
    trial.data["screening"] = (
        trial.data["screening"].replace("\n", ",77\n").replace("eligible,77", "eligible,site", 1)
    )
    trial.protocol = replace(trial.protocol, sites=())

    assert found(trial, tmp_path) == ()


@pytest.mark.parametrize(
    ("answer", "value", "code"), [("no", "no", ""), ("UNK", "", "UNK"), ("yes", None, ""), ("", None, "")]
)  # fmt: skip
def test_nobody_is_randomised_who_was_not_known_to_be_eligible(answer, value, code, tmp_path):
    hits = found(
        changed("screening", "S2,2025-01-11,40,yes", f"S2,2025-01-11,40,{answer}"), tmp_path
    )

    if value is None:  # a blank cell has a finding of its own
        assert hits == ()
        return
    assert said(hits) == [("screening", "eligible", "not_eligible", "hard", "S2", "", value)]
    assert hits[0].places["missing_code"].tolist() == [code]
    assert messages(hits) == [
        (
            f"Eligible: '{answer}', but the participant was randomised. Correct it, or report the "
            "randomisation."
        )
    ]


def without_randomisation(*subjects, trial=None):
    trial = trial or Miniature()
    rows = trial.data["randomisation"].splitlines(keepends=True)
    kept = [row for row in rows if row.split(",")[0] not in subjects]
    trial.data["randomisation"] = "".join(kept)
    return trial


def test_who_has_data_of_the_randomised_but_no_randomisation_is_found_once(tmp_path):
    hits = found(without_randomisation("S3", "S1"), tmp_path)

    assert said(hits) == [
        ("randomisation", "", "not_randomised", "hard", subject, "", "") for subject in ("S1", "S3")
    ]
    assert messages(hits) == [
        ("There is no 'Randomisation' row for this subject, but data that only randomised "
        "participants have (Pain, End of study). Enter it, or correct the subject there.")
    ] * 2  # fmt: skip


@pytest.mark.parametrize(
    ("visit", "asked"), [("W6", ["S4"]), ("BL", [])], ids=["after day 0", "on day 0"]
)
def test_a_form_up_to_day_0_is_no_sign_of_a_randomisation(visit, asked, tmp_path):
    trial = Miniature()
    trial.data["pain"] += f"S4,{visit},2025-02-26,1,l,no,\n"

    hits = found(trial, tmp_path)

    assert [hit[4] for hit in said(hits)] == asked
    assert all("participants have (Pain). Enter it" in message for message in messages(hits))


@pytest.mark.parametrize(
    ("stray", "asked"),
    [
        ((), ["S1", "S3"]),
        (("S9,2025-01-15,A",), ["S1", "S3"]),
        ((",2025-01-15,A", "S9,2025-01-16,A"), []),
    ],
    ids=["none", "one for two", "one for each"],
)
def test_rows_whose_subject_nobody_knows_may_be_the_missing_randomisations(stray, asked, tmp_path):
    trial = without_randomisation("S1", "S3")
    trial.data["randomisation"] += "".join(f"{row}\n" for row in stray)

    assert [hit[4] for hit in said(found(trial, tmp_path))] == asked


def with_events(kind="adverse_events", expected="as_needed"):
    trial = Miniature()
    trial.forms["diary"] = (
        trial.forms["diary"]
        .replace('kind = "other"', f'kind = "{kind}"')
        .replace('expected = "as_needed"', f'expected = "{expected}"')
    )
    trial.data["diary"] += "S4,5,,\nS4,7,,\nS2,1,,\n"
    return trial


def test_what_no_arm_counts_is_asked_about(tmp_path):
    trial = with_events()
    trial.data["screening"] += "S5,2025-01-14,61,no\n"
    trial.data["diary"] += "S5,1,,\n"

    hits = found(trial, tmp_path)

    assert said(hits) == [
        ("diary", "", "not_randomised", "soft", subject, "", "") for subject in ("S4", "S5")
    ]
    assert messages(hits) == [
        f"This subject was not randomised, so no arm counts the 'Diary' data ({rows}). Correct the "
        "subject, enter the randomisation, or confirm it."
        for rows in ("2 rows", "1 row")
    ]


def test_only_events_sessions_and_care_are_counted_by_arm(tmp_path):
    assert found(with_events(kind="other"), tmp_path) == ()


def test_a_form_of_the_randomised_is_asked_about_as_such_alone(tmp_path):
    hits = found(with_events(expected="randomised"), tmp_path)

    assert [(hit[0], hit[3], hit[4]) for hit in said(hits)] == [("randomisation", "hard", "S4")]


def test_who_is_found_to_lack_a_randomisation_is_not_asked_about_events_too(tmp_path):
    hits = found(without_randomisation("S1", trial=with_events()), tmp_path)

    assert [(hit[0], hit[3], hit[4]) for hit in said(hits)] == [
        ("randomisation", "hard", "S1"),
        ("diary", "soft", "S4"),
    ]


def test_a_trial_without_a_randomisation_asks_nobody_for_it(tmp_path):
    trial = with_events()
    for form in ("randomisation", "pain", "end_of_study"):
        del trial.forms[form], trial.data[form]

    assert found(trial, tmp_path) == ()
