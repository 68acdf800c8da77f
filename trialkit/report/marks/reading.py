"""The author's Markdown becomes blocks and runs of the report's content."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from trialkit.errors import ReportError
from trialkit.limits import DEEPEST_AUTHOR_LIST, WIDEST_AUTHOR_TABLE
from trialkit.protocol.loading import FILE
from trialkit.report.content.author_text import AuthorBlock, AuthorList, AuthorTable, ColumnSide
from trialkit.report.content.marks import Citation, MarkedText, Position
from trialkit.report.content.text import Paragraph, Run
from trialkit.report.marks.citing import EXPECTED, cited_works
from trialkit.report.marks.grammar import LOWERED, RAISED, markdown, web_address

_ADDRESS = re.compile(r"(?i)\b(?:https?://|mailto:|doi:\s?10\.[0-9]{4,9}/)[^\s<>\"]{1,2000}")
_AFTER = ".,;:!?)]}'\N{RIGHT SINGLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
"""What stands behind an address in a sentence, and is no part of it."""
_POSITIONS = {RAISED: Position.RAISED, LOWERED: Position.LOWERED}
_LINE_END = re.compile(r"\r\n?|\n")
Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPlace:
    """Where a text of the author stands."""

    file: str
    first_line: int = 1
    """Counted from 1; 0 where it is not known."""

    def line(self, place: int) -> str:
        """The file and the line that is so many below the text's first."""
        if not self.first_line:
            return self.file
        return f"{self.file}, line {self.first_line + place}"


_PROTOCOL = TextPlace(file=FILE, first_line=0)


def read_blocks(text: str, origin: TextPlace) -> tuple[AuthorBlock, ...]:
    """Paragraphs, lists and tables of a text.

    Raises :class:`ReportError` for lists or tables beyond the limits, for a cell that has no head,
    and for what begins as a citation and is none.
    """
    tokens = markdown().parse(text)
    _refuse_too_deep(tokens, origin)
    _refuse_too_many_cells(tokens, _LINE_END.split(text), origin)
    return tuple(_blocks(_Tokens(tokens), origin, until=""))


def read_runs(text: str, origin: TextPlace) -> Runs:
    """The runs of a text that is one paragraph; what would be a list or a table is words in it."""
    (token,) = markdown().parseInline(text)
    return _runs(token, origin)


def protocol_runs(text: str) -> Runs:
    """The runs of a free text of the protocol."""
    return read_runs(text, _PROTOCOL)


class _Tokens:
    """The tokens of a text, taken one after the other."""

    def __init__(self, tokens: list[Token]) -> None:
        self._left = iter(tokens)

    def until(self, kind: str) -> Iterator[Token]:
        """Those up to one of this kind, which is taken too."""
        for token in self._left:
            if token.type == kind:
                return
            yield token

    def next(self) -> Token:
        return next(self._left)


def _refuse_too_deep(tokens: list[Token], origin: TextPlace) -> None:
    depth = 0
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            depth += 1
            if depth > DEEPEST_AUTHOR_LIST:
                raise ReportError(
                    f"{origin.line(_line(token))}: lists stand {depth} deep in each other; at most "
                    f"{DEEPEST_AUTHOR_LIST} are printed. Say some of it in a paragraph"
                )
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1


def _refuse_too_many_cells(tokens: list[Token], lines: list[str], origin: TextPlace) -> None:
    """A cell beyond those of the head is none of the tokens: the library leaves it out unsaid."""
    columns = 0
    for token in tokens:
        if token.type == "table_open":
            columns = 0
        elif token.type == "th_open":
            columns += 1
        elif token.type == "tr_open" and columns:
            cells = _cells(lines[_line(token)])
            if any(each.strip() for each in cells[columns:]):
                raise ReportError(
                    f"{origin.line(_line(token))}: the row has {len(cells)} cells, and the head of "
                    f"its table {columns}; give each column a head, or write \\| for a sign in a cell"
                )


def _cells(line: str) -> list[str]:
    """The cells of a row as the library counts them; the outer bars are none."""
    cells = escapedSplit(line.strip())
    if cells and not cells[0]:
        cells.pop(0)
    if cells and not cells[-1]:
        cells.pop()
    return cells


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _blocks(tokens: _Tokens, origin: TextPlace, *, until: str) -> Iterator[AuthorBlock]:
    for token in tokens.until(until):
        match token.type:
            case "inline":
                runs = _runs(token, origin)
                if runs:
                    yield Paragraph(runs=runs)
            case "bullet_list_open":
                yield AuthorList(items=_items(tokens, origin, until="bullet_list_close"))
            case "ordered_list_open":
                first = int(token.attrs.get("start", 1))
                items = _items(tokens, origin, until="ordered_list_close")
                yield AuthorList(items=items, first=first)
            case "table_open":
                yield _table(tokens, origin, _line(token))
            case _:
                pass


