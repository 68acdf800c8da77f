"""The statements of an edited Word report, against those of the trial: what was edited, and where both were."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath

from trialkit.errors import DataFileError, ReportError
from trialkit.limits import LARGEST_STATEMENT, MOST_RETURNED_BLOCKS
from trialkit.report.citing.library import Library, read_library
from trialkit.report.content.author_text import (
    AuthorBlock,
    AuthorList,
    AuthorTable,
    plain_paragraphs,
)
from trialkit.report.content.marks import Citation, CitedWork
from trialkit.report.content.text import Paragraph, Run
from trialkit.report.guidelines.checklist import consort_2025
from trialkit.report.guidelines.statements import AuthorStatement, read_statements, statement_of
from trialkit.report.marks.citing import citations_in
from trialkit.report.marks.writing import comparable
from trialkit.report.writers.word_controls import citation_tag, source_hash, words_hash
from trialkit.report.writers.word_marks import alike, read_record
from trialkit.report.writers.word_walking import text_of
from trialkit.steps.opening import open_trial
from trialkit.steps.publishing import OTHER_CHECKLISTS
from trialkit.steps.returned.as_returned import as_returned
from trialkit.steps.returned.author_words import ReturnedWords, read_words
from trialkit.steps.returned.controls import (
    StatementControl,
    damaged_marks,
    statement_controls,
)
from trialkit.steps.returned.merging import merged, with_heads
from trialkit.steps.returned.pieces import Head, SourcePiece, source_pieces
from trialkit.steps.returned.word_file import WordFile, read_word


class StatementState(StrEnum):
    """What became of a statement on its way."""

    SAME = "as in the trial"
    EDITED = "edited"
    OLDER = "older than the trial's, and not edited"
    CONFLICT = "edited, and changed in the trial since"
    UNWRITABLE = "cannot be taken back"
    TWICE = "there twice"
    EMPTY = "empty"
    UNKNOWN = "of no statement of the trial"
    DAMAGED = "of a statement whose mark in the document was changed"
    ABSENT = "not in the document"


_SHOWN = 60
"""Of a mark that is not ours any more so many signs are shown."""
STOPS = frozenset({
    StatementState.CONFLICT, StatementState.UNWRITABLE, StatementState.TWICE, StatementState.UNKNOWN,
    StatementState.DAMAGED,
})  # fmt: skip
"""What a person has to look at before anything is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cited:
    """The works that the trial cites, by the tag of their control, and those that it could."""

    by_tag: Mapping[str, tuple[CitedWork, ...]]
    library: Library


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedStatement:
    """A statement of a document, or of the trial alone."""

    key: str
    state: StatementState
    file: str = ""
    before: str = ""
    """The text in the trial."""
    after: str = ""
    """The text that the document gives."""
    why: tuple[str, ...] = ()
    """Why it cannot be taken back."""
    lost: tuple[str, ...] = ()
    """What its text had in Word and has no longer in Markdown."""
    changes: int = 0
    """Tracked changes that were read as accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedStatements:
    """Every statement of a document and of its trial."""

    statements: tuple[ReturnedStatement, ...]
    comments: int

    def of(self, state: StatementState) -> tuple[ReturnedStatement, ...]:
        """Those of which this is so."""
        return tuple(each for each in self.statements if each.state is state)


def returned_statements(path: Path, trial: Path) -> ReturnedStatements:
    """What an edited document says where the trial's statements stand; nothing is written.

    Raises :class:`DataFileError` for what is no Word file, holds no statement or is of another trial.
    """
    word = read_word(path)
    _refuse_another_trial(path, word, open_trial(trial).protocol.trial.id)
    controls = list(statement_controls(word))
    damaged = [
        ReturnedStatement(key=each[:_SHOWN], state=StatementState.DAMAGED)
        for each in damaged_marks(word)
    ]
    if not controls and not damaged:
        raise DataFileError(
            f"{path}: holds no statement in a content control, so that none can be taken back: it was "
            "made by an earlier version or another program, or its controls were removed; make the "
            "report again with 'trialkit report TRIAL --formats docx'"
        )
    known = {
        PurePosixPath(each.file).stem: each
        for each in read_statements(trial / "statements", consort_2025(), OTHER_CHECKLISTS)
    }
    cited = _Cited(
        by_tag={citation_tag(works): works for works in _works(known.values())},
        library=read_library(trial),
    )
    return ReturnedStatements(
        statements=(*damaged, *_each(controls, known, word, cited)), comments=word.comments
    )


def _refuse_another_trial(path: Path, word: WordFile, trial: str) -> None:
    for record in filter(None, map(read_record, word.custom)):
        if record.origin.trial != trial:
            raise DataFileError(
                f"{path}: reports the trial {record.origin.trial[:80]!r}, and the folder is that of "
                f"{trial!r}; name the folder of its own"
            )


def _each(
    controls: Sequence[StatementControl],
    known: Mapping[str, AuthorStatement],
    word: WordFile,
    cited: _Cited,
) -> Iterator[ReturnedStatement]:
    times = Counter(each.tag.key for each in controls)
    for key in times:
        own = next(each for each in controls if each.tag.key == key)
        statement = known.get(key)
        if statement is None:
            yield ReturnedStatement(key=key, state=StatementState.UNKNOWN)
        elif times[key] > 1:
            yield _stated(key, statement, StatementState.TWICE)
        else:
            yield _read(own, statement, word, cited)
    for key, statement in known.items():
        if key not in times and not statement.not_applicable:
            yield _stated(key, statement, StatementState.ABSENT)


def _read(
    control: StatementControl, statement: AuthorStatement, word: WordFile, cited: _Cited
) -> ReturnedStatement:
    """What one control says; why it cannot be taken back where its words are too large for Markdown."""
    written = [runs for block in statement.blocks for runs in _texts(block)]
    try:
        words = read_words(control.content, word, cited.by_tag, written=written)
        return _returned(control, statement, words, cited)
    except ReportError as error:
        stated = _stated(control.tag.key, statement, StatementState.UNWRITABLE)
        return replace(stated, why=(str(error),))


def _returned(
    control: StatementControl,
    statement: AuthorStatement,
    words: ReturnedWords,
    cited: _Cited,
) -> ReturnedStatement:
    is_current = source_hash(statement.source) == control.tag.source
    is_edited = words_hash(text_of(control.content)) != control.tag.words
    if not is_current and not is_edited:
        return _stated(control.tag.key, statement, StatementState.OLDER)
    if not words.blocks and not words.losses.words:
        return _stated(control.tag.key, statement, StatementState.EMPTY)
    text, why, plainer = _text(statement, words, cited)
    if why:
        state = StatementState.UNWRITABLE
    elif text == statement.source:
        state = StatementState.SAME
    else:
        state = StatementState.EDITED if is_current else StatementState.CONFLICT
    looks = words.losses.looks
    return replace(
        _stated(control.tag.key, statement, state),
        after=text,
        why=why,
        lost=(
            *(f"{name} ({count:,})" for name, count in looks.items()),
            *(f"the emphasis of {each!r}" for each in plainer),
        ),
        changes=words.losses.changes,
    )


def _stated(key: str, statement: AuthorStatement, state: StatementState) -> ReturnedStatement:
    return ReturnedStatement(
        key=key, state=state, file=statement.file, before=statement.source, after=statement.source
    )


def _text(
    statement: AuthorStatement, words: ReturnedWords, cited: _Cited
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The statement's new Markdown, why there can be none, and what of it has lost its emphasis.

    The old text where nothing differs, or where there can be no new one.
    """
    why = tuple(
        f"it holds {name} ({count:,}), for which Markdown has no place"
        for name, count in words.losses.words.items()
    )
    if len(words.blocks) > MOST_RETURNED_BLOCKS:
        why = (f"it has more than {MOST_RETURNED_BLOCKS:,} paragraphs",)
    if why:
        return statement.source, why, ()
    pieces = source_pieces(statement)
    said = with_heads(words.blocks, [each.part for each in statement.parts])
    made = merged(pieces, said)
    if made.text != statement.source:
        made = merged(_as_returned(pieces, cited), said)
    if made.unwritable:
        why = tuple(f"Markdown cannot say {each!r}" for each in made.unwritable)
        return statement.source, why, ()
    why = _contradiction(statement, made.text, words.blocks, cited.library)
    return made.text, why, made.plainer


