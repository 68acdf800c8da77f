"""Every cell of every table of every file is the number that an independent key finds for it."""

import re
from dataclasses import replace

import pytest

from tests.report.printed.conftest import Written
from tests.report.printed.key import Key
from tests.report.printed.reading import READERS, Printed

CHECKLIST = "Checklist"
DRAFT = "Draft. Not for publication."
SPANNED = ("Continuous outcomes", "Binary outcomes", "Adverse events, by")
"""Tables of which some heads stand above others."""
LONG = 40
MARK = re.compile(r"\^\w+$")


def difference(found: Printed, wanted: Printed) -> str:
    """The first thing that is otherwise, for a message that can be read."""
    for part in ("label", "caption", "synthetic", "heads", "notes"):
        own, other = getattr(found, part), getattr(wanted, part)
        if own != other:
            return f"{wanted.label}: {part} {own!r} is not {other!r}"
    for own, other in zip(found.rows, wanted.rows, strict=False):
        if own != other:
            return f"{wanted.label}: row {own!r} is not {other!r}"
    if len(found.rows) != len(wanted.rows):
        return f"{wanted.label}: {len(found.rows)} rows, not {len(wanted.rows)}"
    return ""


def unmarked(table: Printed) -> Printed:
    """The table without its footnotes and their marks, which a test of their own reads."""
    return replace(
        table,
        heads=tuple(MARK.sub("", head) for head in table.heads),
        rows=tuple(tuple(MARK.sub("", cell) for cell in row) for row in table.rows),
        notes=tuple(note for note in table.notes if not note.startswith("^")),
    )


@pytest.mark.parametrize("file", READERS)
def test_every_table_is_what_the_key_says(written: Written, file: str) -> None:
    found = [each for each in written.tables[file] if not is_checklist(each)]
    wrong = [
        difference(unmarked(own), unmarked(key))
        for own, key in zip(found, written.expected, strict=False)
    ]
    assert [each for each in wrong if each] == []
    assert len(found) == len(written.expected)


def is_checklist(table: Printed) -> bool:
    return table.heads[0] == "Item"


@pytest.mark.parametrize("file", READERS)
def test_the_checklists_are_those_of_their_own_file(written: Written, file: str) -> None:
    found = [each for each in written.tables[file] if is_checklist(each)]
    wanted = list(checklists(written.key, html=file == "report.html"))
    assert len(found) == len(wanted)
    for table, (caption, rows) in zip(found, wanted, strict=True):
        if file == "report.html":  # where the caption is the head of the table, without a label
            table = replace(table, caption=table.label, label=CHECKLIST)  # noqa: PLW2901
        assert (table.label, table.caption) == (CHECKLIST, caption)
        assert table.heads == ("Item", "Topic and requirement", "Status", "Place", "Source")
        assert table.synthetic == ""
        assert list(table.rows) == rows


def checklists(key: Key, *, html: bool):
    """Each checklist's caption and rows, from checklist.csv."""
    rows = key.table("checklist")
    for guideline in dict.fromkeys(row["checklist"] for row in rows):
        printed: list[tuple[str, ...]] = []
        section = ""
        for row in rows:
            if row["checklist"] != guideline:
                continue
            if row["section"] != section:
                section = row["section"]
                printed.append((section,))
            note, evidence = row["note"], row["evidence"]
            if not html:
                note, evidence = note and f"[{note}]", evidence and f"({evidence})"
            requirement = " ".join(filter(None, (f"{row['topic']}. {row['requirement']}", note)))
            source = " ".join(filter(None, (row["source"], evidence)))
            place = row["place"].replace("; ", ", ")
            printed.append((row["item"], requirement, row["status"], place, source))
        caption = f"{guideline}: status, place, source and evidence of each item"
        yield caption, printed


