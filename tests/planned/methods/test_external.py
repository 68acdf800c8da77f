"""Results of another program become rows like any others, or the analysis says why not."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import few_at_once
from tests.planned.external import ASKED, SOUND, plan_with
from tests.report.factory import made_up_datasets, made_up_protocol
from trialkit.imports.external.reading import read_external
from trialkit.planned.carrying_out import carry_out
from trialkit.planned.methods.external import ENDLESS
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.external import External
from trialkit.protocol.methods.plan import Family
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.effect import Scale, Status
from trialkit.results.flow import Stage
from trialkit.results.lookup import Shelf
from trialkit.results.notes import NOT_USED
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

THREE_ARMS = SOUND + SOUND.partition("A1,A0")[1] + SOUND.partition("A1,A0")[2]


def stated(
    folder: Path,
    text: str = SOUND,
    *,
    asked: External = ASKED,
    outcomes: tuple[str, ...] = ("pain",),
    families: tuple[Family, ...] = (),
    arms: int = 2,
) -> list[Result]:
    """The rows of the analysis in a trial whose folder holds this file."""
    (folder / "external").mkdir(exist_ok=True)
    (folder / "external" / "cox.csv").write_text(text)
    protocol = made_up_protocol(arms=arms)
    plan = plan_with(asked, outcomes=outcomes)
    if families:
        named = tuple(replace(each, family=families[0].code) for each in plan.analyses)
        plan = replace(plan, analyses=named, families=families)
    plan = replace(plan, analyses=(*protocol.plan.analyses, *plan.analyses))
    protocol = replace(protocol, plan=plan)
    results = carry_out(
        protocol,
        made_up_datasets(protocol),
        external=read_external(folder, plan, data_sha256=""),
    )
    return [row for row in results.rows if row.analysis_id == "cox"]


def of(rows: list[Result], stat: Stat, *, arm: str = "") -> Result:
    (found,) = (row for row in rows if row.stat_name is stat and row.arm == arm)
    return found


def test_every_number_is_a_row_with_its_scale_and_its_line(tmp_path: Path) -> None:
    rows = stated(tmp_path)
    estimate = of(rows, Stat.ESTIMATE)
    assert (estimate.stat, estimate.scale, estimate.term) == (0.71, Scale.HAZARD_RATIO, "A1 - A0")
    assert estimate.status is Status.ESTIMATED
    assert estimate.note == (
        "read from external/cox.csv, line 4; the file does not say of which data"
    )
    assert [of(rows, stat).stat for stat in (Stat.CONF_LOW, Stat.CONF_HIGH, Stat.P_VALUE)] == [
        0.52, 0.97, 0.031,
    ]  # fmt: skip
    assert {row.method for row in rows} == {"external"}


def test_a_ratio_has_no_unit_and_a_difference_that_of_its_outcome(tmp_path: Path) -> None:
    assert of(stated(tmp_path), Stat.ESTIMATE).unit == ""
    difference = stated(tmp_path, asked=replace(ASKED, scale=Scale.DIFFERENCE))
    assert of(difference, Stat.ESTIMATE).unit == made_up_protocol().outcome("pain").unit != ""


def test_numbers_analysed_are_those_of_the_program(tmp_path: Path) -> None:
    rows = stated(tmp_path)
    assert [of(rows, Stat.N, arm=arm).stat for arm in ("A0", "A1")] == [8, 7]
    assert [of(rows, Stat.N_EXCLUDED, arm=arm).stat for arm in ("A0", "A1")] == [0, 1]
    assert of(rows, Stat.N_EXCLUDED, arm="A1").note == (
        "not used by the program, which does not say why: 1"
    )


def test_its_p_value_is_adjusted_in_its_family(tmp_path: Path) -> None:
    family = Family(code="F", label="Secondary", adjustment=Adjustment.BONFERRONI)
    rows = stated(
        tmp_path,
        _two_outcomes(),
        outcomes=("pain", "better"),
        families=(family,),
    )
    adjusted = {row.outcome: row.stat for row in rows if row.stat_name is Stat.P_ADJUSTED}
    assert adjusted == pytest.approx({"pain": 0.062, "better": 0.062})


def _two_outcomes() -> str:
    head, *rows = SOUND.splitlines()
    lines = [f"{head},outcome"]
    lines += [f"{row},{code}" for code in ("pain", "better") for row in rows]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("scale", "method"),
    [
        (Scale.PERCENTAGE_POINTS, "risk_difference"),
        (Scale.RISK_RATIO, "risk_ratio"),
        (Scale.ODDS_RATIO, "odds_ratio"),
    ],
)
def test_a_measure_of_risks_stands_where_the_tables_look_for_it(
    tmp_path: Path, scale: Scale, method: str
) -> None:
    rows = stated(tmp_path, asked=replace(ASKED, scale=scale), outcomes=("better",))
    assert of(rows, Stat.ESTIMATE).method == method


def test_a_side_is_that_of_the_plan(tmp_path: Path) -> None:
    rows = stated(tmp_path, asked=replace(ASKED, one_sided=True))
    assert str(of(rows, Stat.P_VALUE).interval_kind) == "one-sided"


def test_a_limit_that_is_none_says_so(tmp_path: Path) -> None:
    rows = stated(tmp_path, SOUND.replace("0.97", "Inf"))
    high = of(rows, Stat.CONF_HIGH)
    assert (high.stat, high.status) == (None, Status.NOT_ESTIMABLE)
    assert high.note.startswith(ENDLESS)


IMPOSSIBLE: Mapping[str, tuple[str, str, str]] = {
    "a limit on the wrong side": ("conf_low,0.52", "conf_low,0.75", "line 5: conf_low lies on"),
    "a ratio below 0": ("estimate,0.71", "estimate,-0.71", "line 4: a ratio is above 0"),
    "a p value above 1": ("p_value,0.031", "p_value,1.031", "line 9: p_value is 1.031"),
    "an error below 0": ("se,0.11", "se,-0.11", "line 8: se is -0.11"),
    "another level": ("conf_level,0.95", "conf_level,0.9", "line 7: there are limits with"),
    "no level": ("A1,A0,conf_level,0.95,\n", "", "there are limits with no conf_level"),
    "no estimate": ("A1,A0,estimate,0.71,\n", "", "does not state estimate of Arm 1 against Arm 0"),
    "no p value": ("A1,A0,p_value,0.031,\n", "", "does not state p_value of Arm 1 against Arm 0"),
    "one limit alone": ("A1,A0,conf_high,0.97,\n", "", "line 5: is the one limit of the interval"),
    "an effect of nobody": ("A1,,n,7", "A1,,n,0", "states an effect, and n of Arm 1 is 0"),
    "no n of an arm": ("A1,,n,7,\n", "", "does not state n of Arm 1"),
    "more than there are": ("A1,,n,7", "A1,,n,9", "n of Arm 1 is 9, and the population has 8"),
    "half of a person": ("A1,,n,7", "A1,,n,7.5", "n of Arm 1 is 7.5"),
    "an arm of another trial": ("A1,,n,7", "A9,,n,7", "the trial has no arm 'A9'"),
    "the arms the other way": ("A1,A0,se", "A0,A1,se", "compares Arm 0 with Arm 1; the plan compares Arm 1 with Arm 0"),
}  # fmt: skip


@pytest.mark.parametrize("what", few_at_once(IMPOSSIBLE, 8))
def test_numbers_that_cannot_be_are_not_estimable(tmp_path: Path, what: str) -> None:
    right, wrong, said = IMPOSSIBLE[what]
    assert right in SOUND
    rows = stated(tmp_path, SOUND.replace(right, wrong))
    assert said in of(rows, Stat.ESTIMATE).note
    assert of(rows, Stat.ESTIMATE).status is Status.NOT_ESTIMABLE
    assert {row.stat for row in rows} == {None}
    assert of(rows, Stat.P_VALUE).stat is None  # a family counts as many as were planned


def test_why_there_is_no_estimate_is_said_without_the_file(tmp_path: Path) -> None:
    text = SOUND.replace("estimate,0.71,", "estimate,NA,did not converge")
    text = text.replace("p_value,0.031,", "p_value,NA,did not converge")
    rows = stated(tmp_path, text)
    assert of(rows, Stat.ESTIMATE).note == "not estimable: did not converge"
    assert of(rows, Stat.ESTIMATE).status is Status.NOT_ESTIMABLE


def test_every_arm_must_be_there(tmp_path: Path) -> None:
    rows = stated(tmp_path, arms=3)
    assert {row.stat for row in rows} == {None}
    assert "does not state n of Arm 2" in of_term(rows, "A2 - A0").note


def of_term(rows: list[Result], term: str) -> Result:
    return next(row for row in rows if row.term == term and row.stat_name is Stat.ESTIMATE)


def test_the_flow_counts_as_analysed_whom_the_program_used(tmp_path: Path) -> None:
    protocol = made_up_protocol()
    primary = replace(protocol.plan.analyses[0], specification=ASKED)
    plan = replace(protocol.plan, analyses=(primary, *protocol.plan.analyses[1:]))
    protocol = replace(protocol, plan=plan)
    (tmp_path / "external").mkdir()
    (tmp_path / "external" / "cox.csv").write_text(SOUND)
    results = carry_out(
        protocol, made_up_datasets(protocol), external=read_external(tmp_path, plan, data_sha256="")
    )
    flow = {(row.term, row.arm): row.stat for row in results.rows if row.analysis_id == Shelf.FLOW}
    assert [flow[Stage.ANALYSED, arm] for arm in ("A0", "A1")] == [8, 7]
    assert flow[Stage.EXCLUDED.because(NOT_USED), "A1"] == 1
    assert flow[Stage.EXCLUDED, "A1"] == 1


def test_without_its_file_the_others_go_on(tmp_path: Path) -> None:
    protocol: Protocol = made_up_protocol()
    both = (*protocol.plan.analyses, *plan_with(ASKED).analyses)
    plan = replace(protocol.plan, analyses=both)
    protocol = replace(protocol, plan=plan)
    results = carry_out(
        protocol,
        made_up_datasets(protocol),
        external=read_external(tmp_path, plan, data_sha256=""),
    )
    missing = [row for row in results.rows if row.analysis_id == "cox"]
    assert {row.note for row in missing} == {"not estimable: external/cox.csv is not there yet"}
    primary = plan.analyses[0].id
    assert any(row.stat is not None for row in results.rows if row.analysis_id == primary)
