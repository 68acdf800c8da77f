import json
from dataclasses import replace
from math import inf

import pytest

from tests.conftest import few_at_once
from tests.line import Line
from tests.report.factory import content_of
from tests.results.document_read import from_document
from trialkit.results.document import to_document
from trialkit.results.results import Results


def written_and_read(results: Results) -> Results:
    return from_document(json.loads(json.dumps(to_document(results), allow_nan=False)))


@pytest.mark.parametrize("name", ["example", "three_arms"])
def test_what_is_read_back_is_what_was_written(name: str, request: pytest.FixtureRequest) -> None:
    line: Line = request.getfixturevalue(name)
    again = written_and_read(line.results)
    assert again.rows == line.results.rows
    assert again.series == line.results.series
    assert again.conduct == line.results.conduct


def test_infinity_is_kept(example: Line) -> None:
    rows = (replace(example.results.rows[0], stat=inf), replace(example.results.rows[1], stat=-inf))
    assert written_and_read(Results(rows=rows)).rows == rows


@pytest.mark.parametrize("name", few_at_once(["three_arms", "example"], 1))
def test_every_figure_is_drawn_from_the_document_alone(
    name: str, request: pytest.FixtureRequest
) -> None:
    line: Line = request.getfixturevalue(name)
    again = content_of(line, results=written_and_read(line.results))
    figures = {each.name: each.svg for each in content_of(line).figures}
    assert len(figures) > 5
    assert {each.name: each.svg for each in again.figures} == figures
