from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from tests.line import Line
from tests.report.factory import made_up_line
from trialkit.planned.carrying_out import carry_out
from trialkit.planned.series.residuals import normal_scores
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.method import Method, Response
from trialkit.results.series import Mark, Series, SeriesKind, xs, ys


def planned_by(line: Line, specification: Ancova) -> Line:
    """The same trial with another primary analysis."""
    first, *rest = line.protocol.plan.analyses
    analyses = (replace(first, specification=specification), *rest)
    plan = replace(line.protocol.plan, analyses=analyses)
    protocol = replace(line.protocol, plan=plan)
    return replace(line, protocol=protocol, results=carry_out(protocol, line.datasets))


def series_of(line: Line, kind: SeriesKind) -> Series:
    return next(each for each in line.results.series if each.kind is kind)


ANCOVA = Ancova(method=Method.ANCOVA, response=Response.FINAL)


def test_the_residuals_of_an_ancova_are_those_of_least_squares() -> None:
    line = planned_by(made_up_line(), ANCOVA)
    rows = line.datasets.measurements
    own = rows[(rows["outcome"] == "pain") & (rows["visit"] == "V1")]
    treated = (own["arm"] == "A1").to_numpy(dtype=float)
    design = np.column_stack([np.ones(len(own)), treated, own["baseline"]])
    y = own["value"].to_numpy()
    beta, *_ = np.linalg.lstsq(design, y, rcond=None)
    fitted = design @ beta
    order = np.argsort(y - fitted)
    found = series_of(line, SeriesKind.RESIDUALS)
    assert ys(found.many) == pytest.approx((y - fitted)[order])
    assert xs(found.many) == pytest.approx(fitted[order])
    assert [point.arm for point in found.many] == own["arm"].astype("str").to_numpy()[
        order
    ].tolist()
    assert found.marked(Mark.SPREAD).y == pytest.approx((y - fitted).std(ddof=1))


def test_residuals_stand_beside_the_quantiles_of_their_rank() -> None:
    line = planned_by(made_up_line(), ANCOVA)
    left, quantiles = (
        series_of(line, kind) for kind in (SeriesKind.RESIDUALS, SeriesKind.QUANTILES)
    )
    assert ys(left.many) == ys(quantiles.many) == sorted(ys(left.many))
    assert xs(quantiles.many) == pytest.approx(
        [stats.norm.ppf((rank - 0.375) / 16.25) for rank in range(1, 17)]
    )


def test_the_order_of_the_rows_does_not_matter() -> None:
    line = made_up_line()
    turned = replace(line.datasets, measurements=line.datasets.measurements.iloc[::-1])
    again = carry_out(line.protocol, turned)
    for one, other in zip(line.results.series, again.series, strict=True):
        assert one.result_id == other.result_id
        assert ys(one.points) == pytest.approx(ys(other.points), nan_ok=True)


def test_what_is_not_drawn_is_not_computed() -> None:
    line = made_up_line()
    report = replace(line.protocol.report, individual_participants=False)
    kinds = {
        each.kind for each in carry_out(replace(line.protocol, report=report), line.datasets).series
    }
    assert kinds == {SeriesKind.MEANS, SeriesKind.TOGETHER}


def test_normal_scores_are_symmetric_and_rise() -> None:
    scores = normal_scores(7)
    assert np.allclose(scores, -scores[::-1])
    assert (np.diff(scores) > 0).all()
    assert scores[3] == 0
