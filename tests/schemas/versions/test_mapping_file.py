"""A mapping says of every change what earlier answers become, or it is refused with what is wrong."""

from pathlib import Path

import pytest

from trialkit.errors import ProtocolError
from trialkit.schemas.versions.definition_change import ChangeWeight, DefinitionChange
from trialkit.schemas.versions.mapping import AcceptedChange, DataMapping, left_open
from trialkit.schemas.versions.mapping_file import read_mapping

WHOLE = """
reason = "the second version of the forms"
moved = [{ form = "pain", item = "vas", to = "vas_mm", factor = 10 }]
codes = [{ form = "who", item = "sex", code = "f", to = "female" }]
dropped = [{ form = "pain", item = "note" }]
accepted = [{ form = "pain", item = "walk", what = "label" }, { what = "missing_codes" }]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mapping.toml"
    path.write_text(text)
    return path


def change(
    weight: ChangeWeight, what: str, item: str, before: str, after: str = ""
) -> DefinitionChange:
    form = "who" if item == "sex" else "pain"
    return DefinitionChange(
        weight=weight,
        form=form,
        item=item,
        what=what,
        before=before,
        after=after,
        why="",
        code=before.partition(" ")[0] if what == "choices" else "",
    )


def test_what_a_mapping_says_is_read_and_said_again(tmp_path: Path) -> None:
    mapping = read_mapping(written(tmp_path, WHOLE))
    assert mapping.moved[0].factor == 10
    assert mapping.accepted[1] == AcceptedChange(what="missing_codes")
    assert mapping.said["codes"] == [{"form": "who", "item": "sex", "code": "f", "to": "female"}]
    assert mapping.said["reason"] == "the second version of the forms"


COVERED = [
    (change(ChangeWeight.SAFE, "note", "other", "a", "b"), True),
    (change(ChangeWeight.DESTRUCTIVE, "item", "vas", "Pain"), True),
    (change(ChangeWeight.DESTRUCTIVE, "item", "note", "Note"), True),
    (change(ChangeWeight.DESTRUCTIVE, "item", "other", "Other"), False),
    (change(ChangeWeight.DESTRUCTIVE, "choices", "sex", "f (Female)"), True),
    (change(ChangeWeight.DESTRUCTIVE, "choices", "sex", "m (Male)"), False),
    (change(ChangeWeight.NEEDS_MAPPING, "label", "walk", "a", "b"), True),
    (change(ChangeWeight.NEEDS_MAPPING, "unit", "walk", "m", "km"), False),
    (change(ChangeWeight.NEEDS_MAPPING, "label", "other", "a", "b"), False),
    (change(ChangeWeight.DESTRUCTIVE, "type", "walk", "integer", "date"), False),
]


@pytest.mark.parametrize(("found", "covered"), COVERED)
def test_a_change_is_covered_by_what_is_said_of_it_alone(
    found: DefinitionChange, covered: bool, tmp_path: Path
) -> None:
    mapping = read_mapping(written(tmp_path, WHOLE))
    assert list(left_open([found], mapping)) == ([] if covered else [found])
    is_safe = found.weight is ChangeWeight.SAFE
    assert list(left_open([found], None)) == ([] if is_safe else [found])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "reason is blank"),
        ('reason = " "', "reason is blank"),
        ('reason = "x"\nmove = []', "move"),
        ('reason = "x"\nmoved = [{ form = "a", item = "b", to = "b" }]', "to is the item 'b' itself"),
        ('reason = "x"\nmoved = [{ form = "a", item = "b", to = "c", factor = 0 }]', "factor is a number above 0"),
        ('reason = "x"\nmoved = [{ form = "a", item = "b", to = "c", factor = inf }]', "factor"),
        ('reason = "x"\nmoved = [{ form = "a", item = "b", to = "c" }]\ndropped = [{ form = "a", item = "b" }]', "moved or dropped twice"),
        ('reason = "x"\ncodes = [{ form = "a", item = "b", code = "c", to = "d" }, { form = "a", item = "b", code = "c", to = "e" }]', "a code of an item twice"),
        ('reason = "x"\naccepted = [{ form = "a" }]', "what"),
        ("reason = ", "is not valid TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_mapping_is_said(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match=told):
        read_mapping(written(tmp_path, text))


def test_a_mapping_needs_a_reason() -> None:
    with pytest.raises(ProtocolError, match="reason is blank"):
        DataMapping(reason="")
