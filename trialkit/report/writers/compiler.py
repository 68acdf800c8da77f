"""Typst on a folder of its own: it reads nothing else of the machine but fonts, and fetches nothing."""

import re
from typing import Final

import typst

from trialkit.disk.temporary import TemporaryFolder
from trialkit.report.lettering.fonts import fonts_for

UNIVERSAL_ACCESS: Final = "ua-1"
"""The standard of accessible files, by its name for Typst."""
_NO_GLYPH = re.compile("could not be displayed with")


def lacks_a_glyph(error: typst.TypstError) -> bool:
    """Whether an accessible file was refused since no font has some character."""
    return _NO_GLYPH.search(str(error)) is not None


def compiler_of(template: str, words: str, folder: TemporaryFolder) -> typst.Compiler:
    """The compiler of a template that stands in ``folder``, with fonts for these words."""
    fonts = fonts_for(words, folder)
    return typst.Compiler(
        folder.path / template,
        root=folder.path,
        font_paths=[fonts.folder],
        ignore_system_fonts=not fonts.system,
        package_path=folder.path / "packages",
        package_cache_path=folder.path / "packages",
    )
