"""The themes of data quality: what is found, by which rule, by whom it is seen and set aside."""

from collections import Counter
from pathlib import Path

import pytest

from tests.evidence.acceptance.team import STORE, Team, query_key, read_table, rewrite

pytestmark = pytest.mark.slow

DATA = Path("trial/data")
LISTING = "trial/output/findings.csv"
RULE = """
[[rules]]
id = "DEM01"
expression = "age_years <> {age}"
severity = "soft"
message = "The age is {age_years}."
items = ["age_years"]
"""
HALVED = """
[[items]]
id = "half"
label = "Half of the age"
type = "calculated"
calculation = "age_years / 2"
"""


def found(team: Team, *, by: str = "ann", code: int = 0, store: bool = False) -> Counter[str]:
    """How many findings each rule has."""
    team.does(by, "validate", "trial", "--no-queries", *(STORE if store else ()), code=code)
    return Counter(each["rule_id"] for each in read_table(LISTING))


def add_to_form(text: str, form: str = "demographics") -> None:
    path = Path(f"trial/forms/{form}.toml")
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_c_4_18_0100_what_every_trial_is_checked_for_needs_no_rule_of_its_own(team: Team) -> None:
    add_to_form(HALVED)
    (DATA / "demographics.csv").write_text(
        "subject_id,sex,age_years,half\n001,,150,75\n002,x,90,46\n004,f,forty,\n005,f,60,30\n",
        encoding="utf-8",
    )
    rewrite(DATA / "end_of_study.csv", "002,USUAL,no,,yes", "002,USUAL,no,Nausea,yes")

    rules = found(team, code=1)

    expected = (
        "required", "unreadable", "out_of_range", "unusual", "not_shown", "not_a_choice",
        "miscalculated",
    )  # fmt: skip
    assert {name: rules[name] for name in expected} == dict.fromkeys(expected, 1)


def test_c_4_18_0200_rule_is_added_changed_and_taken_away_and_the_log_says_by_whom(
    team: Team,
) -> None:
    before = Path("trial/forms/demographics.toml").read_text(encoding="utf-8")
    counts = []
    for age in ("34", "61", None):
        Path("trial/forms/demographics.toml").write_text(before, encoding="utf-8")
        if age:
            add_to_form(RULE.replace("{age}", age, 1))
        team.store("dora", "migrate", "--write")
        counts.append(found(team, by="dora", store=True)["DEM01"])
        if age:
            (row,) = read_table(LISTING)
            assert row["value"] == age

    assert counts == [1, 1, 0]
    migrated = [each for each in team.log() if each["action"] == "forms migrated"]
    assert [each["person"] for each in migrated] == ["dora"] * 3


def test_c_4_18_0300_all_rules_are_carried_out_at_once_and_counted(team: Team) -> None:
    rewrite(DATA / "demographics.csv", "001,f,34", "001,f,90")
    rewrite(DATA / "demographics.csv", "002,m,52", "002,m,150")
    rewrite(DATA / "end_of_study.csv", "001,NEW,no,,yes,2025-02-24", "001,NEW,no,,yes,2024-02-24")

    said = team.does("ann", "validate", "trial", code=1)

    rules = Counter(each["rule_id"] for each in read_table(LISTING))
    assert (rules["unusual"], rules["out_of_range"], rules["END01"]) == (1, 1, 1)
    hard = sum(each["severity"] == "hard" for each in read_table(LISTING))
    assert f"Findings: {hard} hard" in said


def test_c_4_18_0500_each_discrepancy_names_its_cell_and_goes_out_as_a_table(team: Team) -> None:
    rewrite(DATA / "demographics.csv", "001,f,34", "001,f,much")

    found(team, code=1)

    (row,) = (each for each in read_table(LISTING) if each["rule_id"] == "unreadable")
    place = {name: row[name] for name in ("subject_id", "form", "item", "value", "severity")}
    assert place == {
        "subject_id": "001", "form": "demographics", "item": "age_years", "value": "much",
        "severity": "hard",
    }  # fmt: skip


def test_c_4_18_0600_discrepancy_is_set_aside_with_a_reason_and_taken_up_again(
    team: Team,
) -> None:
    team.enters("dora", "demographics", "001,f,34", "001,f,90")
    key = query_key(team.query("dora", "check"))

    team.query("dora", "close", key, "--text", "born in 1935, seen in the passport")
    assert "No query waits for anybody" in team.query("dora", "check")

    team.query("dora", "reopen", key, "--text", "another passport")
    assert f"{key} Open" in team.query("dora", "check")


