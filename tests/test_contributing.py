"""What CONTRIBUTING says of the house is true of it."""

import re
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def part(heading: str) -> str:
    return PAGE.split(f"### {heading}\n")[1].split("\n### ")[0].split("\n## ")[0]


def found(name: str) -> object:
    """What ``room.module.Class.function`` names; the longest part that is a module comes first."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            place: object = import_module(".".join(["trialkit", *parts[:length]]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[length:]:
            place = getattr(place, attribute)
        return place
    raise AssertionError(name)


def test_each_hop_in_the_life_of_a_value_is_a_function() -> None:
    hops = re.findall(r"^\| (\d+) \| `([\w.]+)`", part("Life of a value"), re.MULTILINE)
    assert [int(number) for number, _ in hops] == list(range(1, len(hops) + 1))
    assert all(callable(found(name)) for _, name in hops)


def test_each_noun_of_the_map_is_a_class() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "trialkit").rglob("*.py"))
    classes = set(re.findall(r"^class (\w+)", source, re.MULTILINE))
    named = set(re.findall(r"`([A-Z][A-Za-z]+)`", part("Map of terms"))) - {
        "FormDef", "ItemDef", "StudyEventDef",
    }  # fmt: skip
    assert len(named) > 15
    assert named <= classes


def test_the_rooms_are_those_that_there_are_and_stand_in_their_order() -> None:
    from tests.test_architecture import LAYERS

    line = re.search(
        r"`(grammar, printable, limits, errors, disk, decimals, results[\w, ]+)`", PAGE
    )
    assert line
    assert tuple(line[1].split(", ")) == tuple(
        each for each in LAYERS if each in line[1].split(", ")
    )
    rooms = {each.stem for each in (ROOT / "trialkit").iterdir() if each.stem[0] not in "_."}
    assert rooms - set(line[1].split(", ")) <= {"py", "halfway", "templates"}


def test_properties_try_as_many_examples_as_the_profile_says() -> None:
    given = [
        (path.relative_to(ROOT).as_posix(), count)
        for path in (ROOT / "tests").rglob("*.py")
        for count in re.findall(r"max_examples=(\S*)", path.read_text("utf-8"))
    ]
    assert len(given) > 100
    assert [each for each in given if not each[1].startswith(("examples(", "(\\S*)"))] == []