def _as_returned(pieces: Sequence[SourcePiece], cited: _Cited) -> list[SourcePiece]:
    """The pieces, each saying what Word gives back of it when nobody edits it."""
    texts = [() if isinstance(each.says, Head) else each.says for each in pieces]
    read = as_returned(texts, cited.by_tag)
    return [
        each if isinstance(each.says, Head) else replace(each, says=back)
        for each, back in zip(pieces, read, strict=True)
    ]


def _contradiction(
    statement: AuthorStatement, text: str, blocks: Sequence[AuthorBlock], library: Library
) -> tuple[str, ...]:
    """Why a text cannot stand in the statement's file, or does not say what the document says."""
    if len(text.encode()) > LARGEST_STATEMENT:
        return (f"it has more than {LARGEST_STATEMENT:,} bytes",)
    guidelines = {each.code: each for each in (consort_2025(), *OTHER_CHECKLISTS)}
    try:
        new = statement_of(text, statement, guidelines[statement.checklist])
    except ReportError as error:
        return (str(error),)
    if _words(map(comparable, new.blocks)) != _words(blocks):
        return ("its Markdown would not say the same words",)
    return tuple(
        f"it cites [@{work.key}], but {library.lacking}{library.near(work.key)}; add the work there"
        for place in citations_in(text)
        for work in place.works
        if work.key not in library.works
    )


def _words(blocks: Iterable[AuthorBlock]) -> str:
    return alike(" ".join(plain_paragraphs(blocks)))


def _works(statements: Iterable[AuthorStatement]) -> Iterator[tuple[CitedWork, ...]]:
    for statement in statements:
        for block in statement.blocks:
            for runs in _texts(block):
                for run in runs:
                    if isinstance(run, Citation):
                        yield run.works


def _texts(block: AuthorBlock) -> Iterator[tuple[Run, ...]]:
    """The paragraphs and cells of a block, in reading order."""
    match block:
        case Paragraph():
            yield block.runs
        case AuthorList():
            for item in block.items:
                for inner in item:
                    yield from _texts(inner)
        case AuthorTable():
            for row in (block.heads, *block.rows):
                yield from row
