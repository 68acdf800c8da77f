"""Which Markdown there is: emphasis, lists, tables, links, raised and lowered text, citations.

markdown-it-py reads it by its preset "zero", to which only the rules below are added. There is no raw HTML, no
picture, no code, no heading and no definition of links: what would be one is printed as it stands.
"""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from trialkit.limits import DEEPEST_AUTHOR_LIST
from trialkit.report.content.text import WebAddress
from trialkit.report.marks.citing import CITATION

BLOCKS = ("list", "table")
INLINE = ("newline", "escape", "emphasis", "link")
RAISED, LOWERED = "raised", "lowered"
_SHIFTED = {
    "^": (RAISED, re.compile(r"\^((?:\\.|[^\s^\\]){1,200})\^", re.ASCII)),
    "~": (LOWERED, re.compile(r"~((?:\\.|[^\s~\\]){1,200})~", re.ASCII)),
}
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_DOI = re.compile(r"(?i)doi:\s?")
_WEB = re.compile(r"(?i)(?:https?://|mailto:|doi:\s?10\.)\S+")


@cache
def markdown() -> MarkdownIt:
    """The reader of the author's words."""
    reader = MarkdownIt("zero", {"maxNesting": 2 * DEEPEST_AUTHOR_LIST + 2})
    reader.enable([*BLOCKS, *INLINE])
    reader.inline.ruler.before("link", "citation", _citation)
    reader.inline.ruler.push("shifted", _shifted)
    reader.validateLink = _may_be_followed  # type: ignore[method-assign]
    reader.normalizeLink = _as_written  # type: ignore[method-assign]
    return reader


def _as_written(url: str) -> str:
    return url.strip()


def _may_be_followed(url: str) -> bool:
    """What nobody may follow stays as it is written, its address with it."""
    return _WEB.fullmatch(url) is not None and web_address(url, "").is_followed


def web_address(url: str, words: str) -> WebAddress:
    """An address as the author writes it: a ``doi:`` leads to its resolver."""
    doi = _DOI.match(url)
    target = url if doi is None else f"https://doi.org/{url[doi.end() :]}"
    return WebAddress(url=target, words="" if words == target else words)


def _citation(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as the library calls it
    found = CITATION.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.content = found.group()
        token.meta["line"] = state.src.count("\n", 0, state.pos)
    state.pos = found.end()
    return True


def _shifted(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as the library calls it
    sign = state.src[state.pos]
    if sign not in _SHIFTED or (state.pos and state.src[state.pos - 1] == sign):
        return False  # "~~a~~" is no lowered text
    kind, pattern = _SHIFTED[sign]
    found = pattern.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push(kind, "", 0)
        token.content = _ESCAPED.sub(r"\1", found[1])
    state.pos = found.end()
    return True
