"""The log of an evidence store as a page to print: a table, written some rows at a time."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import islice

from trialkit.pages.log_head import LogHead, shown

_AT_A_TIME = 5_000
"""Rows that are written as one piece."""
_LOOKS = """body { font: 9pt/1.35 sans-serif; margin: 1.5em }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid #999; padding: .2em .5em; text-align: left; vertical-align: top; overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2em 1em } dd { margin: 0; overflow-wrap: anywhere }
thead { display: table-header-group }
tr { break-inside: avoid }
@page { size: A4 landscape; margin: 12mm }"""


def log_page(
    head: LogHead, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[bytes]:
    """The page in pieces; nothing in it is markup but the table, and it asks for no other file."""
    heads = "".join(f'<th scope="col">{escape(each)}</th>' for each in columns)
    about = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in head.about
    )
    mark = f"<p><strong>{escape(shown(head.synthetic))}</strong></p>\n" if head.synthetic else ""
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src '
        "'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(head.title)}</title>\n<style>\n{_LOOKS}\n</style>\n</head>\n<body>\n"
        f"<h1>{escape(head.title)}</h1>\n{mark}<dl>{about}</dl>\n"
        f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
    ).encode()
    lines = iter(rows)
    while some := list(islice(lines, _AT_A_TIME)):
        yield "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in some).encode()
    yield b"</tbody>\n</table>\n</body>\n</html>\n"


def _cell(value: object) -> str:
    return f"<td>{escape(shown(str(value)))}</td>"
