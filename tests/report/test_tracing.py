"""Every printed number leads to its rows of the results, and says of whom and of which data it is."""

import re
from dataclasses import replace

from tests.conftest import Line
from tests.report.factory import MANIFEST, content_of, page_of
from trialkit.planned.carrying_out import carry_out
from trialkit.report.content.text import Paragraph, PrintedNumber


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
    assert f'popovertarget="{trace.anchor}">{figure.label}</button>' in page_of(content)