def _items(
    tokens: _Tokens, origin: TextPlace, *, until: str
) -> tuple[tuple[AuthorBlock, ...], ...]:
    return tuple(
        tuple(_blocks(tokens, origin, until="list_item_close")) for _ in tokens.until(until)
    )


def _table(tokens: _Tokens, origin: TextPlace, line: int) -> AuthorTable:
    rows: list[list[Runs]] = []
    sides: list[ColumnSide] = []
    for token in tokens.until("table_close"):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in {"th_open", "td_open"}:
            cell = tokens.next()
            cell.map = cell.map or [line, line]
            rows[-1].append(_runs(cell, origin))
            if token.type == "th_open":
                sides.append(ColumnSide(str(token.attrs.get("style", "text-align:left"))[11:]))
    if len(sides) > WIDEST_AUTHOR_TABLE:
        raise ReportError(
            f"{origin.line(line)}: the table has {len(sides)} columns; at most {WIDEST_AUTHOR_TABLE} "
            "are printed. Make two tables of it"
        )
    heads, *others = map(tuple, rows)
    return AuthorTable(heads=heads, rows=tuple(others), sides=tuple(sides))


def _runs(inline: Token, origin: TextPlace) -> Runs:
    """The runs of a paragraph or cell, marks that follow each other apart, words alike in one."""
    runs: list[Run] = []
    look = MarkedText(text="")
    tokens = _Tokens(inline.children or [])
    for token in tokens.until(""):
        match token.type:
            case "em_open" | "em_close":
                look = replace(look, italic=token.type == "em_open")
            case "strong_open" | "strong_close":
                look = replace(look, bold=token.type == "strong_open")
            case "softbreak" | "hardbreak":
                runs.append(_looking(" ", look))
            case "link_open":
                words = "".join(_words(each) for each in tokens.until("link_close"))
                runs.append(web_address(str(token.attrs["href"]), " ".join(words.split())))
            case "citation":
                runs.append(_citation(token, inline, origin))
            case _ if token.type in _POSITIONS:
                runs.append(replace(look, text=token.content, position=_POSITIONS[token.type]))
            case _:
                runs.extend(_with_addresses(token.content, look))
    return _trimmed(_joined(runs))


def tidied(runs: Iterable[Run]) -> Runs:
    """The runs as every text is read: neighbours of one look in one, each blank a single one."""
    return _trimmed(_joined(list(runs)))


def _words(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content


def _citation(token: Token, inline: Token, origin: TextPlace) -> Citation:
    works = cited_works(token.content)
    if not works:
        raise ReportError(
            f"{origin.line(_line(inline) + token.meta['line'])}: {token.content!r} cites nothing that "
            f"can be read; write {EXPECTED}, or \\[ for a bracket"
        )
    return Citation(works=works)


def _looking(text: str, look: MarkedText) -> Run:
    return replace(look, text=text) if look.bold or look.italic else text


def _with_addresses(text: str, look: MarkedText) -> Iterator[Run]:
    """The text, with each address in it that a reader may follow."""
    seen = 0
    for found in _ADDRESS.finditer(text):
        shown = _without_what_follows(found.group())
        yield _looking(text[seen : found.start()], look)
        yield web_address(shown, shown)
        seen = found.start() + len(shown)
    yield _looking(text[seen:], look)


def _without_what_follows(address: str) -> str:
    """The address without the signs of the sentence around it; a closing bracket may be its own."""
    while address[-1] in _AFTER:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _joined(runs: list[Run]) -> Iterator[Run]:
    """The runs without empty ones, neighbours of one look in one, every blank a single one."""
    before: Run | None = None
    for run in runs:
        joint = _together(before, run)
        if joint is not None:
            before = joint
            continue
        if before is not None:
            yield from _spaced(before)
        before = run
    if before is not None:
        yield from _spaced(before)


def _together(first: Run | None, second: Run) -> Run | None:
    if isinstance(first, str) and isinstance(second, str):
        return first + second
    if isinstance(first, MarkedText) and isinstance(second, MarkedText):
        alike = replace(first, text="") == replace(second, text="")
        return replace(first, text=first.text + second.text) if alike else None
    return None


_BLANKS = re.compile(r"[ \t\n\r\f\v]+")


def _spaced(run: Run) -> Iterator[Run]:
    if isinstance(run, str):
        run = _BLANKS.sub(" ", run)
    elif isinstance(run, MarkedText):
        run = replace(run, text=_BLANKS.sub(" ", run.text))
    if not isinstance(run, str | MarkedText) or (run if isinstance(run, str) else run.text):
        yield run


def _trimmed(joined: Iterator[Run]) -> Runs:
    """The runs without blanks at either end."""
    runs = list(joined)
    if runs and isinstance(runs[0], str):
        runs[0] = runs[0].lstrip(" ")
    if runs and isinstance(runs[-1], str):
        runs[-1] = runs[-1].rstrip(" ")
    return tuple(run for run in runs if run != "")
