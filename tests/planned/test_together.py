from tests.line import Line
from trialkit.results.lookup import ResultIndex
from trialkit.results.series import SeriesKind


def test_holm_over_all_main_comparisons_by_hand(example: Line) -> None:
    index = ResultIndex(example.results)
    series = index.series(SeriesKind.TOGETHER, "holm")
    assert series is not None
    raw = [float(index.row(point.label).stat or 0.0) for point in series.points]
    assert [point.x for point in series.points] == raw
    running, expected = 0.0, {}
    for rank, p in enumerate(sorted(raw)):
        running = max(running, min(1.0, (len(raw) - rank) * p))
        expected[p] = running
    assert [point.y for point in series.points] == [expected[p] for p in raw]
