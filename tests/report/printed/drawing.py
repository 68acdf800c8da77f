"""What a drawing shows, read back from its SVG: marks in the numbers of its axes, and its words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How a place on the paper becomes a number of an axis: by the two ticks farthest apart."""

    ticks: tuple[tuple[float, str], ...]

    def number(self, place: float) -> float:
        (near, first), (far, last) = self.ticks[0], self.ticks[-1]
        low, high = as_number(first), as_number(last)
        return low + (place - near) / (far - near) * (high - low)


def as_number(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-").rstrip("%"))


@dataclass(frozen=True, kw_only=True)
class Marks:
    """One group of a plot: points, lines or areas, in places on the paper."""

    name: str
    points: tuple[Point, ...] = ()
    paths: tuple[tuple[Point, ...], ...] = ()
    colour: str = ""


@dataclass(frozen=True, kw_only=True)
class Plot:
    """Axes of a drawing: its scales, what is drawn on it, and its words."""

    x: Scale
    y: Scale
    axis_words: tuple[str, ...]
    marks: tuple[Marks, ...] = field(repr=False)
    texts: tuple[tuple[float, float, str], ...]
    legend: tuple[str, ...]

    def called(self, lead: str) -> list[Marks]:
        """The groups whose name begins so, such as line2d or PathCollection, in order."""
        return [each for each in self.marks if each.name.startswith(lead)]


def svg_of(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_text("utf-8"))


def beside(path: Path) -> list[tuple[float, float, str]]:
    """What is written beside the axes of a drawing, in the order of the file."""
    (figure,) = (each for each in svg_of(path) if each.get("id", "").endswith("figure_1"))
    texts = (each for each in figure if each.get("id", "").rpartition("-")[2].startswith("text_"))
    return [placed for each in texts for placed in placed_words(each)]


def words_of(element: ElementTree.Element) -> list[str]:
    """Every text that is drawn, lines of the same text joined."""
    return [text for _, _, text in placed_words(element)]


def placed_words(element: ElementTree.Element) -> list[tuple[float, float, str]]:
    """Each text with the place of its first line."""
    found = []
    for group in element.iter(f"{SVG}g"):
        own = group.findall(f"{SVG}text")
        if own:
            x, y = _place(own[0])
            text = " ".join("".join(each.itertext()) for each in own)
            found.append((x, y, " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())))
    return found


def _place(text: ElementTree.Element) -> Point:
    if text.get("x"):
        return float(text.get("x")), float(text.get("y"))
    x, y = re.match(r"translate\((\S+) (\S+)\)", text.get("transform")).groups()
    return float(x), float(y)


def plots_of(path: Path) -> list[Plot]:
    """The axes of a drawing in the order of the file."""
    root = svg_of(path)
    below = [each for each in root.iter(f"{SVG}g") if each.get("id", "").endswith("-legend_1")]
    legend = tuple(word for each in below for word in words_of(each))
    return [
        _plot(group, legend)
        for group in root.iter(f"{SVG}g")
        if re.search(r"axes_\d+$", group.get("id", ""))
    ]


def _plot(group: ElementTree.Element, legend: tuple[str, ...]) -> Plot:
    scales, words, marks, texts = [], [], [], []
    for child in group:
        name = child.get("id", "").rsplit("-", 1)[-1]
        if name.startswith("matplotlib.axis"):
            ticks = []
            for each in child:
                if "tick_" in each.get("id", ""):
                    place = next(each.iter(f"{SVG}use"), None)
                    label = " ".join(words_of(each))
                    if place is not None:
                        at = "x" if "xtick" in each.get("id") else "y"
                        ticks.append((float(place.get(at)), label))
                else:
                    words += words_of(each) if each.get("id", "").find("text") >= 0 else []
            scales.append(Scale(ticks=tuple(ticks)))
        elif name.startswith("text"):
            texts += placed_words(child)
            if not placed_words(child):
                texts += [
                    (*_place(each), "".join(each.itertext()))
                    for each in child
                    if each.tag == f"{SVG}text"
                ]
        else:
            marks.append(_marks(name, child))
    return Plot(
        x=scales[0],
        y=scales[1],
        axis_words=tuple(words),
        marks=tuple(marks),
        texts=tuple(texts),
        legend=legend,
    )


def _marks(name: str, group: ElementTree.Element) -> Marks:
    points = tuple((float(use.get("x")), float(use.get("y"))) for use in group.iter(f"{SVG}use"))
    paths = []
    colour = ""
    for parent in (group, *group.findall(f"{SVG}g")):
        for child in parent.findall(f"{SVG}path"):
            paths.append(tuple(_corners(child.get("d"))))
            colour = colour or colour_of(child.get("style", ""))
    for use in group.iter(f"{SVG}use"):
        colour = colour or colour_of(use.get("style", ""))
    return Marks(name=name, points=points, paths=tuple(paths), colour=colour)


def colour_of(style: str) -> str:
    found = re.search(r"(?:fill|stroke): (#[0-9a-f]{6})", style)
    return found[1] if found else ""


def _corners(d: str) -> Iterator[Point]:
    for x, y in re.findall(r"[ML] (\S+) (\S+)", d):
        yield float(x), float(y)
