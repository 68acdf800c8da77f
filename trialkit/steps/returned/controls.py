"""The statements that stand in a Word file, each in its content control."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from trialkit.report.writers.word_controls import StatementTag, is_damaged, statement_tagged
from trialkit.report.writers.word_walking import child, steps, tag, value
from trialkit.steps.returned.word_file import WordFile


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementControl:
    """A control that holds a statement."""

    tag: StatementTag
    content: Element


def damaged_marks(word: WordFile) -> Iterator[str]:
    """The tags of controls that held a statement, and of which nobody knows any more which."""
    for begins, element in steps(word.body):
        if begins and tag(element) == "sdt":
            mark = value(element, "sdtPr", "tag")
            if is_damaged(mark):
                yield mark


def statement_controls(word: WordFile) -> Iterator[StatementControl]:
    """Every control of a statement, in reading order."""
    for begins, element in steps(word.body):
        if begins and tag(element) == "sdt":
            found = statement_tagged(value(element, "sdtPr", "tag"))
            content = child(element, "sdtContent")
            if found is not None and content is not None:
                yield StatementControl(tag=found, content=content)
