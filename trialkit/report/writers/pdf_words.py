"""Runs and the author's blocks as JSON that the template of the PDF places."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from trialkit.printable import fit_for_xml
from trialkit.report.content.author_text import AuthorBlock, AuthorList, AuthorTable
from trialkit.report.content.marks import Citation, MarkedText
from trialkit.report.content.text import (
    CrossReference,
    Paragraph,
    PrintedNumber,
    Run,
    ToWrite,
    WebAddress,
)
from trialkit.report.numbers.numbers import NO_BREAK

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSetter:
    """Turns words into JSON; a place that is not among the ``anchors`` is named and not linked."""

    anchors: Collection[str]

    def runs(self, runs: Iterable[Run]) -> list[Json]:
        """The runs in order."""
        return [self._run(run) for run in runs]

    def blocks(self, blocks: Iterable[AuthorBlock]) -> list[Json]:
        """The author's blocks in order."""
        return [self._block(block) for block in blocks]

    def _block(self, block: AuthorBlock) -> Json:
        match block:
            case Paragraph():
                return {"kind": block.kind, "runs": self.runs(block.runs)}
            case AuthorList():
                items: list[Json] = [self.blocks(item) for item in block.items]
                return {"kind": block.kind, "first": block.first, "items": items}
            case AuthorTable():
                return {
                    "kind": block.kind,
                    "sides": [side.value for side in block.sides],
                    "heads": [self.runs(cell) for cell in block.heads],
                    "rows": [[self.runs(cell) for cell in row] for row in block.rows],
                }
            case _:
                assert_never(block)

    def _run(self, run: Run) -> Json:  # noqa: PLR0911 - one a kind
        match run:
            case str():
                return {"kind": "text", "text": fit_for_xml(run)}
            case PrintedNumber():
                return {"kind": "text", "text": fit_for_xml(run.text)}
            case CrossReference() if run.anchor in self.anchors:
                label = fit_for_xml(run.label).replace(" ", NO_BREAK)
                return {"kind": "link", "anchor": run.anchor, "text": label}
            case CrossReference():
                return {"kind": "text", "text": fit_for_xml(run.label)}
            case WebAddress() if run.is_followed:
                return {"kind": "web", "url": fit_for_xml(run.url), "text": fit_for_xml(run.text)}
            case WebAddress():
                return {"kind": "text", "text": fit_for_xml(run.text)}
            case ToWrite():
                return {"kind": "to write", "text": fit_for_xml(run.text)}
            case MarkedText():
                return {
                    "kind": "marked",
                    "text": fit_for_xml(run.text),
                    "bold": run.bold,
                    "italic": run.italic,
                    "position": run.position.value,
                }
            case Citation():
                marks: list[Json] = [
                    {
                        "text": fit_for_xml(mark.text),
                        "anchor": mark.anchor if mark.anchor in self.anchors else "",
                    }
                    for mark in run.marks
                ]
                return {"kind": "citation", "marks": marks, "raised": run.raised}
            case _:
                assert_never(run)
