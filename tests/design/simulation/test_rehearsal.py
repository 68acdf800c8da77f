"""Data simulated from the protocol and the forms alone, which the whole line accepts."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE, THREE_ARMS
from trialkit.design.simulation import mending, rehearsal
from trialkit.design.simulation.assumptions import assume, with_participants
from trialkit.design.simulation.rehearsal import LABEL, labelled, write_rehearsal
from trialkit.errors import DataFileError, DesignError
from trialkit.pipeline import run_trial
from trialkit.protocol.loading import load_protocol
from trialkit.steps.opening import open_trial
from trialkit.steps.validating import validate

WEEK_8 = "target_day = 56\nwindow = { early = 5, late = 5 }"
SAME_DAY = "target_day = 28\ntarget_hour = 4\nwindow = { early = 5, late = 5 }"
TEMPLATE = Path(__file__).parents[3] / "trialkit" / "newtrial"


def rehearsed(trial: Path, out: Path, *, participants: int, entropy: int = 1) -> Path:
    opened = open_trial(trial)
    assumed = with_participants(assume(opened.protocol, opened.schemas), participants)
    write_rehearsal(trial, out, assumed, entropy=entropy)
    return out


@pytest.fixture(scope="module")
def three_arms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rehearsed(THREE_ARMS, tmp_path_factory.mktemp("a") / "sim", participants=60)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rehearsed(EXAMPLE, tmp_path_factory.mktemp("b") / "sim", participants=26)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["three_arms", "example"])
def test_the_whole_line_runs_on_simulated_data(name: str, request: pytest.FixtureRequest) -> None:
    published = run_trial(request.getfixturevalue(name))
    validated = published.analysed.validated

    assert validated.findings.hard == 0
    assert published.content.synthetic == LABEL
    assert LABEL in published.html
    assert len(published.analysed.results.rows) > 100


@pytest.mark.slow
def test_the_copy_says_what_its_data_are_and_is_otherwise_the_protocol(three_arms: Path) -> None:
    there, here = load_protocol(three_arms), load_protocol(THREE_ARMS)
    assert there.trial.synthetic == LABEL
    assert there.data == replace(here.data, cut=there.data.cut)
    assert there.data.cut > here.data.cut  # their own: the dates are made up, and may lie ahead
    same = replace(there, trial=here.trial, data=here.data, source_sha256=here.source_sha256)
    assert same == here
    record = json.loads((three_arms / "simulated.json").read_text())
    assert record["label"] == LABEL
    assert record["entropy"] == 1


def test_participants_arms_and_dropouts_are_as_assumed(three_arms: Path) -> None:
    opened = open_trial(three_arms)
    snapshot = validate(opened).snapshot
    arms = snapshot["randomisation"].values["arm"].value_counts()
    assert arms.sum() == 60
    assert abs(arms["HIGH"] - 24) <= 4  # blocks of ten in each of two sites
    screened = len(snapshot["screening"].values)
    assert screened == 75
    ended = snapshot["end_of_study"].values
    assert 0 < (~ended["completed"]).sum() < 20
    attended = snapshot["sessions"].values["attended"].mean()
    assert 0.75 < attended < 0.95
    assert len(snapshot["adverse_events"].values) > 0
    assert (snapshot["assessment"].codes == "ND").to_numpy().any()


def test_data_that_are_made_in_parts_are_one_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "_AT_A_TIME", 7)
    first, second = (
        rehearsed(TEMPLATE, tmp_path / name, participants=16, entropy=5) for name in ("a", "b")
    )
    validated = validate(open_trial(first))
    assert validated.findings.hard == 0
    people = validated.snapshot["randomisation"].values["subject_id"]
    assert (len(people), people.is_unique) == (16, True)
    for path in (first / "data").iterdir():
        assert path.read_bytes() == (second / "data" / path.name).read_bytes()
    assert (first / "protocol.toml").read_bytes() == (second / "protocol.toml").read_bytes()


def test_parts_that_do_not_go_together_are_made_again_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong with all of them alone: here, that there is somebody beyond the first part."""
    monkeypatch.setattr(rehearsal, "_AT_A_TIME", 15)
    told: list[str] = []
    hard = rehearsal._hard

    def strict(tables, schemas, protocol):
        alone = hard(tables, schemas, protocol)
        return alone if told.count("looking at all together") != 1 else refused(alone)

    def refused(alone):
        told.append("refused")
        monkeypatch.setattr(rehearsal, "_hard", hard)
        return alone.reindex([0]).assign(severity="hard")

    monkeypatch.setattr(rehearsal, "_hard", strict)
    opened = open_trial(TEMPLATE)
    assumed = with_participants(assume(opened.protocol, opened.schemas), 16)
    out = tmp_path / "sim"
    write_rehearsal(TEMPLATE, out, assumed, entropy=5, progress=told.append)
    assert validate(open_trial(out)).findings.hard == 0
    after = told[told.index("refused") + 1 :]
    assert any(each.startswith("round 1, ") for each in after), "of all, and no part of them"
    assert any(each.startswith("part 2 of 2, round 1, ") for each in told)


