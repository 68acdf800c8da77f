from dataclasses import replace

import pytest

from tests.line import Line
from trialkit.errors import ReportError
from trialkit.results.lookup import NOTHING, Address, ResultIndex, ids, value
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat


def test_every_result_is_found_where_it_stands(example: Line) -> None:
    index = ResultIndex(example.results)
    for row in example.results.rows:
        address = Address(
            analysis_id=row.analysis_id,
            outcome=row.outcome,
            method=row.method,
            visit=row.visit,
            term=row.term,
            arm=row.arm,
        )
        assert index.at(address)[row.stat_name] is row


def test_what_is_not_there_is_nothing(example: Line) -> None:
    found = ResultIndex(example.results).find("primary", outcome="vas", term="no such term")
    assert found is NOTHING
    assert value(found, Stat.N) is None
    assert ids(found, Stat.N) == ()


def test_the_same_statistic_twice_is_refused(example: Line) -> None:
    row = example.results.rows[0]
    twice = Results(rows=(row, replace(row, result_id="another")))
    with pytest.raises(ReportError, match="twice"):
        ResultIndex(twice)
