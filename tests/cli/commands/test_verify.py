"""What ``trialkit verify`` says: what differs, what it may come from, what the anchor vouches for."""

from dataclasses import replace

import pytest

from trialkit.cli.commands.verify import MOST_SHOWN, NO_ANCHOR, OTHER_SOFTWARE, show
from trialkit.cli.screen import Screen
from trialkit.verifying.anchor import Anchored
from trialkit.verifying.differences import Difference, DifferenceKind
from trialkit.verifying.verify import Verification

HOLDS = Verification(
    differences=(), notices=(), anchored=None, same_software=True,
    inputs=1, files=2, results=3, numbers=4,
)  # fmt: skip
WRONG = tuple(
    Difference(kind=DifferenceKind.FILE, file=f"{number}.svg", text="is missing")
    for number in range(MOST_SHOWN + 2)
)


def said(found: Verification, capsys: pytest.CaptureFixture[str], *, anchor: bool) -> list[str]:
    show(found, Screen(), has_anchor=anchor)
    return capsys.readouterr().out.splitlines()


def test_what_holds_is_said_with_what_was_compared(capsys: pytest.CaptureFixture[str]) -> None:
    first = (
        "The report says what the trial's folder says: 1 inputs, 2 files, 3 results and 4 printed "
        "numbers were compared."
    )
    assert said(HOLDS, capsys, anchor=False) == [first, NO_ANCHOR]
    vouched = replace(HOLDS, anchored=Anchored.MANIFEST)
    assert said(vouched, capsys, anchor=True) == [
        first,
        (
            "The anchor is that of this manifest: the inputs and the files of the run are those that "
            "were anchored."
        ),
    ]


def test_what_differs_is_cut_short_and_other_software_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = replace(HOLDS, differences=WRONG, notices=WRONG[:1], same_software=False)
    lines = said(found, capsys, anchor=True)
    assert lines[0] == "Note, file: 0.svg: is missing"
    assert lines[1].startswith("32 differences; 1 inputs")
    assert lines[2] == "  file: 0.svg: is missing"
    assert lines[-2:] == ["  ... and 2 more", OTHER_SOFTWARE]
    one = said(replace(HOLDS, differences=WRONG[:1]), capsys, anchor=True)
    assert one[0].startswith("1 difference;")
    assert len(one) == 2
