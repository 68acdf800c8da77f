"""A page is set by Typst from JSON, so that no text is markup, and without anything of the machine's."""

import json
from collections.abc import Mapping
from pathlib import Path

import typst

from trialkit.disk.temporary import temporary_folder
from trialkit.errors import GlyphError, ReportError
from trialkit.report.writers.compiler import UNIVERSAL_ACCESS, compiler_of, lacks_a_glyph
from trialkit.report.writers.template_folder import template_text


def set_as_pdf(
    document: Mapping[str, object],
    template: str,
    templates: Path,
    *,
    what: str,
    is_accessible: bool = False,
) -> bytes:
    """The PDF that a Typst template makes of a document; the same bytes each time.

    ``what`` names it in messages. What ``is_accessible`` is PDF/UA-1, in which no character is a box.
    Raises :class:`ReportError` when ``templates`` has no usable template of that name, and
    :class:`GlyphError` where an accessible one would have a box.
    """
    content = json.dumps(document, ensure_ascii=False)
    with temporary_folder() as folder:
        folder.write("content.json", content)
        folder.write(template, template_text(templates, template))
        compiler = compiler_of(template, content, folder)
        try:
            made = compiler.compile(
                format="pdf", pdf_standards=UNIVERSAL_ACCESS if is_accessible else []
            )
        except typst.TypstError as error:
            if is_accessible and lacks_a_glyph(error):
                raise GlyphError(f"{what} has a character that no font has: {error}") from error
            raise ReportError(f"{what} cannot be set with {template}: {error}") from error
    if not isinstance(made, bytes):
        raise ReportError(f"the PDF of {what} was not made in one piece")
    return made