def test_c_4_18_0700_rules_are_changed_by_who_may_alone(team: Team) -> None:
    add_to_form(RULE.replace("{age}", "34", 1))

    said = team.store("ben", "migrate", "--write", code=2)

    assert "ben (coordinator) may not publish definitions and open forms" in said
    team.store("dora", "migrate", "--write")
    assert found(team, by="ben", store=True)["DEM01"] == 1


def test_c_4_18_1000_rules_of_the_trial_judge_a_file_before_it_is_entered(team: Team) -> None:
    add_to_form(RULE.replace("{age}", "77", 1).replace('"soft"', '"hard"'))
    Path("new.csv").write_text("subject_id,sex,age_years\n001,f,77\n", encoding="utf-8")

    said = team.does(
        "ben", "validate", "trial", "--data", "new.csv", "--form", "demographics", code=1
    )

    assert "DEM01" in said
    words = ("store", "import", "csv", "trial", "new.csv", "--form", "demographics")
    assert "Findings that the import would bring: 1 hard, 0 soft." in team.does("ben", *words)


@pytest.fixture
def sites(team: Team) -> Team:
    """Two sites, of which each has a participant with an unusual age, entered there."""
    for person, site in (("noa", "north"), ("sam", "south")):
        team.store("ann", "grant", person, "coordinator", "--at", site)
    for person, subject in (("noa", "901"), ("sam", "902")):
        folder = Path(person, "data")
        folder.mkdir(parents=True)
        for path in DATA.glob("*.csv"):
            head = path.read_text(encoding="utf-8").splitlines()[0]
            (folder / path.name).write_text(f"{head}\n", encoding="utf-8")
        (folder / "screening.csv").write_text(
            "subject_id,screening_date,consent_date,eligible,not_enrolled_reason\n"
            f"{subject},2025-03-02,2025-03-05,yes,\n",
            encoding="utf-8",
        )
        team.does(person, "store", "import", "folder", "trial", person, "--write")
    return team


def test_c_4_18_1300_findings_of_a_site_are_seen_there_alone(sites: Team) -> None:
    seen = {}
    for person in ("noa", "sam", "dora"):
        found(sites, by=person, code=1, store=True)
        seen[person] = {
            each["subject_id"] for each in read_table(LISTING) if each["rule_id"] == "SCR01"
        }

    assert seen == {"noa": {"901"}, "sam": {"902"}, "dora": {"901", "902"}}


def test_c_4_18_1400_what_somebody_may_not_read_is_in_no_finding(team: Team) -> None:
    team.enters("dora", "demographics", "001,f,34", "001,f,90")
    team.enters("dora", "end_of_study", "002,USUAL,no", "002,,no")
    team.store("ann", "grant", "pat", "monitor", "--form", "screening")

    whole = found(team, by="dora", code=1, store=True)
    assert (whole["unusual"], whole["required"]) == (1, 1)

    rules = found(team, by="mona", store=True)
    assert (rules["unusual"], rules["required"]) == (1, 0)
    listed = read_table(LISTING)
    assert not {"arm", "arm_received", "block"} & {
        each["item"] for each in listed if each["rule_id"] != "not_judged"
    }
    said = team.does("mona", "validate", "trial", "--no-queries", *STORE)
    assert "Not judged, withheld from your role" in said
    assert "end_of_study.arm_received" in said

    assert found(team, by="pat", store=True)["unusual"] == 0
    assert "90" not in {each["value"] for each in read_table(LISTING)}


def test_c_4_18_1400_who_is_blinded_asks_about_what_was_judged_alone(team: Team) -> None:
    team.enters("dora", "demographics", "001,f,34", "001,f,90")
    team.enters("dora", "end_of_study", "002,USUAL,no", "002,,no")
    team.query("dora", "check")
    before = [each for each in team.log() if each["action"] == "query opened"]

    said = team.query("mona", "check")
    team.enters("dora", "demographics", "001,f,90", "001,f,34")
    team.query("mona", "check")

    assert len(before) == 2
    assert "Not judged, withheld from your role" in said
    after = [each["action"] for each in team.log() if each["action"].startswith("query")]
    assert sorted(after) == [
        "query kept apart", "query opened", "query opened", "query resolved",
    ]  # fmt: skip
    assert "withheld" in team.query("mona", "list")
