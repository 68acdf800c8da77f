"""Any two labels of one table that look alike are refused, with both codes."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.protocol.label_consistency import complain_of_labels
from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.tables.labels import EXPECTED

NOUNS = ("sites", "arms", "visits", "outcomes", "populations", "families")
DISGUISES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "capitals": str.upper,
    "space around": lambda label: f" {label}\t",
    "space within": lambda label: label.replace(" ", "  "),
    "no-break space": lambda label: label.replace(" ", "\N{NO-BREAK SPACE}"),
}


def said_of(raw: dict[str, object]) -> list[tuple[str, str, str]]:
    complaints = Complaints("protocol.toml")
    complain_of_labels(raw, complaints)
    assert all(each.expected == EXPECTED for each in complaints.all())
    return [(each.table, each.key, each.found) for each in complaints.all()]


@given(
    noun=st.sampled_from(NOUNS),
    disguise=st.sampled_from(list(DISGUISES)),
    places=st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda each: each[0] < each[1]),
)
def test_any_label_doubled_is_refused_with_both_codes(
    noun: str, disguise: str, places: tuple[int, int]
) -> None:
    tables = [{"code": f"C{n}", "label": f"The label {n}"} for n in range(4)]
    raw: dict[str, object] = {each: [dict(row) for row in tables] for each in NOUNS}
    assert said_of(raw) == []
    first, second = places
    copied = DISGUISES[disguise](f"The label {first}")
    tables[second]["label"] = copied
    assert said_of(raw | {noun: tables}) == [
        (noun, "label", f"{copied!r} of 'C{second}', the label of 'C{first}', too")
    ]


def test_a_characteristic_has_the_name_of_its_item_where_it_has_no_label() -> None:
    rows = [
        {"form": "a", "item": "age"},
        {"form": "b", "item": "age", "label": "Age at entry"},
        {"form": "c", "item": "x", "label": "Age"},
    ]
    assert said_of({"characteristics": rows}) == [
        ("characteristics", "label", "'Age' of 'c.x', the label of 'a.age', too")
    ]
    assert said_of({"characteristics": rows[:2]}) == []


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ([{"code": "MOV", "label": "moved"}], []),
        ([{"code": "NA", "label": "Refused "}], ["'Refused ' of 'NA', the label of 'REF', too"]),
        ([{"code": "REF", "label": "Refused"}], []),
    ],
)
def test_a_reason_has_one_code(own: list[dict[str, str]], found: list[str]) -> None:
    expected = [("data.missing_codes", "label", each) for each in found]
    assert said_of({"data": {"missing_codes": own}}) == expected


def test_rows_of_the_report_are_told_apart_as_they_are_printed() -> None:
    raw: dict[str, object] = {
        "outcomes": [{"code": "vas", "label": "Pain"}, {"code": "odi", "label": "Disability"}],
        "characteristics": [{"form": "d", "item": "age"}],
    }
    rows = [{"table": "outcomes", "of": "odi", "label": "pain"}]
    expected = [("report.rows", "label", "'pain' of 'odi', the label of 'vas', too")]
    assert said_of(raw | {"report": {"rows": rows}}) == expected
    rows.append({"table": "outcomes", "of": "vas", "label": "Pain at rest"})
    assert said_of(raw | {"report": {"rows": rows}}) == []
    elsewhere = [{"table": "baseline", "of": "d.age", "label": "Pain"}, {"table": "outcomes"}]
    assert said_of(raw | {"report": {"rows": elsewhere}}) == []
