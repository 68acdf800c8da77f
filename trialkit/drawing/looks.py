"""The colours, shapes and dashes of every drawing."""

from dataclasses import dataclass

GREY = "#5f6b76"
LIGHT = "#d7dde3"
INK = "#333a41"
LABEL_INK = "#5f3700"
LABEL_FILL = "#fff3d1"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLook:
    """The colour and the shape of an arm or a contrast: never colour alone."""

    colour: str
    marker: str
    dash: str | tuple[float, tuple[float, ...]] = "solid"


LOOKS = (
    TextLook(colour="#56616b", marker="o"),
    TextLook(colour="#0072b2", marker="s", dash=(0, (6, 2))),
    TextLook(colour="#d55e00", marker="^", dash=(0, (1.5, 1.5))),
    TextLook(colour="#009e73", marker="D", dash=(0, (6, 2, 1.5, 2))),
    TextLook(colour="#cc79a7", marker="v", dash=(0, (3, 1, 1, 1, 1, 1))),
    TextLook(colour="#e69f00", marker="P", dash=(0, (9, 3))),
)
"""Okabe and Ito's colours, the reference arm grey; six arms differ in shape and in dashes too."""


def look(position: int) -> TextLook:
    """The look of the arm at this position, the reference arm first."""
    return LOOKS[position % len(LOOKS)]
