"""What a trial lacks, by the step that needs it, and that earlier steps work without it."""

from argparse import Namespace
from pathlib import Path

import pytest

from trialkit.cli.commands import plan
from trialkit.cli.main import main
from trialkit.newtrial.writing import write_empty_trial, write_new_trial


@pytest.fixture
def young(tmp_path: Path) -> Path:
    write_empty_trial(tmp_path / "young")
    return tmp_path / "young"


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, list[str]]:
    code = main(list(argv))
    return code, capsys.readouterr().out.splitlines()


def test_a_whole_trial_lacks_nothing(tmp_path, capsys) -> None:
    write_new_trial(tmp_path / "trial")
    code = plan.run(Namespace(action="check", trial=tmp_path / "trial"))
    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert len(lines) == 4
    assert all(line.endswith(": nothing of their own is lacking.") for line in lines)


def test_each_step_of_a_young_trial_lacks_its_own(young, capsys) -> None:
    code, lines = said(capsys, "plan", "check", str(young))
    assert code == 1
    assert lines[0].endswith("import: nothing of their own is lacking.")
    heads = {line.partition(":")[0]: n for n, line in enumerate(lines) if line[:1].isalpha()}
    arms = lines.index("  - protocol.toml: [arms]: found nothing; expected at least one [[arms]]")
    outcomes = lines.index(
        "  - protocol.toml: [outcomes]: found nothing; expected at least one [[outcomes]]"
    )
    title = lines.index(
        "  - protocol.toml: [trial] title: found nothing; expected the trial's full title"
    )
    assert heads["randomise"] < arms < heads["analyse, simulate"] < outcomes
    assert outcomes < heads["report, run, protocol, verify"] < title
    assert "    [[outcomes]]" in lines
    assert not [line for line in lines if line.startswith("    [trial]")]


@pytest.mark.parametrize(
    "call",
    [
        ("validate", "{}"),
        ("forms", "check", "{}"),
        ("codebook", "{}"),
        ("workbook", "{}", "{}.xlsx"),
    ],
)
def test_a_young_trial_is_checked_and_a_line_says_what_later_steps_lack(
    young, capsys, call
) -> None:
    code, lines = said(capsys, *(each.format(young) for each in call))
    assert code == 0
    assert lines[-1] == (
        "Not whole yet for later steps (randomise 3, analyse 4, report 3): "
        f"trialkit plan check {young}"
    )


def test_queries_of_a_young_trial_are_listed(young, capsys) -> None:
    assert said(capsys, "queries", "list", str(young))[0] == 0


def test_what_a_young_trial_lacks_stops_the_step_that_needs_it(young, capsys) -> None:
    assert main(["analyse", str(young)]) == 2
    told = capsys.readouterr().err
    assert "[outcomes]: found nothing" in told
    assert "[trial] title" not in told
    assert main(["run", str(young)]) == 2
    assert "[trial] title" in capsys.readouterr().err


def test_a_faulty_part_of_a_later_step_is_told_by_plan_check_alone(young, capsys) -> None:
    protocol = young / "protocol.toml"
    text = protocol.read_text(encoding="utf-8")
    protocol.write_text(text + '\n[randomisation]\ntype = "dice"\n', encoding="utf-8")
    assert main(["validate", str(young)]) == 0
    capsys.readouterr()
    _, lines = said(capsys, "plan", "check", str(young))
    assert any("[randomisation] type: found 'dice'" in line for line in lines)


def test_without_a_form_or_a_readable_one_plan_check_says_so(young, capsys) -> None:
    form = young / "forms" / "screening.toml"
    form.write_text(form.read_text(encoding="utf-8").replace('"date"', '"dat"'), encoding="utf-8")
    code, lines = said(capsys, "plan", "check", str(young))
    assert code == 1
    assert any("forms/screening.toml" in line and "'dat'" in line for line in lines[:4])
    form.unlink()
    _, lines = said(capsys, "plan", "check", str(young))
    assert any("has no form" in line for line in lines[:4])


@pytest.mark.slow
def test_three_instruments_of_three_outcomes_are_added_one_after_the_other(young, capsys) -> None:
    outcome = """
[[outcomes]]
code = "{0}"
label = "{0}"
type = "continuous"
role = "primary"
form = "{0}"
item = "{1}"
time_point = "BL"
metric = "value"
aggregation = "mean"
direction = "lower"
"""
    protocol = young / "protocol.toml"
    ids = {"odi": "odi_score", "rmdq": "rmdq_score", "nrs_pain": "nrs_pain"}
    text = protocol.read_text(encoding="utf-8") + "".join(
        outcome.format(form, item) for form, item in ids.items()
    )
    protocol.write_text(text, encoding="utf-8")
    for instrument in ids:
        call = ["instruments", "add", str(young), instrument, "--visits", "BL"]
        assert main(call) == 0, capsys.readouterr().err
        assert main(["validate", str(young)]) == 0


def test_a_form_that_is_broken_does_not_keep_an_instrument_out(young) -> None:
    (young / "forms" / "broken.toml").write_text("[form]\nid = 5\n", encoding="utf-8")
    assert main(["instruments", "add", str(young), "odi", "--visits", "BL"]) == 0
