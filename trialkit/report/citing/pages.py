"""Pages from and to, in full or with what the two have in common left out."""

import re
from collections.abc import Callable

_RANGE = re.compile(r"([^\s\d]*)(\d+)\s*[-\N{EN DASH}\N{EM DASH}]+\s*([^\s\d]*)(\d+)([^\s\d]*)")
_DASHES = re.compile(r"\s*(?:--+|[\N{EN DASH}\N{EM DASH}-])\s*")
Shortening = Callable[[str, str], str]


def in_full(first: str, last: str) -> str:
    """``2940`` and ``53`` give 2953."""
    return first[: len(first) - len(last)] + last if len(last) < len(first) else last


def shortest(first: str, last: str) -> str:
    """``284`` and ``287`` give 7, as the National Library of Medicine prints them."""
    return _shortened(first, last, least=1)


def of_two_digits(first: str, last: str) -> str:
    """``161`` and ``162`` give 62, as we remember The Lancet to print them (``docs/report.md``)."""
    return _shortened(first, last, least=2)


def _shortened(first: str, last: str, *, least: int) -> str:
    last = in_full(first, last)
    if len(first) != len(last):
        return last
    same = 0
    while same < len(last) - least and first[same] == last[same]:
        same += 1
    return last[same:]


def printed_pages(pages: str, shortening: Shortening, *, dash: str = "-") -> str:
    """Every range of the text, shortened; what is no range stays, but for its dash.

    A letter before both numbers is printed once, unless pages are printed in full.
    """
    parts = [each.strip() for each in pages.split(",")]
    return ",".join(_range(part, shortening, dash) for part in parts if part)


def _range(part: str, shortening: Shortening, dash: str) -> str:
    found = _RANGE.fullmatch(part)
    if found is None:
        return _DASHES.sub(dash, part)
    before, first, letter, last, after = found.groups()
    if letter not in {"", before}:
        return _DASHES.sub(dash, part)
    kept = before if shortening is in_full else ""
    return f"{before}{first}{dash}{kept}{shortening(first, last)}{after}"
