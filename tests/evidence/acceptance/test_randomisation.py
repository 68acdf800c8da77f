"""The themes of randomisation: a sealed list, given out slot by slot, by who may."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.conftest import THREE_ARMS
from tests.evidence.acceptance.team import Team
from trialkit.design.randomisation.record import TRAIL

pytestmark = pytest.mark.slow

VAULT = ("--vault", "vault")
BY = (*VAULT, "--by", "Ann")
TRAIL_FILE = Path("trial/randomisation") / TRAIL


@pytest.fixture
def sealed(team: Team) -> Team:
    """The small trial with ten more who wait for randomisation, and a committed list of one stratum."""
    for path in Path("trial/data").glob("*.csv"):
        rows = path.read_text(encoding="utf-8").splitlines()[:1]
        if path.stem == "screening":
            rows += [f"90{number},2025-01-08,2025-01-08,yes," for number in range(10)]
        path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    team.does("ann", "store", "import", "folder", "trial", "--write")
    team.does("ann", "randomise", "plan", "trial", *VAULT, "--slots", "12", "--allow-fixed")
    team.does("ann", "randomise", "commit", "trial", *BY)
    return team


@pytest.fixture
def strata(tmp_path, monkeypatch, capsys) -> Team:
    """A trial of three arms whose list is stratified by site."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(THREE_ARMS, "trial", ignore=shutil.ignore_patterns("data", "*.py"))
    return Team(patch=monkeypatch, capsys=capsys)


def arm(said: str, subject: str) -> str:
    found = re.search(rf"\b{subject}: (\w+)", said)
    assert found, said
    return found[1]


def allocated(team: Team, subject: str, *, by: str = "ivy") -> str:
    return arm(team.store(by, "allocate", subject, *VAULT), subject)


def given(team: Team, subject: str, site: str) -> str:
    words = ("randomise", "allocate", "trial", *BY, "--subject", subject, "--level", f"site={site}")
    return arm(team.does("ann", *words), subject)


@pytest.mark.parametrize("person", ["mona", "eve", "dora", "zoe"])
def test_c_3_30_0500_who_lacks_the_right_randomises_nobody(sealed: Team, person: str) -> None:
    before = TRAIL_FILE.read_bytes()

    assert "may not randomise" in sealed.store(person, "allocate", "901", *VAULT, code=2)

    assert TRAIL_FILE.read_bytes() == before
    assert allocated(sealed, "901", by="ben") in ("NEW", "USUAL")


def test_c_3_30_0600_each_site_has_a_list_of_its_own(strata: Team) -> None:
    plan = ("randomise", "plan", "trial", *VAULT, "--allow-fixed")
    strata.does("ann", *plan)
    strata.does("ann", "randomise", "commit", "trial", *BY)
    for number in range(10):
        given(strata, f"N{number}", "N")
        if number < 2:
            given(strata, f"S{number}", "S")

    slots = [
        line for line in TRAIL_FILE.read_text(encoding="utf-8").splitlines() if "allocat" in line
    ]
    assert len(slots) == 12
    strata.does("ann", "randomise", "verify", "trial", *VAULT)


def test_c_3_30_0600_who_is_of_a_site_randomises_from_its_list_alone(strata: Team) -> None:
    strata.does("ann", "randomise", "plan", "trial", *VAULT, "--allow-fixed")
    strata.does("ann", "randomise", "commit", "trial", *BY)
    Path("trial/data").mkdir()
    for path in (THREE_ARMS / "data").glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        there = lines[:3] if path.stem == "screening" else lines[:1]
        Path("trial/data", path.name).write_text("".join(there), encoding="utf-8")
    strata.store("ann", "init")
    strata.does("ann", "store", "import", "folder", "trial", "--write")
    strata.store("ann", "place")
    for person, site in (("noa", "N"), ("sam", "S")):
        strata.store("ann", "grant", person, "investigator", "--at", site, "--begin-roles")

    said = strata.store("sam", "allocate", "0202", *VAULT, "--level", "site=N", code=2)
    assert "site=N, and screening.site is S; nothing was opened" in said
    assert "may not randomise" in strata.store("sam", "allocate", "0101", *VAULT, code=2)
    assert "in the stratum site N." in strata.store("noa", "allocate", "0101", *VAULT)
    assert "in the stratum site S." in strata.store("sam", "allocate", "0202", *VAULT)


def test_c_3_30_0700_plan_is_made_anew_until_it_is_committed_to_and_refused_where_wrong(
    strata: Team,
) -> None:
    plan = ("randomise", "plan", "trial", *VAULT, "--allow-fixed")
    assert "length 10" in strata.does("ann", *plan)
    strata.does("ann", *plan, "--slots", "40")
    assert "contradicts the protocol" in strata.does("ann", *plan, "--law", "simple", code=2)
    said = strata.does("ann", *plan, "--factor", "nothing", code=2)
    assert "write NAME=LEVEL,LEVEL" in said


