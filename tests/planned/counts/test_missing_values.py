"""How many values lack and why, counted by hand, and how much more in one arm than in another."""

from dataclasses import replace

import numpy as np
import pytest

from tests.planned.hand import PAIN, Rows, datasets_of, three_by_three
from trialkit.datasets.measurements import NOT_YET_DUE
from trialkit.datasets.model import Datasets
from trialkit.planned.counts.missing_values import state_missing_values
from trialkit.protocol.trial.clusters import Clusters
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.effect import Scale
from trialkit.results.vocabulary import Stat


def made() -> tuple[Protocol, Datasets]:
    protocol = three_by_three()
    return protocol, datasets_of(protocol)


def on(protocol: Protocol, data: Datasets) -> Rows:
    return Rows(state_missing_values(protocol, data))


def test_missing_values_are_of_those_expected_with_their_reasons() -> None:
    protocol, data = made()
    pain = PAIN.copy()
    pain[0:6, 2] = np.nan
    pain[10, 1] = np.nan
    rows = datasets_of(protocol, pain).measurements
    lacking = rows["value"].isna()
    late = lacking & (rows["visit"] == "V2")
    rows.loc[late, "missing_reason"] = ["ill", "away", "ill", NOT_YET_DUE, NOT_YET_DUE, "none"]
    rows.loc[late & (rows["subject_id"] == "A0-05"), "not_applicable"] = True
    found = on(protocol, replace(data, measurements=rows))
    own = Rows(row for row in found.rows if row.outcome == "pain")
    stats = (Stat.N, Stat.N_MISSING, Stat.PERCENT, Stat.N_NOT_DUE, Stat.N_NOT_APPLICABLE)
    assert own.values(stats, visit="V2", arm="A0") == [5, 3, 60, 2, 1]
    assert own.values(stats, visit="V1", arm="A1") == [8, 1, 12.5, 0, 0]
    assert own.values(stats, visit="V2", arm="A1") == [8, 0, 0, 0, 0]
    assert own.value(Stat.N_MISSING, visit="V2", arm="A0", term="reason: ill") == 2
    assert own.value(Stat.N_MISSING, visit="V2", arm="A0", term="reason: away") == 1
    assert own.value(Stat.N_MISSING, visit="V1", arm="A1", term="reason: moved away") == 1
    assert sum(bool(row.term) for row in found.rows) == 3
    assert {row.outcome for row in found.rows} == {"pain", "better"}


def test_where_nothing_was_expected_there_is_no_percentage() -> None:
    protocol, data = made()
    rows = datasets_of(protocol).measurements
    here = (rows["outcome"] == "pain") & (rows["visit"] == "V2") & (rows["arm"] == "A2")
    rows.loc[here, "value"] = np.nan
    rows.loc[here, "not_applicable"] = True
    found = on(protocol, replace(data, measurements=rows))
    about = {"visit": "V2", "arm": "A2"}
    mine = Rows(row for row in found.rows if row.outcome == "pain")
    assert mine.values((Stat.N, Stat.N_MISSING, Stat.N_NOT_APPLICABLE), **about) == [0, 0, 8]
    told = {row.stat_name for row in mine.rows if (row.visit, row.arm) == ("V2", "A2")}
    assert Stat.PERCENT not in told


def test_the_share_that_lacks_it_at_the_time_point_is_compared_with_newcombes_limits() -> None:
    """Of 4 and 1 of 8 less 2: Wilson's limits of each, combined."""
    protocol, data = made()
    pain = PAIN.copy()
    pain[[0, 1, 8, 9, 10, 11, 16], 2] = np.nan
    found = on(protocol, replace(data, measurements=datasets_of(protocol, pain).measurements))

    def wilson(p: float, n: int) -> tuple[float, float]:
        z = 1.959963984540054
        middle, reach = p + z * z / 2 / n, z * np.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
        return (middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n)

    low0, high0 = wilson(0.25, 8)
    for arm, share in (("A1", 0.5), ("A2", 0.125)):
        rows = {
            row.stat_name: row
            for row in found.rows
            if (row.arm, row.outcome) == (f"{arm} - A0", "pain")
        }
        low, high = wilson(share, 8)
        gap = share - 0.25
        numbers = [
            rows[stat].stat
            for stat in (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)
        ]
        assert numbers == pytest.approx([
            gap, gap - np.hypot(share - low, high0 - 0.25), gap + np.hypot(high - share, 0.25 - low0), 0.95,
        ])  # fmt: skip
        estimate = rows[Stat.ESTIMATE]
        assert (estimate.visit, estimate.method) == ("V2", "risk_difference")
        assert estimate.scale is Scale.PERCENTAGE_POINTS


def test_participants_of_allocated_clusters_leave_together_so_that_there_are_no_limits() -> None:
    protocol, data = made()
    clustered = replace(
        protocol, clusters=Clusters(label="Practice", plural="Practices", randomised=True)
    )
    found = on(clustered, data)
    stats = {row.stat_name for row in found.rows if row.arm == "A1 - A0"}
    assert stats == {Stat.ESTIMATE}
