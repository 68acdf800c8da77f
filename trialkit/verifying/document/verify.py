"""A Word document against the trial that it reports, analysed again."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trialkit.errors import DataFileError
from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.report.content.content import Content
from trialkit.report.content.origin import Origin
from trialkit.report.writers.editions import Edition
from trialkit.report.writers.word_marked import ReadLine, read_lines
from trialkit.report.writers.word_marks import DocumentRecord, read_record
from trialkit.report.writers.word_walking import steps, tag
from trialkit.steps.analysing import analyse
from trialkit.steps.opening import open_trial
from trialkit.steps.publishing import publish
from trialkit.steps.returned.word_file import WordFile, read_word
from trialkit.steps.validating import validate
from trialkit.verifying.document.judging import JudgedNumber, NumberState, judged_numbers
from trialkit.verifying.document.printed_now import printed_now
from trialkit.verifying.recorded import shown

BEFORE_ALL = "before the first heading"
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVerification:
    """What became of the numbers of a document, and what of it was not looked at."""

    numbers: tuple[JudgedNumber, ...]
    origin: Origin | None
    """What the document says of how it was made; None where the record is not in the file."""
    cut: date | None
    """The data cut at which the trial was analysed again."""
    unmarked: Mapping[str, int]
    """Under each heading, how many paragraphs and rows hold digits outside of every mark."""
    pictures: int
    comments: int

    def of(self, state: NumberState) -> tuple[JudgedNumber, ...]:
        """The numbers of which this is so."""
        return tuple(each for each in self.numbers if each.state is state)

    @property
    def holds(self) -> bool:
        """Whether every number that was marked is still there and true."""
        return all(each.state is NumberState.TRUE for each in self.numbers)


def verify_document(
    path: Path, trial: Path, *, cut: date | None = None, today: date | None = None
) -> DocumentVerification:
    """The marked numbers of a document against the results of a trial as they are now.

    The trial is analysed at ``cut``, else at the cut that the document was made at, and printed in
    the document's style. Raises :class:`DataFileError` where nothing in the document can be checked,
    or where it reports another trial.
    """
    word = read_word(path)
    record = next(filter(None, map(read_record, word.custom)), None)
    lines = [line for root in (word.body, *word.notes) for line in read_lines(root)]
    if record is None and not any(line.numbers for line in lines):
        raise DataFileError(
            f"{path}: holds no number that trialkit marked, so that none can be checked: it was made "
            "by an earlier version or another program, or one that drops bookmarks saved it; make "
            "the report again with 'trialkit report TRIAL --formats docx'"
        )
    content, of_cut = _content_now(path, trial, record, cut=cut, today=today)
    recorded = {} if record is None else {each.place: each for each in record.numbers}
    return DocumentVerification(
        numbers=tuple(judged_numbers(lines, recorded, printed_now(content))),
        origin=None if record is None else record.origin,
        cut=of_cut,
        unmarked=_unmarked(lines, word.style_names),
        pictures=_pictures(word),
        comments=word.comments,
    )


def _content_now(
    path: Path,
    folder: Path,
    record: DocumentRecord | None,
    *,
    cut: date | None,
    today: date | None,
) -> tuple[Content, date | None]:
    """The report that the trial's folder gives, made as the document was, and its data cut."""
    trial = open_trial(folder)
    if record is None:
        validated = validate(trial, cut=cut, today=today)
        analysed, edition = analyse(validated, allow_hard=True), Edition(formats=())
    else:
        origin = record.origin
        if origin.trial != trial.protocol.trial.id:
            raise DataFileError(
                f"{path}: reports the trial {shown(origin.trial)!r}, and the folder is that of "
                f"{trial.protocol.trial.id!r}; name its own by --trial"
            )
        day = origin.last_day if cut is None else today
        validated = validate(trial, cut=cut or origin.data_cut, today=day)
        analysed = analyse(validated, allow_hard=True, only=origin.only, pooled=origin.pooled)
        edition = Edition(formats=(), style=_style(path, origin.style))
    published = publish(analysed, edition=edition)
    return published.content, validated.snapshot.days.cut


def _style(path: Path, name: str) -> ReportStyle:
    try:
        return ReportStyle(name)
    except ValueError:
        raise DataFileError(
            f"{path}: was printed in the style {shown(name)!r}, which this version of trialkit does "
            "not know; verify it with the version that made it"
        ) from None


def _unmarked(lines: Sequence[ReadLine], styles: Mapping[str, str]) -> dict[str, int]:
    found: Counter[str] = Counter()
    heading = BEFORE_ALL
    for line in lines:
        if styles.get(line.style, "").startswith("heading"):
            heading = line.text or heading
        elif _DIGIT.search(line.unmarked):
            found[heading] += 1
    return dict(found)


def _pictures(word: WordFile) -> int:
    return sum(
        begins and tag(element) in {"drawing", "pict"}
        for root in (word.body, *word.notes)
        for begins, element in steps(root)
    )