@pytest.mark.parametrize("file", READERS)
def test_every_mark_leads_to_a_note_that_the_results_or_the_protocol_have(
    written: Written, file: str
) -> None:
    key = written.key
    looks = key.protocol.get("report", {}).get("rows", [])
    said = {row["footnote"] for row in looks if "footnote" in row}
    arms = {arm["label"] for arm in key.arms}
    said |= {f"{row['note'][:1].upper()}{row['note'][1:]}." for row in key.rows}
    for table in written.tables[file]:
        if is_checklist(table):
            continue
        texts = (*table.heads, *(cell for row in table.rows for cell in row))
        marks = {found.group() for found in map(MARK.search, texts) if found is not None}
        notes = dict(note.split(" ", 1) for note in table.notes if note.startswith("^"))
        assert marks == set(notes)
        for note in notes.values():
            assert note in said or set(left_of(note, key)) <= arms, note


def left_of(note: str, key: Key) -> list[str]:
    """The words of a footnote that no row of the results notes: the arms', before their reasons."""
    left = note.removeprefix("Not analysed: ")
    for row in sorted(key.rows, key=lambda row: -len(row["note"])):
        for own in (row["note"], f"{row['note'][:1].upper()}{row['note'][1:]}"):
            left = left.replace(own, "|") if row["note"] else left
    return [word for word in (each.strip(" :;.") for each in left.split("|")) if word]


def test_the_pdf_holds_every_row_of_every_table_in_order(written: Written) -> None:
    text = text_of_pdf(written)
    at = 0
    for table in written.tables["report.html"]:
        if is_checklist(table):
            continue
        lead = squeezed(f"{table.label}. {table.caption} {table.synthetic}")
        assert lead in text[at:], lead
        at = text.index(lead, at) + len(lead)
        for row in ((heads_of(table),), *table.rows, *((note,) for note in table.notes)):
            at = found_at(text, row, at)


def text_of_pdf(written: Written) -> str:
    """The text of all pages without blanks, page heads and feet, and repeated heads of tables."""
    marks = [DRAFT, written.synthetic] if written.draft else [written.synthetic]
    running = squeezed(" ".join((written.key.protocol["trial"]["short_title"], *marks)))
    heads = [squeezed(heads_of(table)) for table in written.expected]
    whole = ""
    for number, page in enumerate(written.pages, 1):
        text = squeezed(page.text)
        if written.draft:  # behind the page stands a watermark
            assert text.startswith("DRAFT")
            text = text.removeprefix("DRAFT")
        foot = f"Page{number}of{len(written.pages)}"
        assert text.endswith(foot)
        text = text.removesuffix(foot)
        assert text.startswith(running)
        text = text.removeprefix(running)
        whole += text.removeprefix(next((head for head in heads if text.startswith(head)), ""))
    return whole


def heads_of(table: Printed) -> str:
    """The heads of a table as they are read: those that span others first."""
    if not table.caption.startswith(SPANNED):
        return " ".join(table.heads)
    pairs = [head.rpartition(": ") for head in table.heads]
    above = dict.fromkeys(over for over, _, _ in pairs if over)
    return " ".join((*above, *(own for _, _, own in pairs)))


def found_at(text: str, cells: tuple[str, ...], start: int) -> int:
    """Where a row ends in a text without blanks.

    Lines of a cell that is broken can stand between those of its neighbours: then the letters of
    the row are all there and no others, and each cell with a number stands whole.
    """
    wanted = squeezed("".join(cells))
    if text.startswith(wanted, start):
        return start + len(wanted)
    own = text[start : start + len(wanted)]
    assert sorted(own) == sorted(wanted), (cells, text[start : start + len(wanted) + 300])
    numbers = [each for each in cells[1:] if re.search(r"[0-9]", each) and len(each) < LONG]
    assert all(squeezed(each) in own for each in numbers), (cells, own)
    return start + len(wanted)


def squeezed(text: str) -> str:
    """Without blanks and the raised marks, which a PDF's text has not as such."""
    return re.sub(r"\s|\^|\N{SOFT HYPHEN}|\N{ZERO WIDTH SPACE}", "", text)
