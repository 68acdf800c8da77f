"""Labels are for people, codes for analysis: two codes with one label could not be told apart in print.

Labels are alike that differ in nothing but case and white space.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from trialkit.protocol.tables.meaning import meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A code whose label an earlier code has, too."""

    code: str
    label: str
    first: str
    """The earlier code."""

    @property
    def found(self) -> str:
        """What is wrong, for a complaint."""
        return f"{self.label[:80]!r} of {self.code!r}, the label of {self.first!r}, too"


EXPECTED = "labels that differ by more than case and spaces, since people read labels and no codes"


def alike(labels: Iterable[tuple[str, str]]) -> Iterator[Alike]:
    """Of codes and their labels, each code whose label an earlier one has; blank labels are none."""
    seen: dict[str, str] = {}
    for code, label in labels:
        first = seen.setdefault(meaning(label), code)
        if first != code and meaning(label):
            yield Alike(code=code, label=label, first=first)


def told_apart(labels: Mapping[str, str]) -> dict[str, str]:
    """The labels by their codes, with the code behind each label that another code has, too."""
    apart = dict(labels)
    while doubled := [code for code, count in _sharing(apart).items() if count > 1]:
        apart |= {code: f"{apart[code]} ({code})" for code in doubled}
    return apart


def _sharing(labels: Mapping[str, str]) -> dict[str, int]:
    """How many codes have the label of each code."""
    counts = Counter(map(meaning, labels.values()))
    return {code: counts[meaning(label)] for code, label in labels.items()}
