"""No word of any drawing leaves its canvas, covers another or is cut, whatever the trial."""

import pytest

from tests.conftest import few_at_once
from tests.report.figures.boxes import faults
from tests.report.kinds_of_trial import KINDS
from tests.report.test_kinds_of_trial import content_of_kind

WORDY = "five arms with long labels"


@pytest.mark.parametrize(
    "name", [WORDY, *few_at_once([each for each in KINDS if each not in {WORDY, "one arm"}], 2)]
)
def test_the_words_of_every_drawing_stand_whole_and_apart(name: str) -> None:
    found = {
        figure.name: complaints
        for figure in content_of_kind(name).figures
        if (complaints := list(faults(figure.svg)))
    }
    assert found == {}


def text(words: str, *, x: float, y: float, more: str = "") -> str:
    style = "font-size: 10px; font-family: 'DejaVu Sans'"
    return f'<text style="{style}{more}" x="{x}" y="{y}">{words}</text>'


def svg(*texts: str) -> str:
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">'
    return f"{head}{''.join(texts)}</svg>"


@pytest.mark.parametrize(
    ("texts", "complaint"),
    [
        ((text("Usual care", x=80, y=20),), "'Usual care' leaves the canvas"),
        ((text("Usual care", x=10, y=20, more="; text-anchor: end"),), "'Usual care' leaves the"),
        ((text("low", x=10, y=49.5),), "'low' leaves the canvas"),
        ((text("One", x=10, y=20), text("Other", x=20, y=22)), "'One' overlaps 'Other'"),
        ((text("Usual…", x=10, y=20),), "'Usual…' is cut"),
        ((), "no text was found"),
    ],
)
def test_what_is_wrong_would_be_seen(texts: tuple[str, ...], complaint: str) -> None:
    (found,) = faults(svg(*texts))
    assert complaint in found


def test_words_that_stand_beside_each_other_are_no_fault() -> None:
    assert list(faults(svg(text("One", x=10, y=20), text("Other", x=10, y=31)))) == []
    turned = '<text style="font-size: 10px" x="5" y="45" transform="rotate(-90 5 45)">Up</text>'
    assert list(faults(svg(turned))) == ["'Up' leaves the canvas"]
    assert list(faults(svg(turned.replace("5 45", "15 45").replace('x="5"', 'x="15"')))) == []
