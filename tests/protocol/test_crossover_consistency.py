"""What a crossover trial says against itself is complained of, whatever its tables hold."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.report.crossover_trial import WILLIAMS, write_crossover
from trialkit.errors import ProtocolError
from trialkit.protocol.crossover_consistency import complain_of_crossover
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.tables.definitions import Complaints

Raw = dict[str, Any]
TRIAL: Raw = {
    "arms": [
        {"code": "AB", "label": "A, B", "treatments": ["A", "B"]},
        {"code": "BA", "label": "B, A", "treatments": ["B", "A"]},
    ],
    "treatments": [
        {"code": "A", "label": "Heat", "reference": True},
        {"code": "B", "label": "Cold"},
    ],
    "visits": [{"code": each} for each in ("V0", "V1", "V2", "V3")],
    "periods": [
        {"code": "P1", "visits": ["V0", "V1"], "baseline": "V0", "time_point": "V1"},
        {
            "code": "P2", "visits": ["V2", "V3"], "baseline": "V2", "time_point": "V3",
            "washout_days": 14,
        },
    ],
    "outcomes": [{"code": "pain", "type": "continuous", "time_point": "V3"}],
    "analyses": [{"id": "main", "method": "crossover_difference", "outcomes": ["pain"]}],
}  # fmt: skip


def complained(change: Callable[[Raw], object] = lambda _: None) -> list[tuple[str, str, str]]:
    raw = deepcopy(TRIAL)
    change(raw)
    complaints = Complaints("protocol.toml")
    complain_of_crossover(raw, complaints)
    return [(each.table, each.key, each.found) for each in complaints.all()]


def test_a_right_trial_has_no_complaint(tmp_path: Path) -> None:
    assert complained() == []
    protocol = load_protocol(write_crossover(tmp_path / "trial"))
    assert protocol.is_crossover
    assert protocol.arm_codes == ("AB", "BA")
    assert [each.code for each in protocol.treatments] == ["A", "B"]
    assert protocol.periods[1].washout_days == 28


def put(*path: str | int, value: object) -> Callable[[Raw], object]:
    """The value somewhere in the raw tables."""

    def change(raw: Raw) -> None:
        at: Any = raw
        for each in path[:-1]:
            at = at[each]
        at[path[-1]] = value

    return change


WRONG: dict[str, tuple[Callable[[Raw], object], str, str, str]] = {
    "too few treatments": (
        put("arms", 0, "treatments", value=["A"]), "arms 'AB'", "treatments", "1 for 2 periods",
    ),
    "an unknown treatment": (
        put("arms", 0, "treatments", value=["A", "X"]), "arms 'AB'", "treatments", "'X'",
    ),
    "sequences alike": (
        put("arms", 1, "treatments", value=["A", "B"]), "arms 'BA'", "treatments",
        "the same as of the arm 'AB'",
    ),
    "a reference among sequences": (
        put("arms", 0, "reference", value=True), "arms 'AB'", "reference", "reference of a sequence",
    ),
    "an intervention of a sequence": (
        put("arms", 0, "intervention", value={"name": "x"}), "arms 'AB'", "intervention",
        "intervention of a sequence",
    ),
    "no reference": (
        put("treatments", 0, "reference", value=False), "treatments", "reference",
        "0 treatments with reference = true",
    ),
    "one code for two things": (
        put("treatments", 1, "code", value="AB"), "treatments 'AB'", "code",
        "'AB', which is the code of an arm, too",
    ),
    "a treatment that nobody gets": (
        put("treatments", value=[*TRIAL["treatments"], {"code": "C"}]), "treatments 'C'", "code",
        "'C', which no arm has among its treatments",
    ),
    "a visit of two periods": (
        put("periods", 1, "visits", value=["V1", "V2", "V3"]), "periods 'P2'", "visits",
        "'V1', a visit of the period 'P1'",
    ),
    "a time point elsewhere": (
        put("periods", 1, "time_point", value="V1"), "periods 'P2'", "time_point", "'V1'",
    ),
    "a baseline after the time point": (
        put("periods", 1, "baseline", value="V3"), "periods 'P2'", "baseline",
        "'V3', not before the time point 'V3'",
    ),
    "a washout before everything": (
        put("periods", 0, "washout_days", value=7), "periods 'P1'", "washout_days",
        "washout_days of the first period",
    ),
    "no washout said": (
        put("periods", 1, "washout_days", value=None), "periods 'P2'", "washout_days", "nothing",
    ),
    "an analysis of sequences": (
        put("analyses", 0, "method", value="ancova"), "analyses 'main'", "method",
        "'ancova' in a crossover trial",
    ),
    "a time point of the first period": (
        put("outcomes", 0, "time_point", value="V1"), "analyses 'main'", "outcomes",
        "'pain', whose time point is 'V1'",
    ),
    "clusters": (put("clusters", value={}), "clusters", "", "clusters in a crossover trial"),
    "no periods": (
        put("periods", value=[]), "periods", "",
        "nothing, beside [[treatments]] and treatments of [[arms]]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_contradiction_is_told_with_its_place(name: str) -> None:
    change, table, key, found = WRONG[name]
    assert (table, key, found) in complained(change)


def test_periods_out_of_order_are_told() -> None:
    def swapped(raw: Raw) -> None:
        raw["periods"].reverse()
        raw["periods"][0].pop("washout_days")
        raw["periods"][1]["washout_days"] = 14

    assert ("periods 'P1'", "visits", "V0, V1") in complained(swapped)


def test_a_change_needs_the_baseline_of_every_period() -> None:
    def without(raw: Raw) -> None:
        raw["periods"][1].pop("baseline")
        raw["analyses"][0]["response"] = "change"

    assert [each[1:] for each in complained(without)] == [
        ("response", "the baseline of each period, and none of P2")
    ]


def test_two_periods_have_no_carry_over_beside_the_sequence() -> None:
    def modelled(raw: Raw) -> None:
        raw["analyses"] = [{"id": "m", "method": "crossover_model", "carry_over": True}]

    def alone(raw: Raw) -> None:
        modelled(raw)
        raw["analyses"][0]["sequence"] = False

    assert [each[:2] for each in complained(modelled)] == [("analyses 'm'", "carry_over")]
    assert complained(alone) == []


def test_a_method_of_periods_needs_a_crossover_trial() -> None:
    raw = {"arms": [{"code": "A"}], "analyses": TRIAL["analyses"]}
    complaints = Complaints("protocol.toml")
    complain_of_crossover(raw, complaints)
    assert [each.found for each in complaints.all()] == [
        "'crossover_difference', and no [[periods]]"
    ]


def test_a_closed_form_of_three_treatments_is_refused(tmp_path: Path) -> None:
    folder = write_crossover(tmp_path / "trial", crossing=WILLIAMS, more="")
    with pytest.raises(ProtocolError) as told:
        load_protocol(folder)
    assert "'crossover_difference', and 6 sequences of 3 treatments in 3 periods" in str(told.value)


@pytest.mark.parametrize(
    "name", ["arms", "treatments", "periods", "analyses", "outcomes", "visits"]
)
@pytest.mark.parametrize("value", ["x", 3, None, [None], [{"code": 3, "treatments": {"a": [1]}}]])
def test_nothing_breaks_whatever_a_table_holds(name: str, value: object) -> None:
    complained(put(name, value=value))


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("washout_days = 28", "washout_days = 0", "washout_days must be from 1 to 36500, got 0"),
        (
            "washout_days = 28",
            'washout_days = 28\nno_washout = "short"',
            "a period has washout_days, or no_washout with the reason",
        ),
        ('"V2", "V3"', '"V2", "V9"', "'V9'"),
    ],
)
def test_a_period_that_cannot_be_is_refused(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    folder = write_crossover(tmp_path / "trial", edit=lambda text: text.replace(right, wrong))
    with pytest.raises(ProtocolError) as found:
        load_protocol(folder)
    assert told in str(found.value)
