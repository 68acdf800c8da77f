"""The factorial trial from its folder to the page: tables, sentences, words, and what R printed."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT
from tests.line import Line, line_of
from tests.report.factorial_trial import KIND, factorial_line, write_factorial
from tests.report.factory import content_of
from tests.report.kinds_of_trial import no_outcome_in
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.protocol.methods.method import Response
from trialkit.report.content.tables import Table
from trialkit.report.plan.shells.shells import shell_blocks
from trialkit.report.sections.factor_effects import factor_effects
from trialkit.report.sections.factor_flow import flow_by_factor
from trialkit.report.sections.results_text import primary_headlines, primary_in_brief
from trialkit.report.sections.trial import design_sentence
from trialkit.report.tables.additional import additional_table
from trialkit.report.tables.factorial import factorial_tables
from trialkit.report.tables.main_tables import main_tables
from trialkit.report.words.en.sentences.comparisons import (
    general_sentences,
    multiplicity_sentences,
)
from trialkit.report.words.language.account import Account
from trialkit.report.writers.markdown import render_markdown
from trialkit.results.lookup import ResultIndex

R = json.loads(
    (ROOT / "tests" / "reference" / "factorial" / "factorial_simulated.json").read_text("utf-8")
)
MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def line() -> Line:
    return factorial_line()


def said(runs: object) -> str:
    return "".join(run if isinstance(run, str) else run.text for run in runs)  # type: ignore[attr-defined]


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def printed(number: float) -> str:
    return f"{number:.1f}".replace("-", MINUS)


def interval(estimate: float, limits: list[float]) -> str:
    return f"{printed(estimate)} ({' to '.join(map(printed, limits))})"


def coefficient(model: str, name: str) -> tuple[float, list[float]]:
    place = next(n for n, each in enumerate(R[model]["coef"]) if each["_row"] == name)
    return R[model]["coef"][place]["Estimate"], R[model]["ci"][place]


def test_the_table_of_effects_prints_what_r_printed(line: Line) -> None:
    combinations, effects = factorial_tables(line.protocol, ResultIndex(line.results))
    assert combinations is not None
    assert effects is not None
    pain = effects.groups[0].rows
    found = [(row.head, row.cells[0].text, row.cells[1].text) for row in pain]
    exercise, education = (
        "Exercise: training vs no training",
        "Education: education vs no education",
    )
    assert found[0] == (exercise, "At the margin", interval(*coefficient("margins", "exerciseyes")))
    assert found[1] == (
        education, "At the margin", interval(*coefficient("margins", "educationyes"))
    )  # fmt: skip
    for place, each in enumerate(R["simple_effects_exercise"], start=4):
        where = "education" if each["education"] == "yes" else "no education"
        assert found[place] == (
            exercise,
            f"Where Education: {where}",
            interval(each["estimate"], [each["lower.CL"], each["upper.CL"]]),
        )
    together = interval(*coefficient("interaction", "exerciseyes:educationyes"))
    assert found[8] == ("Interaction of Exercise and Education", "\N{EM DASH}", together)
    assert len(found) == 9
    means = {row.head: row.cells[3].text for row in combinations.groups[0].rows}
    for each in R["cell_means"]:
        cell = (
            f"({'training' if each['exercise'] == 'yes' else 'no training'}, "
            f"{'education' if each['education'] == 'yes' else 'no education'})"
        )
        (text,) = [text for head, text in means.items() if head.endswith(cell)]
        assert text == interval(each["emmean"], [each["lower.CL"], each["upper.CL"]])


def test_every_cell_names_its_rows_and_the_parts_of_item_26_are_answered(line: Line) -> None:
    rows = {row.result_id for row in line.results.rows}
    tables = factorial_tables(line.protocol, ResultIndex(line.results))
    printed_from = [
        name
        for table in tables
        if table is not None
        for row in table.rows
        for cell in row.cells
        for name in cell.results
    ]
    assert len(printed_from) > 100
    assert rows.issuperset(printed_from)
    parts = [(each.part, each.lacks) for table in tables if table for each in table.claims]
    assert parts == [
        ("number analysed", ""),
        ("number with data", ""),
        ("result of each group", ""),
        ("effect with interval", ""),
        ("interaction with interval", ""),
    ]


def test_no_other_table_of_outcomes_takes_combinations_for_arms_against_one(line: Line) -> None:
    index = ResultIndex(line.results)
    assert [each for each in main_tables(line.protocol, index) if each is not None] == []
    assert additional_table(line.protocol, index) is None


def test_the_sentence_states_the_main_effects_and_their_interaction(line: Line) -> None:
    (primary,) = primary_headlines(line.protocol, ResultIndex(line.results))
    assert plain(said(factor_effects(primary))) == (
        f"Exercise: training vs no training, at the margin, {MINUS}7.8 mm (95% CI {MINUS}11.8 to "
        f"{MINUS}3.9); p < 0.001. Education: education vs no education, at the margin, {MINUS}2.0 mm "
        f"(95% CI {MINUS}6.0 to 2.0); p = 0.320. Interaction of Exercise and Education, {MINUS}4.9 mm "
        f"(95% CI {MINUS}12.8 to 3.1); p = 0.229. "
    )
    assert said(primary_in_brief(primary)).startswith("Pain, week 4: Exercise: training vs")


def test_the_flow_is_told_by_factor_beside_the_arms(line: Line) -> None:
    told = flow_by_factor(line.protocol, ResultIndex(line.results))
    assert told is not None
    assert said(told.runs) == (
        "By factor: Exercise, no training 80 allocated, 77 analysed for the primary outcome; training 80 "
        "allocated, 80 analysed for the primary outcome. Education, no education 80 allocated, 78 analysed "
        "for the primary outcome; education 80 allocated, 79 analysed for the primary outcome."
    )
    parallel = replace(line.protocol, factors=())
    assert flow_by_factor(parallel, ResultIndex(line.results)) is None


def test_a_number_of_a_level_leads_to_those_who_are_at_it(line: Line) -> None:
    assert line.protocol.arms_at("exercise = yes") == {"TRAIN", "BOTH"}
    assert line.protocol.arms_at("education = no") == {"CARE", "TRAIN"}
    assert line.protocol.arms_at("exercise: yes - no") == frozenset()


def test_the_plan_has_shells_of_the_tables_of_factors(line: Line) -> None:
    shells = [each for each in shell_blocks(line.protocol, None) if isinstance(each, Table)]
    effects = next(each for each in shells if each.anchor.endswith("factorial"))
    real = factorial_tables(line.protocol, ResultIndex(line.results))[1]
    assert real is not None
    assert [row.head for row in effects.rows] == [row.head for row in real.rows]
    assert [head.text for head in effects.heads] == [head.text for head in real.heads]
    assert effects.rows[0].cells[1].text == "xx.x (xx.x to xx.x)"
    (combinations,) = [each for each in shells if each.anchor.endswith("combinations")]
    assert combinations.rows[0].cells[2].text == "xx.x (xx.x)"


def test_the_design_says_which_combinations_there_are(line: Line) -> None:
    assert design_sentence(line.protocol) == (
        "This is a superiority randomised 2 × 2 factorial trial of Exercise (no training or training) "
        "and Education (no education or education): each participant is allocated to one of four "
        "combinations, allocated 1:1:1:1 (Usual care, Education, Training and Training and education)."
    )
    part = replace(line.protocol, arms=line.protocol.arms[:3])
    assert "partial factorial trial" in design_sentence(part)
    assert "one of three of the four combinations" in design_sentence(part)


def test_the_methods_say_what_is_subtracted_and_that_main_effects_are_not_adjusted(
    line: Line,
) -> None:
    account = Account(protocol=line.protocol, index=ResultIndex(line.results))
    assert general_sentences(account).startswith(
        "Differences of a factor are a level minus its reference level (no training and no "
        "education), with two-sided 95% confidence intervals"
    )
    assert multiplicity_sentences(account) == (
        "The four comparisons were not adjusted for multiplicity."
    )


@pytest.mark.slow
def test_an_empty_combination_is_told_with_its_reason(tmp_path: Path) -> None:
    kind = replace(KIND, change=no_outcome_in("TALK"))
    line = line_of(write_factorial(tmp_path / "trial", kind=kind))
    page = render_markdown(content_of(line))
    assert "nobody in Education has what the analysis of" in page
    assert not re.search(r"\bnan\b|\bNone\b", page)


@pytest.mark.slow
def test_a_run_writes_the_numbers_of_r_to_results_and_report(tmp_path: Path) -> None:
    folder = write_factorial(tmp_path / "trial")
    assert main(["run", str(folder)]) == ExitCode.FINE
    table = pd.read_csv(folder / "output" / "results.csv")
    stated = table[table["analysis_id"] == "primary"].set_index(["term", "stat_name"])["stat"]
    for term, (model, name) in {
        "exercise: yes - no": ("margins", "exerciseyes"),
        "education: yes - no": ("margins", "educationyes"),
        "exercise x education: (yes - no) x (yes - no)": (
            "interaction",
            "exerciseyes:educationyes",
        ),
    }.items():
        estimate, (low, high) = coefficient(model, name)
        found = [stated[term, stat] for stat in ("estimate", "conf_low", "conf_high")]
        assert found == pytest.approx([estimate, low, high], rel=1e-8)
    assert "2 × 2 factorial trial" in (folder / "output" / "report.html").read_text("utf-8")


@pytest.mark.slow
def test_the_whole_report_is_written(line: Line) -> None:
    content = content_of(line)
    (own,) = [each for each in content.checklists if each.code == "factorial"]
    assert [(row.number, row.status.value) for row in own.rows] == [
        ("reason", "missing"),
        ("comparisons", "from structured fields"),
        ("interaction", "from data"),
    ]
    assert not any(each.code == "multiarm" for each in content.checklists)
    page = re.sub(r"\\(.)", r"\1", render_markdown(content_of(line)))
    for words in (
        "2 × 2 factorial trial",
        "in a model of all factors without their interaction",
        "the interaction is estimated and shown whatever it turns out to be",
        "Effects of each factor, at the margins and inside the table, and their interaction",
        "Results of each combination of levels, and of each level at the margins",
    ):
        assert words in page


def test_what_is_of_changes_is_called_a_change_in_both_tables(line: Line) -> None:
    first, *others = line.protocol.plan.analyses
    of_changes = replace(
        first, specification=replace(first.specification, response=Response.CHANGE)
    )  # type: ignore[call-arg]
    plan = replace(line.protocol.plan, analyses=(of_changes, *others))
    index = ResultIndex(line.results)
    for protocol, said_so in ((line.protocol, False), (replace(line.protocol, plan=plan), True)):
        for table in factorial_tables(protocol, index):
            assert table is not None
            pain, other, *_ = [group.head for group in table.groups]
            assert (", change from baseline \N{EN DASH} primary outcome" in pain) is said_so
            assert "change from baseline" not in other