def test_the_assumed_effect_and_correlation_are_in_the_data(tmp_path: Path) -> None:
    opened = open_trial(THREE_ARMS)
    assumed = with_participants(assume(opened.protocol, opened.schemas), 300)
    out = tmp_path / "sim"
    write_rehearsal(THREE_ARMS, out, assumed, entropy=3)
    snapshot = validate(open_trial(out)).snapshot
    wide = snapshot["assessment"].values.pivot(
        index="subject_id", columns="visit", values="function_score"
    )
    arm = snapshot["randomisation"].values.set_index("subject_id")["arm"]
    change = (wide["W12"] - wide["BL"]).groupby(arm, observed=True).mean()

    assert change["HIGH"] - change["CTRL"] == pytest.approx(8, abs=4 * 2.4)
    assert wide["BL"].corr(wide["W4"]) == pytest.approx(0.5, abs=0.2)


def test_the_same_entropy_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    first, second, third = (
        rehearsed(TEMPLATE, tmp_path / name, participants=12, entropy=entropy)
        for name, entropy in (("a", 5), ("b", 5), ("c", 6))
    )
    names = sorted(path.name for path in (first / "data").iterdir())
    assert all(
        (first / "data" / name).read_bytes() == (second / "data" / name).read_bytes()
        for name in names
    )
    assert any(
        (first / "data" / name).read_bytes() != (third / "data" / name).read_bytes()
        for name in names
    )


@pytest.mark.slow
@pytest.mark.parametrize("entropy", [2, 3, 4])
@pytest.mark.parametrize("trial", [EXAMPLE, THREE_ARMS], ids=["example", "three arms"])
def test_no_entropy_leaves_a_hard_finding(trial: Path, entropy: int, tmp_path: Path) -> None:
    out = rehearsed(trial, tmp_path / "sim", participants=80, entropy=entropy)
    assert validate(open_trial(out)).findings.hard == 0


@pytest.mark.slow
def test_rules_that_nothing_can_keep_are_named_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "ROUNDS", 4)
    trial = tmp_path / "trial"
    shutil.copytree(TEMPLATE, trial, ignore=shutil.ignore_patterns("data", "*.py"))
    form = trial / "forms" / "demographics.toml"
    rules = "".join(
        f'\n[[rules]]\nid = "NEVER_{name}"\nexpression = "age_years {sign} 40"\nseverity = "hard"\n'
        'message = "Both cannot be."\nitems = ["age_years"]\n'
        for name, sign in {"BELOW": "<", "ABOVE": ">"}.items()
    )
    form.write_text(form.read_text() + rules)
    with pytest.raises(DesignError, match="NEVER"):
        rehearsed(trial, tmp_path / "sim", participants=4)
    assert not (tmp_path / "sim").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["trial"]


def test_a_folder_that_is_there_and_one_in_the_trial_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="is there already"):
        rehearsed(TEMPLATE, tmp_path, participants=4)
    with pytest.raises(DesignError, match="own folder"):
        rehearsed(TEMPLATE, TEMPLATE / "sim", participants=4)


@pytest.mark.parametrize(
    "text",
    [
        '[trial]\nid = "x"\nsynthetic = "old"\n\n[plan]\nsynthetic = 1\n',
        '# first\n[trial]\nid = "x"\n',
        '[trial] # words\nsynthetic="a"\n',
    ],
)
def test_the_label_replaces_what_was_said_before(text: str) -> None:
    found = labelled(text, date(2031, 5, 1))
    assert found.count(f'synthetic = "{LABEL}"') == 1
    assert '"old"' not in found
    assert 'synthetic="a"' not in found


def test_a_trial_period_too_short_is_explained(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    shutil.copytree(THREE_ARMS, trial, ignore=shutil.ignore_patterns("data", "*.py"))
    path = trial / "protocol.toml"
    path.write_text(path.read_text().replace("end = 2025-03-31", "end = 2024-03-01"))
    with pytest.raises(DesignError, match="no room for a participant"):
        rehearsed(trial, tmp_path / "sim", participants=20)


@pytest.mark.slow
def test_visits_of_one_day_are_rehearsed_on_one_day(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    shutil.copytree(THREE_ARMS, trial, ignore=shutil.ignore_patterns("output", "*.py"))
    protocol = trial / "protocol.toml"
    text = protocol.read_text("utf-8")
    protocol.write_text(text.replace(WEEK_8, SAME_DAY), "utf-8")
    assert [each.target_hour for each in load_protocol(trial).visits] == [0, 0, 4, 0]

    validated = validate(open_trial(rehearsed(trial, tmp_path / "sim", participants=30)))

    assert validated.findings.hard == 0
    held = validated.snapshot["assessment"].values.pivot(
        index="subject_id", columns="visit", values="visit_date"
    )
    both = held[["W4", "W8"]].dropna()
    assert len(both) > 15
    assert (both["W4"] == both["W8"]).all()
    assert held["W8"].notna().equals(held["W4"].notna())  # nobody leaves within a day
    later = held[["W8", "W12"]].dropna()
    assert (later["W8"] < later["W12"]).all()
