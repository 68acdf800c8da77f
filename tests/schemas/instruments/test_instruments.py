"""Instruments: published keys, one formula by two routes, and forms that a trial accepts.

Vectors are reckoned by hand from the keys that ``docs/instruments.md`` cites.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pytest

from trialkit.checks.forms.self_test import try_forms
from trialkit.errors import DatasetError, ProtocolError
from trialkit.newtrial.writing import write_new_trial
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.instruments import (
    INSTRUMENTS,
    Counted,
    ScoreDirection,
    form_text,
    hamstring_strength,
    instrument,
    odi,
    outcome_text,
    psfs,
    score,
    sit_and_reach,
    y_balance,
)
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.loading import form_schemas
from trialkit.schemas.rules.expression import condition
from trialkit.schemas.rules.names import Scope

QUESTIONNAIRES = [
    "nrs_pain", "odi", "rmdq", "qbpds", "psfs", "tsk_17", "tsk_11", "pcs", "fabq", "rand_36",
    "eq_5d_5l", "pgic",
]  # fmt: skip
each_instrument = pytest.mark.parametrize("id_", sorted(INSTRUMENTS))
each_questionnaire = pytest.mark.parametrize("id_", QUESTIONNAIRES)


def ends(asked):
    """The least and the greatest number that an item can be."""
    if asked.type is ItemType.YES_NO:
        return 0, 1
    if asked.choices:
        return int(asked.choices[0].code), int(asked.choices[-1].code)
    return asked.low, asked.high


def read_items(what):
    return [
        what.item(item)
        for item in dict.fromkeys(item for each in what.scores for item in each.formula.items)
    ]


def filled(what, fill):
    """One row of answers, each item given by ``fill(asked)``."""
    return pd.DataFrame({each.id: [fill(each)] for each in read_items(what)}, dtype=float)


def scored(what, frame):
    return score(what, frame).scores.iloc[0].to_dict()


def test_all_that_the_field_asks_for_is_there():
    assert set(INSTRUMENTS) == {
        *QUESTIONNAIRES, "vas_pain", "y_balance", "biering_sorensen", "trunk_strength",
        "hamstring_strength", "sit_and_reach", "togu_balance", "muscle_thickness", "muscle_area",
        "session_log", "sae",
    }  # fmt: skip


@each_questionnaire
def test_the_ends_of_the_answers_give_the_ends_of_the_scores(id_):
    what = instrument(id_)
    lowest, highest = (
        scored(
            what,
            filled(what, lambda each, end=end: 1 if each.id == "rmdq_given" else ends(each)[end]),
        )
        for end in (0, 1)
    )
    for each in what.scores:
        expected = REVERSED_INSIDE.get(each.id, (each.low, each.high))
        assert (lowest[each.id], highest[each.id]) == expected


REVERSED_INSIDE = {
    # answer 1 is the best of "much improved", 7 the worst
    "pgic_responder": (1, 0),
    "rand_pain": (100, 0),
    # all answers 1: 13 × 1 + 4 × 4; all 4: 13 × 4 + 4 × 1
    "tsk_score": (29.0, 56.0),
    # items 20 (1 is best) and 32 (5 is best)
    "rand_social": (50.0, 50.0),
    # 23, 27 (1 is best), 29, 31 (6 is best)
    "rand_energy": (50.0, 50.0),
    # 24, 25, 28 (6 is best), 26, 30 (1 is best)
    "rand_emotional": (40.0, 60.0),
    # 1, 34, 36 (1 is best), 33, 35 (5 is best)
    "rand_general_health": (60.0, 40.0),
}


@pytest.mark.parametrize(
    ("id_", "score_id", "answers", "expected"),
    [
        ("odi", "odi_score", dict.fromkeys((f"odi_{n}" for n in range(1, 11)), 2), 40.0),
        # the published example: 16 points of the 45 that nine answers could give
        ("odi", "odi_score", {"odi_1": 0, **{f"odi_{n}": 2 for n in range(2, 10)}}, 16 / 45 * 100),
        ("tsk_17", "tsk_score", {f"tsk_{n}": 1 + 3 * (n in (4, 8, 12, 16)) for n in range(1, 18)}, 17),
        ("tsk_17", "tsk_score", {f"tsk_{n}": 4 - 3 * (n in (4, 8, 12, 16)) for n in range(1, 18)}, 68),
        ("tsk_11", "tsk_11_score", {f"tsk_{n}": n % 4 + 1 for n in range(1, 18)}, 33),
        ("pcs", "pcs_rumination", {f"pcs_{n}": n % 5 for n in range(1, 14)}, 3 + 4 + 0 + 1),
        ("pcs", "pcs_magnification", {f"pcs_{n}": n % 5 for n in range(1, 14)}, 1 + 2 + 3),
        ("pcs", "pcs_helplessness", {f"pcs_{n}": n % 5 for n in range(1, 14)}, 1 + 2 + 3 + 4 + 0 + 2),
        ("fabq", "fabq_activity", {f"fabq_{n}": n % 7 for n in range(1, 17)}, 2 + 3 + 4 + 5),
        ("fabq", "fabq_work", {f"fabq_{n}": n % 7 for n in range(1, 17)}, 6 + 0 + 2 + 3 + 4 + 5 + 1),
        ("qbpds", "qbpds_score", {f"qbpds_{n}": n % 6 for n in range(1, 21)}, 48),
        # 4, 3 and 3 on items 23, 27 and 29, item 31 blank: (40 + 60 + 40) / 3
        ("rand_36", "rand_energy", {"rand_23": 4, "rand_27": 3, "rand_29": 3}, 140 / 3),
        ("rand_36", "rand_physical_functioning", {f"rand_{n}": 2 for n in range(3, 13)}, 50),
        ("rand_36", "rand_pain", {"rand_21": 6, "rand_22": 1}, 50),
        ("rand_36", "rand_role_physical", {f"rand_{n}": 1 + (n == 13) for n in range(13, 17)}, 25),
        ("eq_5d_5l", "eq5d_state", {f"eq5d_{n}": n for n in range(1, 6)}, 12345),
        ("pgic", "pgic_responder", {"pgic_answer": 2}, 1),
        ("pgic", "pgic_responder", {"pgic_answer": 3}, 0),
        ("biering_sorensen", "bs_stopped", {"bs_s": 240}, 1),
        ("biering_sorensen", "bs_stopped", {"bs_s": 239.9}, 0),
        ("sit_and_reach", "sr_beyond_toes", {"sr_offset_cm": 23, "sr_1": 20, "sr_2": 21.5}, -1.5),
        ("togu_balance", "togu_score", {"togu_1": 3.2, "togu_2": 2.9}, 2.9),
        (
            "muscle_thickness",
            "thickening_left",
            {"thickness_rest_left": 20, "thickness_contracted_left": 25},
            25,
        ),
        ("muscle_area", "area_difference", {"area_left": 11, "area_right": 9}, 20),
        ("trunk_strength", "trunk_ratio", {"trunk_flexion_1": 300, "trunk_extension_2": 400}, 0.75),
        (
            "hamstring_strength",
            "ham_left_per_kg",
            {"body_mass_kg": 80, "ham_left_1": 96, "ham_left_2": 100},
            1.25,
        ),
        ("session_log", "dose_completed", {"sets_prescribed": 12, "sets_completed": 9}, 75),
        ("session_log", "session_load", {"effort": 5, "minutes": 45}, 225),
    ],
)  # fmt: skip
def test_published_keys_by_hand(id_, score_id, answers, expected):
    what = instrument(id_)
    found = scored(what, filled(what, lambda each: answers.get(each.id, np.nan)))
    assert found[score_id] == pytest.approx(expected, rel=1e-12)


def test_the_published_y_balance_composite():
    # a published example: 68, 96 and 94 cm with a leg of 90 cm
    what = y_balance(count=1)
    values = {
        "yb_limb_left": 90, "yb_anterior_left_1": 68, "yb_posteromedial_left_1": 96,
        "yb_posterolateral_left_1": 94,
    }  # fmt: skip
    found = scored(what, filled(what, lambda each: values.get(each.id, np.nan)))
    assert found["yb_composite_left"] == pytest.approx(95.5556, abs=5e-5)
    assert pd.isna(found["yb_composite_right"])


def test_what_counts_of_several_trials_is_a_choice():
    values = {"sr_offset_cm": 0, "sr_1": 4, "sr_2": 7}
    for of, expected in ((Counted.HIGHEST, 7), (Counted.LOWEST, 4), (Counted.MEAN, 5.5)):
        what = sit_and_reach(of=of)
        found = scored(what, filled(what, lambda each: values[each.id]))
        assert found["sr_beyond_toes"] == expected
    what = hamstring_strength(count=2, of=Counted.MEAN)
    one_trial = {"ham_left_1": 90, "ham_right_1": 80, "ham_right_2": 90}
    found = scored(what, filled(what, lambda each: one_trial.get(each.id, np.nan)))
    assert pd.isna(found["ham_left_peak"])
    assert found["ham_right_peak"] == 85


@each_instrument
def test_moving_one_item_moves_what_is_made_of_it_and_nothing_else(id_):
    what = instrument(id_)
    if not what.scores:  # a record, of which nothing is made
        assert id_ == "sae"
        return
    middle = filled(what, _inside)
    before = scored(what, middle)
    for asked in read_items(what):
        low, high = ends(asked)
        value = middle[asked.id].iloc[0]
        low, high = (value / 2 if low is None else low), (value * 2 if high is None else high)
        moved = scored(what, middle.assign(**{asked.id: float(high if value != high else low)}))
        for each in what.scores:
            if asked.id not in each.formula.items:
                assert moved[each.id] == before[each.id]
        reads = [each for each in what.scores if asked.id in each.formula.items]
        assert any(moved[each.id] != before[each.id] for each in reads) or _may_hide(asked.id)


def _inside(asked):
    low, high = ends(asked)
    if asked.type is ItemType.YES_NO:
        return 1
    low = 0 if low is None else low
    high = low + 10 if high is None else high
    return low + (high - low) // 2 if asked.type is ItemType.INTEGER else low + (high - low) / 3


def _may_hide(item):
    """Of several equal trials one may go down without the best of them changing."""
    return item[-1].isdigit() and item.startswith(("yb_", "ham_", "trunk_", "sr_", "togu_"))


@each_instrument
def test_all_missing_gives_no_score(id_):
    what = instrument(id_)
    found = score(what, filled(what, lambda each: np.nan))
    assert found.scores.isna().all(axis=None)
    assert (found.answered == 0).all(axis=None)


COMPLETE_ONLY = {
    "qbpds_score", "psfs_score", "tsk_score", "tsk_11_score", "pcs_score", "pcs_rumination",
    "pcs_magnification", "pcs_helplessness", "fabq_activity", "fabq_work", "eq5d_state",
}  # fmt: skip


@each_questionnaire
def test_one_missing_answer_does_what_the_missing_rule_says(id_):
    what = instrument(id_)
    whole = filled(what, _inside)
    for each in what.scores:
        for item in each.formula.items:
            found = score(what, whole.assign(**{item: np.nan}))
            value = found.scores[each.id].iloc[0]
            assert found.answered[each.id].iloc[0] == len(each.formula.items) - 1
            if each.id in COMPLETE_ONLY or len(each.formula.items) == 1 or item == "rmdq_given":
                assert pd.isna(value)
            else:
                assert each.low <= value <= each.high


def test_the_index_of_oswestry_needs_its_declared_number_of_answers():
    two_missing = {f"odi_{n}": 2 for n in range(1, 9)}
    for least, expected in ((9, None), (8, 40.0)):
        what = odi(minimum_answered=least)
        found = scored(what, filled(what, lambda each: two_missing.get(each.id, np.nan)))
        value = found["odi_score"]
        assert pd.isna(value) if expected is None else value == pytest.approx(expected)


def test_a_blank_sheet_of_roland_and_morris_is_no_score_of_zero():
    what = instrument("rmdq")
    blank = filled(what, lambda each: np.nan)
    assert pd.isna(scored(what, blank)["rmdq_score"])
    handed_in = blank.assign(rmdq_given=1.0)
    assert scored(what, handed_in)["rmdq_score"] == 0
    assert scored(what, handed_in.assign(rmdq_3=1.0, rmdq_9=1.0))["rmdq_score"] == 2


@each_instrument
def test_answers_that_cannot_be_are_refused_by_name(id_):
    what = instrument(id_)
    good = filled(what, _inside)
    for asked in read_items(what):
        low, high = ends(asked)
        wrong = [
            value
            for value in (None if low is None else low - 1, None if high is None else high + 1)
            if value is not None
        ]
        for value in wrong:
            with pytest.raises(DatasetError, match=rf"'{asked.id}' holds 1 answer"):
                score(what, good.assign(**{asked.id: float(value)}))
        if asked.type in {ItemType.INTEGER, ItemType.CHOICE}:
            with pytest.raises(DatasetError, match="whole numbers"):
                score(what, good.assign(**{asked.id: low + 0.5}))
        with pytest.raises(DatasetError, match="cannot have"):
            score(what, good.assign(**{asked.id: np.inf}))


def test_columns_may_have_other_names_and_wrong_ones_are_explained():
    frame = pd.DataFrame({"Q1": [3, None]}, index=["S1", "S2"])
    what = instrument("nrs_pain")
    found = score(what, frame, columns={"nrs": "Q1"})
    assert found.scores["nrs_pain"].to_list() == [3.0, pd.NA]
    assert list(found.scores.index) == ["S1", "S2"]
    assert list(found.to_frame().columns) == ["nrs_pain", "nrs_pain_answered"]
    with pytest.raises(DatasetError, match="needs a column 'nrs'"):
        score(what, frame)
    with pytest.raises(DatasetError, match="did you mean 'nrs'"):
        score(what, frame, columns={"nrx": "Q1"})
    with pytest.raises(DatasetError, match="must be numbers"):
        score(what, pd.DataFrame({"nrs": ["3", "x"]}))
    with pytest.raises(ProtocolError, match="did you mean 'odi'"):
        instrument("od")


def test_booleans_and_nullable_numbers_are_answers():
    what = instrument("rmdq")
    frame = pd.DataFrame({each.id: pd.array([True, None], "boolean") for each in read_items(what)})
    assert score(what, frame).scores["rmdq_score"].to_list() == [24.0, pd.NA]


@pytest.fixture(scope="module")
def schemas(tmp_path_factory):
    """The forms of every instrument, in a trial that accepts them."""
    folder = tmp_path_factory.mktemp("trials") / "trial"
    write_new_trial(folder)
    for what in INSTRUMENTS.values():
        visits = () if what.repeating else ("BL", "W6")
        (folder / "forms" / f"{what.id}.toml").write_text(
            form_text(what, visits=visits), encoding="utf-8"
        )
    return form_schemas(folder, load_protocol(folder))


def _table(what, items, frame):
    """The columns that rules read, for answers in ``frame``."""
    columns = {}
    for item in items:
        asked = what.item(item)
        cells = [None if np.isnan(cell) else cell for cell in frame[item].astype(float)]
        if asked.type is ItemType.YES_NO:
            made = pl.Series(
                [None if cell is None else bool(cell) for cell in cells], dtype=pl.Boolean
            )
        elif asked.choices:
            made = pl.Series(
                [None if cell is None else str(int(cell)) for cell in cells], dtype=pl.String
            )
        else:
            made = pl.Series(cells, dtype=pl.Float64)
        columns |= _column(f"{what.id}.{item}", made)
    return columns


def _column(cell, values):
    return {
        cell: values,
        f"{cell}__missing": pl.Series([None] * len(values), dtype=pl.String),
        f"{cell}__wrong": pl.Series([False] * len(values)),
    }


@each_instrument
def test_the_rules_reckon_what_the_notebook_reckons(schemas, id_):
    what = instrument(id_)
    expected = Item(id="expected_value", label="Expected", type=ItemType.DECIMAL)
    form = schemas.form(id_)
    form = replace(form, items=(*form.items, expected))
    scope = Scope(form=form, forms={id_: form}, missing_codes=("ND",))
    rng = np.random.default_rng(len(id_))
    absent = np.repeat([0.0, 0.1, 0.5], 8)
    frame = pd.DataFrame(
        {
            asked.id: np.where(rng.random(24) < absent, np.nan, _random(rng, asked))
            for asked in read_items(what)
        }
    )
    for each in what.scores:
        values = each.formula.values({name: frame[name].to_numpy(float) for name in frame})
        assert not np.isnan(values).all()
        known = pl.Series(
            [None if np.isnan(value) else value for value in values], dtype=pl.Float64
        )
        table = pl.DataFrame(
            _table(what, each.formula.items, frame) | _column(f"{id_}.expected_value", known)
        )
        text = each.formula.expression
        unknown = condition(f"({text}) IS NULL", scope).judged(table)
        assert unknown.to_list() == np.isnan(values).tolist()
        close = f"ABS(({text}) - expected_value) <= 1e-9 * (1 + ABS(expected_value))"
        same = condition(close, scope).judged(table)
        assert same.to_list() == [None if np.isnan(value) else True for value in values]


def _random(rng, asked):
    low, high = ends(asked)
    low, high = (0 if low is None else low), (50 if high is None else high)
    if asked.type in {ItemType.INTEGER, ItemType.CHOICE, ItemType.YES_NO}:
        return rng.integers(int(low), int(high) + 1, 24)
    return np.round(rng.uniform(low, high, 24), 1)


@each_instrument
def test_a_form_of_it_is_accepted_and_reckons_its_scores(schemas, id_):
    what, form = instrument(id_), schemas.form(id_)
    by_id = {item.id: item for item in form.items}
    for asked in what.items:
        assert by_id[asked.id].label == asked.label
    for each in what.scores:
        if each.formula.is_answer:
            assert each.formula.items[0] in by_id
        else:
            assert by_id[each.id].type is ItemType.CALCULATED
            assert by_id[each.id].calculation == each.formula.expression


@pytest.fixture(scope="module")
def tried(schemas):
    return {each.form.id: each for each in try_forms(schemas)}


@each_instrument
def test_a_blank_sheet_is_asked_about_and_a_filled_one_is_not(tried, id_):
    found = tried[id_]
    demanding = [rule.id for rule in found.form.rules if "_SCORE" in rule.id]
    # what is asked in required items, or in a log, needs no such rule
    assert bool(demanding) == (id_ not in {"vas_pain", "nrs_pain", "pgic", "session_log", "sae"})
    assert [(each.test.name, each.broken) for each in found.tried if not each.passed] == []
    assert not set(demanding) & {*found.never_broken, *found.never_kept}


@each_instrument
def test_what_is_not_known_is_said(id_):
    what = instrument(id_)
    assert what.reference
    assert what.rights
    for each in what.scores:
        for threshold in each.thresholds:
            assert threshold.source
            assert threshold.value is not None or threshold.percent is not None
        assert each.missing_rule
    if id_ in {"togu_balance", "muscle_thickness", "muscle_area"}:
        assert not any(each.thresholds for each in what.scores)
        assert any("no threshold of change" in note or "was found" in note for note in what.notes)


def test_an_outcome_is_offered_with_what_is_known_of_it():
    text = outcome_text(instrument("odi"), instrument("odi").score("odi_score"))
    assert 'item = "odi_score"' in text
    assert 'direction = "lower"' in text
    assert "minimal_important_change = 10" in text
    vas = outcome_text(instrument("vas_pain"), instrument("vas_pain").score("vas_pain"))
    assert 'item = "vas_mm"' in vas
    togu = outcome_text(instrument("togu_balance"), instrument("togu_balance").score("togu_score"))
    assert "your assumption" in togu
    assert instrument("togu_balance").score("togu_score").direction is ScoreDirection.UNKNOWN


def test_a_patient_names_from_three_to_five_activities():
    what = psfs(activities=5)
    ratings = {f"psfs_{n}": n for n in range(1, 6)}
    assert scored(what, filled(what, lambda each: ratings[each.id]))["psfs_score"] == 3
    assert all(asked.identifier for asked in what.items if asked.id.startswith("psfs_activity"))
    with pytest.raises(DatasetError, match="3 to 5"):
        psfs(activities=2)
