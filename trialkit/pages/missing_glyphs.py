"""Which characters no font of this computer has: asked of Typst, which would print a box for each."""

import json
import re

import typst

from trialkit.disk.temporary import temporary_folder
from trialkit.report.lettering.fonts import lacking
from trialkit.report.writers.compiler import UNIVERSAL_ACCESS, compiler_of

_NAME = "glyphs.typ"
_NAMED = re.compile(r'the text `"([^`]{1,20})"` could not be displayed')
"""What Typst says of each of them."""
_EACH = """#set document(title: "Glyphs", date: none)
#set text(font: ("DejaVu Sans",), lang: "en")
#for each in json("content.json") { par(each) }
"""
"""A page with each of them by itself, as the standard for accessible files wants it: without a box."""


def without_glyph(text: str) -> str:
    """The characters of the text that neither our fonts have nor any of this computer."""
    asked = lacking(text)
    if not asked:
        return ""
    content = json.dumps(list(asked))
    with temporary_folder() as folder:
        folder.write("content.json", content)
        folder.write(_NAME, _EACH)
        try:
            compiler_of(_NAME, asked, folder).compile(format="pdf", pdf_standards=UNIVERSAL_ACCESS)
        except typst.TypstError as error:
            named = frozenset(_NAMED.findall(error.diagnostic))
            return "".join(each for each in asked if named & {each, _by_number(each)})
    return ""


def _by_number(character: str) -> str:
    """How Typst names a character that it takes for one that cannot be seen."""
    return f"\\u{{{ord(character):x}}}"