def test_c_3_30_0900_list_that_was_committed_to_cannot_be_planned_again(sealed: Team) -> None:
    kept = {path: path.read_bytes() for path in Path("vault").iterdir()}

    for person in ("ann", "dora"):
        sealed.does(person, "randomise", "plan", "trial", *VAULT, "--slots", "40", code=2)
        sealed.does(person, "randomise", "commit", "trial", *VAULT, "--by", person, code=2)

    assert {path: path.read_bytes() for path in Path("vault").iterdir()} == kept
    sealed.does("ann", "randomise", "verify", "trial", *VAULT)


def test_c_3_30_1000_slots_are_given_out_one_after_the_other_within_their_stratum(
    strata: Team,
) -> None:
    strata.does("ann", "randomise", "plan", "trial", *VAULT, "--allow-fixed")
    strata.does("ann", "randomise", "commit", "trial", *BY)
    north = []
    for number in range(20):
        north.append(given(strata, f"N{number}", "N"))
        if number % 4 == 0:
            given(strata, f"S{number}", "S")

    assert Counter(north[:10]) == Counter(north[10:])
    words = ("randomise", "allocate", "trial", *BY, "--subject", "X", "--level", "site=nowhere")
    strata.does("ann", *words, code=2)


def test_c_3_30_1100_who_was_randomised_stays_so(sealed: Team) -> None:
    first = allocated(sealed, "901")

    sealed.store("ivy", "allocate", "901", *VAULT, code=2)

    said = sealed.store("ivy", "unblind", "901", *VAULT, "--reason", "a reaction")
    assert arm(said, "901") == first


def test_c_3_30_1200_trail_and_log_say_who_randomised_when_and_no_arm(sealed: Team) -> None:
    arms = {allocated(sealed, f"90{number}") for number in range(8)}

    used = [each for each in sealed.log("mona") if each["action"] == "slot used"]

    assert arms == {"NEW", "USUAL"}
    assert {each["person"] for each in used} == {"ivy"}
    assert all(each["at"].startswith("2026-03-02T09:00") for each in used)
    written = TRAIL_FILE.read_text(encoding="utf-8") + str(used)
    assert not re.search(r"\b(NEW|USUAL)\b", written)


def test_c_3_30_1400_nobody_is_randomised_twice_by_one_list(sealed: Team) -> None:
    allocated(sealed, "901")

    said = sealed.store("ivy", "allocate", "901", *VAULT, code=2)

    assert "901" in said
    assert TRAIL_FILE.read_text(encoding="utf-8").count("901") == 1


def test_c_3_30_1500_blinded_people_export_no_arm_and_open_no_list(sealed: Team) -> None:
    for person, blank in (("eve", True), ("dan", False)):
        sealed.store(person, "export", person)
        text = Path(person, "data/randomisation.csv").read_text(encoding="utf-8")
        assert ("NEW" not in text) is blank
        sealed.store(person, "log", "--form", "randomisation", "--to", f"{person}.pdf")
        printed = "".join(page.extract_text() for page in PdfReader(f"{person}.pdf").pages)
        assert ("NEW" not in printed) is blank
        assert ("[withheld]" in printed) is blank
    allocated(sealed, "901")

    for person in ("eve", "ben", "dora"):
        said = sealed.store(person, "unblind", "901", *VAULT, "--reason", "x", code=2)
        assert "may not unblind" in said


def test_c_3_30_1600_balance_by_arm_is_for_who_has_the_vault(sealed: Team) -> None:
    for number in range(4):
        allocated(sealed, f"90{number}")

    assert "needs --vault" in sealed.does(
        "eve", "randomise", "verify", "trial", "--balance", code=2
    )
    sealed.does("ann", "randomise", "verify", "trial", *VAULT, "--balance")

    text = Path("vault/balance.csv").read_text(encoding="utf-8")
    assert "NEW,USUAL" in text


def test_c_3_30_1700_list_is_read_by_nobody_without_its_keys_until_it_is_revealed(
    sealed: Team,
) -> None:
    allocated(sealed, "901")
    for path in Path("trial/randomisation").iterdir():
        assert not re.search(
            r"\b(NEW|USUAL)\b.*\b(NEW|USUAL)\b", path.read_text("utf-8"), re.DOTALL
        )

    sealed.does("ann", "randomise", "unblind", "trial", *BY, "--all", "--reason", "end")

    assert "the list from its key" in sealed.does("eve", "randomise", "verify", "trial")


def test_c_3_30_1800_slot_is_made_unavailable_and_an_allocation_voided_with_a_reason(
    sealed: Team,
) -> None:
    allocated(sealed, "901")
    void = ("randomise", "void", "trial", *BY)
    sealed.does("ann", *void, "--subject", "901", "--reason", "not eligible")
    sealed.does("ann", *void, "--reason", "the parcel was lost")
    correct = ("--subject", "902", "--field", "subject_id", "--to", "903", "--reason", "typed")
    allocated(sealed, "902")
    sealed.does("ann", "randomise", "correct", "trial", *BY, *correct)

    text = TRAIL_FILE.read_text(encoding="utf-8")
    assert all(reason in text for reason in ("not eligible", "the parcel was lost", "typed"))
    with pytest.raises(SystemExit):
        sealed.does("ann", *void, "--subject", "901")
