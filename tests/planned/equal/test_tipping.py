"""A planned tipping point of the antidepressant trial is the direct call on frames read from its file."""

import json
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT
from tests.planned.equal.antidepressant_trial import (
    ARMS,
    DATA,
    VISITS,
    analysis,
    write_antidepressant,
)
from trialkit.analysis.imputation.deltas import imputation_deltas
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.tipping import TippedConclusion, TippingGrid, tipping_point
from trialkit.datasets.building import build_datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.results.deltas import delta_term
from trialkit.results.results import Result, Results
from trialkit.results.series import SeriesKind
from trialkit.results.vocabulary import Stat
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

ONE_WAY = 'arm = "TRAIN"\ndeltas = { first = -5, last = 5, step = 5 }'
TWO_WAY = f"{ONE_WAY}\nother_deltas = {{ first = -3, last = 3, step = 3 }}"
JUMP = 'strategy = "jump-to-reference"'
PLANS = {"at random": ONE_WAY, "jump": f"{ONE_WAY}\n{JUMP}", "both": f"{TWO_WAY}\n{JUMP}"}
DELTAS, OTHERS = (-5.0, 0.0, 5.0), (-3.0, 0.0, 3.0)
STATS = {
    Stat.ESTIMATE: "estimate",
    Stat.SE: "se",
    Stat.P_VALUE: "p_value",
    Stat.CONF_LOW: "conf_low",
    Stat.CONF_HIGH: "conf_high",
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    written = "".join(
        analysis(f"s{n}", each).replace("multiple_imputation", "tipping_point")
        for n, each in enumerate(PLANS.values())
    )
    folder = write_antidepressant(tmp_path_factory.mktemp("trial") / "t", written)
    _with_important_difference(folder)
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=None)
    return carry_out(protocol, build_datasets(snapshot, schemas, protocol))


def _with_important_difference(folder: Path) -> None:
    path = folder / "protocol.toml"
    text = path.read_text("utf-8")
    assert text.count('code = "pain"') == 1
    path.write_text(
        text.replace('code = "pain"', 'code = "pain"\nimportant_difference = 2'), "utf-8"
    )


def directly(name: str) -> TippingGrid:
    """The grid by the estimator's own call; who leaves is told from the file."""
    data = pd.read_csv(DATA, dtype={"VISIT": str})
    wide = data.pivot_table(index="PATIENT", columns="VISIT", values="HAMDTL17")
    people = data.drop_duplicates("PATIENT").set_index("PATIENT")
    rows, events = [], []
    for who in wide.index:
        own = wide.loc[who]
        seen = [place for place, visit in enumerate(VISITS) if pd.notna(own[visit])]
        last = max(seen, default=-1)
        if last + 1 < len(VISITS):
            strategy = "missing-at-random" if name == "at random" else "jump-to-reference"
            events.append((who, list(VISITS)[last + 1], strategy))
        rows += [
            (who, ARMS[people.loc[who, "THERAPY"]], visit, own[visit], people.loc[who, "BASVAL"])
            for visit in VISITS
        ]
    frame = pd.DataFrame(rows, columns=["who", "arm", "visit", "value", "base"])
    frame["visit"] = pd.Categorical(frame["visit"], categories=list(VISITS), ordered=True)
    model = imputation_model(
        frame, outcome="value", subject="who", visit="visit", arm="arm", reference="CARE",
        covariates_by_visit=["base"],
        events=pd.DataFrame(events, columns=["who", "visit", "strategy"]),
    )  # fmt: skip
    imputations = impute(imputation_draws(model))
    unit = imputation_deltas(imputations)
    unit["delta"] = (unit["is_missing"] & unit["is_post_event"]).astype(float)
    return tipping_point(
        imputations, ImputedAncova(covariates=["base"], visits=["7"]), arm="TRAIN", deltas=DELTAS,
        other="CARE" if name == "both" else None, other_deltas=OTHERS if name == "both" else (0.0,),
        unit=unit, important=-2.0,
    )  # fmt: skip


def stated(results: Results, name: str) -> dict[tuple[str, Stat], Result]:
    number = list(PLANS).index(name)
    return {
        (row.term, row.stat_name): row
        for row in results.rows
        if row.analysis_id == f"s{number}" and row.visit == "V4" and not row.arm
    }


@pytest.mark.parametrize("name", PLANS)
def test_every_point_is_the_direct_call(name: str, results: Results) -> None:
    found, grid = stated(results, name), directly(name)
    points = list(product(DELTAS, OTHERS if name == "both" else (0.0,)))
    table = grid.to_frame()
    assert len(table) == len(points)
    for (delta, other), (_, row) in zip(points, table.iterrows(), strict=True):
        term = delta_term("TRAIN - CARE", delta, other if name == "both" else None)
        for stat, column in STATS.items():
            assert found[term, stat].stat == pytest.approx(row[column], rel=1e-9, abs=1e-12)
        assert found[term, Stat.CONF_LEVEL].stat == 0.95
    assert sum(stat is Stat.ESTIMATE for _, stat in found) == len(points)


@pytest.mark.parametrize("name", PLANS)
def test_it_tips_where_the_direct_call_does(name: str, results: Results) -> None:
    found, grid = stated(results, name), directly(name)
    for stat, conclusion in (
        (Stat.TIPPING_DELTA, TippedConclusion.SIGNIFICANCE),
        (Stat.IMPORTANCE_DELTA, TippedConclusion.IMPORTANCE),
    ):
        row, expected = found["TRAIN - CARE", stat], grid.tipping_point(conclusion)
        if expected is None:
            assert (row.stat, row.note) == (None, "no delta of the grid changes it")
        else:
            assert row.stat == pytest.approx(expected, abs=1e-8)
    number = list(PLANS).index(name)
    (series,) = (
        each
        for each in results.series
        if each.analysis_id == f"s{number}" and each.kind is SeriesKind.TIPPING_CONTOURS
    )
    drawn = [(point.label, point.x, point.y) for point in series.points]
    crossed = [(each.conclusion.value, each.delta, each.delta_other) for each in grid.crossings]
    assert [each[0] for each in drawn] == [each[0] for each in crossed]
    for one, other in zip(drawn, crossed, strict=True):
        assert one[1:] == pytest.approx(other[1:], abs=1e-8)


def test_five_added_after_a_jump_to_reference_is_what_rbmi_says(results: Results) -> None:
    path = ROOT / "tests" / "reference" / "imputation" / "rbmi_antidepressant.json"
    read = json.loads(path.read_text("utf-8"))["conditional_mean_jackknife"]
    found = stated(results, "jump")
    for delta, name in (
        (0, "jump-to-reference"),
        (5, "jump-to-reference and 5 added to the missing values of DRUG"),
    ):
        term = delta_term("TRAIN - CARE", delta)
        # rbmi's effects are of placebo less drug
        estimate, se = -read[name]["estimate"], read[name]["se"]
        assert found[term, Stat.ESTIMATE].stat == pytest.approx(estimate, rel=1e-4)
        assert found[term, Stat.SE].stat == pytest.approx(se, rel=1e-4)


def test_a_tipping_point_is_of_no_family(results: Results) -> None:
    own = [row for row in results.rows if row.method == "tipping_point"]
    assert own
    assert {row.family for row in own} == {""}
    assert not [row for row in own if row.stat_name is Stat.P_ADJUSTED]
