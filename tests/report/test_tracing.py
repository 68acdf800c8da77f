"""Every printed number leads to its rows of the results, and says of whom and of which data it is."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tests.line import Line
from tests.report.factory import MANIFEST, content_of, made_up_protocol, page_in_words, page_of
from tests.report.rows import result
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Block, Figure, Section, Trace
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import (
    Bullets,
    Definition,
    Definitions,
    Gap,
    GapKind,
    Paragraph,
    PrintedNumber,
)
from trialkit.report.tracing import EACH_CELL, trace_numbers
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result, Results
from trialkit.results.series import Point, Series, SeriesKind
from trialkit.results.vocabulary import Stat


def test_every_number_of_the_page_opens_its_own_source(example: Line) -> None:
    content = content_of(example)
    page = page_of(content)
    opened = re.findall(r'<button[^>]* popovertarget="([^"]+)"', page)
    there = re.findall(r'<div popover id="([^"]+)"', page)
    assert set(opened) == set(there)
    assert len(there) == len(set(there)) == len(content.traces)
    known = {each.result_id for each in (*example.results.rows, *example.results.series)}
    assert all(name in known for trace in content.traces for name in trace.results)


def test_a_source_says_analysis_population_n_and_data(example: Line) -> None:
    content = content_of(example)
    effect = next(
        trace
        for trace in content.traces
        if trace.results and trace.results[0].startswith("primary/vas/") and " vs " in trace.title
    )
    facts = {fact.term: fact.text for fact in effect.facts}
    assert facts["Analysis"].startswith("primary (primary): mixed analysis of variance")
    assert facts["Population"] == "Intention to treat"
    assert "13" in facts["n"]
    assert facts["Data"] == MANIFEST.data_sha256[:12]


def test_the_values_are_those_of_the_results_file(example: Line) -> None:
    stated = {row.result_id: row.stat for row in example.results.rows}
    for trace in content_of(example).traces:
        for name, value in zip(trace.results, trace.values, strict=bool(trace.results)):
            if name not in stated:
                continue  # a series, of which the trace says how many points it has
            if stated[name] is not None:
                assert float(value.text) == stated[name]


def test_counts_of_the_flow_are_traced_too(three_arms: Line) -> None:
    content = content_of(three_arms)
    sentence = next(
        block
        for block in content.all_blocks()
        if isinstance(block, Paragraph) and "assessed for eligibility" in str(block.runs)
    )
    numbers = [run for run in sentence.runs if isinstance(run, PrintedNumber)]
    assert [bool(number.results) for number in numbers] == [True, True, True]
    table = next(each for each in content.tables if each.anchor == "table-flow")
    assert all(cell.results for row in table.rows for cell in row.cells if cell.text)


def test_the_hash_of_the_data_changes_with_any_file() -> None:
    assert MANIFEST.data_sha256 != "c" * 64
    assert len(MANIFEST.data_sha256) == 64


def test_who_was_randomised_without_screening_is_said_first(example: Line) -> None:
    subjects = example.datasets.subjects.copy()
    someone = subjects.index[subjects["randomised"]][0]
    subjects.loc[someone, "screened"] = False
    datasets = replace(example.datasets, subjects=subjects)
    content = content_of(example, results=carry_out(example.protocol, datasets))
    assert any("without having been screened" in text for text in content.warnings)
    assert not any("screened" in text for text in content_of(example).warnings)


def test_a_figure_says_which_series_it_draws(example: Line) -> None:
    content = content_of(example)
    named = {name for trace in content.traces for name in trace.results}
    for figure in content.figures:
        assert set(figure.drawn_from) <= named
    figure = content.figure("changes_vas")
    assert figure.drawn_from == ("primary/vas/series/changes",)
    (trace,) = (each for each in content.traces if each.results == figure.drawn_from)
    assert trace.values[0].text == "28 points"
    assert f'popovertarget="{trace.anchor}">{figure.label}</button>' in page_in_words(content)


# by itself, on rows and blocks made by hand

TRIAL = made_up_protocol(arms=3)
EFFECT = {"visit": "V1", "term": "A2 - A0", "method": "mixed_anova"}
ESTIMATE = result(Stat.ESTIMATE, -1.25, **EFFECT)
LOW = result(Stat.CONF_LOW, -2.0625, **EFFECT)
ANALYSED = [result(Stat.N, n, arm=arm, visit="V1") for arm, n in (("A0", 7), ("A2", 9))]


def printed(*rows: Result) -> PrintedNumber:
    return PrintedNumber(text="x", results=tuple(row.result_id for row in rows))


def traced(
    *blocks: Block,
    rows: Iterable[Result] = (),
    series: tuple[Series, ...] = (),
    protocol: Protocol = TRIAL,
) -> tuple[Trace, ...]:
    section = Section(anchor="s", title="S", blocks=blocks)
    index = ResultIndex(Results(rows=tuple(rows), series=series))
    return trace_numbers([section], protocol=protocol, index=index, manifest=MANIFEST)


def trace_of(row: Result, *others: Result, **changes: Any) -> Trace:
    """The trace of one number that prints these rows, with others that the results hold."""
    shown = changes.pop("shown", (row,))
    block = Paragraph(runs=(printed(*shown),))
    (trace,) = traced(block, rows=(row, *others), **changes)
    return trace


def facts(trace: Trace) -> dict[str, str]:
    return {fact.term: fact.text for fact in trace.facts}


def test_numbers_of_every_block_are_traced_once_in_reading_order() -> None:
    rows = [result(Stat.N, n, arm="A0", term=f"t{n}") for n in range(7)]
    table = Table(
        anchor="t", caption="", stub="", heads=(ColumnHead(text=""), ColumnHead(text="")),
        groups=(
            RowGroup(
                head="",
                rows=(
                    Row(head="a", cells=(Cell(text="1", results=(rows[1].result_id,)),
                                         Cell(text="2", dataset="findings"))),
                    Row(head="b", cells=(Cell(text="-"), Cell(text="0", results=(rows[0].result_id,)))),
                ),
            ),
        ),
    )  # fmt: skip
    traces = traced(
        Paragraph(runs=("In words ", printed(rows[0]), printed(), printed(rows[0]))),
        table,
        Gap(item="1", reason=GapKind.DATA, title="", text=""),
        Bullets(items=(("none",), (printed(rows[2]),))),
        Definitions(entries=(Definition(term="t", runs=(printed(rows[4], rows[3]),)),)),
        Figure(anchor="f", name="f", drawing=FigureDrawing(str), title="", description="", caption="",
               notes=(printed(rows[5]),)),
        rows=rows,
    )  # fmt: skip
    assert [(each.anchor, each.dataset or each.results) for each in traces] == [
        ("trace-1", (rows[0].result_id,)),
        ("trace-2", (rows[1].result_id,)),
        ("trace-3", "findings"),
        ("trace-4", (rows[2].result_id,)),
        ("trace-5", (rows[4].result_id, rows[3].result_id)),
        ("trace-6", (rows[5].result_id,)),
    ]


def test_a_dataset_is_named_with_the_data_alone() -> None:
    cell = Cell(text="3", dataset="findings")
    other = replace(cell, dataset="extra.csv")
    table = Table(
        anchor="t", caption="", stub="", heads=(ColumnHead(text=""), ColumnHead(text="")),
        groups=(RowGroup(head="", rows=(Row(head="", cells=(cell, other)),)),),
    )  # fmt: skip
    found, unnamed = traced(table)
    assert found.title == "Counted in the listing of the validation (findings.csv)"
    assert facts(found) == {"Data": MANIFEST.data_sha256[:12]}
    assert (found.results, found.values) == ((), ())
    assert unnamed.title == "Counted in extra.csv"


def test_a_title_says_outcome_visit_comparison_and_arm_in_the_words_of_the_protocol() -> None:
    assert trace_of(ESTIMATE).title == "Pain, Week 4, Arm 2 vs Arm 0"
    of_arm = result(Stat.MEAN, 3, analysis_id="descriptive", visit="V0", term="change", arm="A1")
    assert trace_of(of_arm).title == "Pain, Baseline, change, Arm 1"
    age = result(Stat.MEAN, 40, analysis_id="baseline", outcome="demographics.age", arm="A0")
    assert trace_of(age).title == "Age, years, Arm 0"
    harms = result(Stat.ESTIMATE, 0.1, analysis_id="harms", outcome="", term="any", arm="A1 - A0")
    assert trace_of(harms).title == "any, Arm 1 vs Arm 0"
    bare = result(Stat.N, 4, analysis_id="flow", outcome="")
    assert trace_of(bare).title == "flow"
    unknown = result(Stat.N, 4, outcome="strange.item", visit="V9", term="T", arm="A9")
    assert trace_of(unknown).title == "strange.item, V9, T, A9"


def test_a_ratio_is_named_by_its_own_sign() -> None:
    first = replace(TRIAL.plan.analyses[0], specification=Ancova(scale=OutcomeScale.LOG))
    logs = replace(TRIAL, plan=replace(TRIAL.plan, analyses=(first,)))
    row = result(Stat.ESTIMATE, 1.2, visit="V1", term="A1 / A2")
    assert trace_of(row, protocol=logs).title == "Pain, Week 4, Arm 1 vs Arm 2"
    assert trace_of(row).title == "Pain, Week 4, A1 / A2"


def test_no_call_is_made_of_what_was_entered_and_none_where_arms_are_hidden() -> None:
    """An id holds words of a site: nobody is given a line to copy into a shell."""
    assert "$" not in EACH_CELL.text
    assert "harms" not in EACH_CELL.text
    pooled = replace(TRIAL, written=TRIAL)
    assert EACH_CELL in trace_of(ESTIMATE).facts
    assert EACH_CELL not in trace_of(ESTIMATE, protocol=pooled).facts


def test_a_number_says_its_analysis_and_its_population() -> None:
    assert facts(trace_of(ESTIMATE)) == {
        "Analysis": "primary (primary): mixed analysis of variance",
        "Population": "Intention to treat",
        "Entered in": "assessment.pain_mm",
        "Data": MANIFEST.data_sha256[:12],
        "Each cell": EACH_CELL.text,
    }
    for shelf, words in (
        ("descriptive", "description of the outcomes"), ("baseline", "description at baseline"),
        ("harms", "harms"), ("adherence", "adherence"), ("flow", "participant flow"),
        ("populations", "analysis populations"), ("missing", "missing values"),
        ("concomitant", "concomitant care"), ("deviations", "deviations from the protocol"),
        ("unknown", "unknown"),
    ):  # fmt: skip
        said = facts(trace_of(result(Stat.MEAN, 1, analysis_id=shelf, population="")))
        assert said["Analysis"] == words
        assert said["Population"] == ("all assessed" if shelf == "flow" else "all randomised")
        assert "n" not in said


def test_a_number_says_of_how_many_it_is() -> None:
    own = result(Stat.N, 5, **EFFECT)
    elsewhere = [result(Stat.N, n, **EFFECT | place) for n, place in enumerate((
        {"visit": "V0"}, {"term": "A1 - A0"}, {"arm": "A1"}, {"outcome": "better"},
    ), start=20)]  # fmt: skip
    assert facts(trace_of(ESTIMATE, *elsewhere, own, *ANALYSED))["n"] == "5"
    assert facts(trace_of(ESTIMATE, *ANALYSED))["n"] == "Arm 0 7; Arm 2 9"
    # of a count that no form feeds there is no number to tell
    assert "n" not in facts(trace_of(ESTIMATE, result(Stat.N, None, **EFFECT)))


def test_values_are_unrounded_and_what_all_ids_begin_with_is_said_once() -> None:
    def values(*shown: Result) -> list[tuple[str, str]]:
        first, *others = shown
        trace = trace_of(first, *others, shown=shown)
        assert all(fact.code for fact in trace.values)
        return [(fact.term, fact.text) for fact in trace.values]

    whole = "primary/pain/V1/A2 - A0/mixed_anova/"
    more = "\N{HORIZONTAL ELLIPSIS}/"
    assert values(ESTIMATE) == [(f"{whole}estimate", "-1.25")]
    assert values(ESTIMATE, LOW) == [(f"{whole}estimate", "-1.25"), (f"{more}conf_low", "-2.0625")]
    apart = result(Stat.CONF_LOW, None, outcome="better", note="not estimable")
    assert values(ESTIMATE, apart) == [
        (f"{whole}estimate", "-1.25"), ("primary/better/conf_low", "not estimable"),
    ]  # fmt: skip


def test_a_figure_leads_to_its_series_and_says_how_many_points_each_has() -> None:
    means = Series(
        kind=SeriesKind.MEANS, analysis_id="primary", outcome="pain", points=(Point(), Point())
    )
    changes = replace(means, kind=SeriesKind.CHANGES, points=(Point(),) * 12)
    figure = Figure(
        anchor="f", name="f", drawing=FigureDrawing(str), title="", description="", caption="",
        drawn_from=(means.result_id, changes.result_id),
    )  # fmt: skip
    (trace,) = traced(figure, series=(changes, means))
    assert trace.title == "Pain: drawn from series.csv"
    assert facts(trace) == {"Analysis": "primary", "Data": MANIFEST.data_sha256[:12]}
    assert [(fact.term, fact.text, fact.code) for fact in trace.values] == [
        ("primary/pain/series/means", "two points", True),
        ("primary/pain/series/changes", "12 points", True),
    ]
