"""The fonts that a PDF or a picture is set with, and whether they have every character."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from trialkit.disk.temporary import TemporaryFolder
from trialkit.report.lettering.font_files import BOLD, OBLIQUE, REGULAR, font_file, font_widths

_FILES = (REGULAR, BOLD, OBLIQUE)
_INVISIBLE = frozenset("\n\r\t")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fonts:
    """Where Typst finds its fonts: its own and ours, and the computer's when a text needs them."""

    folder: Path
    system: bool


def fonts_for(text: str, folder: TemporaryFolder) -> Fonts:
    """The fonts for a text, ours copied into ``folder``.

    Those of the computer are taken only for characters that ours lack, such as Chinese: without
    them the same content gives the same bytes on every computer.
    """
    for name in _FILES:
        folder.copy(font_file(name), f"fonts/{name}")
    return Fonts(folder=folder.path / "fonts", system=bool(lacking(text)))


def lacking(text: str) -> str:
    """The characters of a text that our fonts do not have, each once."""
    known = _known()
    return "".join(
        each for each in dict.fromkeys(text) if ord(each) not in known and each not in _INVISIBLE
    )


@cache
def _known() -> frozenset[int]:
    """The characters that both the regular and the bold font have."""
    regular, bold = (font_widths(name).keys() for name in (REGULAR, BOLD))
    return frozenset(regular & bold)
