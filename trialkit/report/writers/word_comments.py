"""What an author is still to write, marked in Word and explained by a comment beside it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from docx.document import Document

from trialkit.printable import fit_for_xml
from trialkit.report.content.text import ToWrite
from trialkit.report.writers.word_xml import Markup, element, text_run

AUTHOR, INITIALS = "trialkit", "tk"


class CommentWriter:
    """Marks what is still to be written in one document; comments are dated by the data cut."""

    def __init__(self, document: Document, *, dated: date | None) -> None:
        self._document = document
        self._dated = None if dated is None else datetime.combine(dated, time(), tzinfo=UTC)

    def on(self, wanted: ToWrite) -> Iterator[Markup]:
        """The marked text, between the ends of its comment where it has one."""
        words = text_run(wanted.text, highlight="yellow")
        if not wanted.advice:
            yield words
            return
        comment = self._document.comments.add_comment(
            fit_for_xml(wanted.advice), author=AUTHOR, initials=INITIALS
        )
        comment._comment_elm.date = self._dated
        number = {"w:id": comment.comment_id}
        yield element("w:commentRangeStart", attributes=number)
        yield words
        yield element("w:commentRangeEnd", attributes=number)
        yield element("w:r", element("w:commentReference", attributes=number))
