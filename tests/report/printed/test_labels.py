"""What every file and drawing must say: that data are synthetic, that it is a draft, what is shown."""

import re
from html.parser import HTMLParser
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from tests.report.printed.conftest import Written
from tests.report.printed.drawing import SVG, svg_of, words_of
from tests.report.printed.reading import plain

DRAFT = "Draft. Not for publication."
LABEL = (255, 243, 209)
"""The colour of the strip behind the label of synthetic data."""


def figures_of(written: Written) -> list[tuple[str, str, str]]:
    """Label, file and description of each figure, by the Markdown."""
    found = re.findall(r"!\[(.*)\]\((\S+)\)\n\n\*\*(Figure \S+)\.\*\*", written.text("report.md"))
    return [(label, file, re.sub(r"\\(.)", r"\1", told)) for told, file, label in found]


def drawn_words(written: Written, file: str) -> str:
    root = svg_of(written.output / file)
    if file == "flow.svg":
        return " ".join(each.text for each in root.iter(f"{SVG}text"))
    return " ".join(words_of(root))


def test_every_drawing_says_in_itself_that_its_data_are_synthetic(written: Written) -> None:
    assert len(written.drawings) >= 7
    for path in written.drawings:
        file = path.relative_to(written.output).as_posix()
        assert written.synthetic in drawn_words(written, file), file
        root = svg_of(path)
        title, told = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"
        assert title.text
        assert told.text


def test_figures_are_numbered_as_they_stand_and_every_drawing_is_placed(written: Written) -> None:
    found = figures_of(written)
    labels = [label for label, _, _ in found]
    main = [label for label in labels if not label.startswith("Figure S")]
    further = [label for label in labels if label.startswith("Figure S")]
    assert labels == [*main, *further]
    assert main == [f"Figure {n}" for n in range(1, len(main) + 1)]
    assert further == [f"Figure S{n}" for n in range(1, len(further) + 1)]
    files = [file for _, file, _ in found]
    assert sorted(files) == sorted(
        p.relative_to(written.output).as_posix() for p in written.drawings
    )


class _Captions(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.captions: list[str] = []
        self.notes: list[str] = []
        self.into: list[str] | None = None
        self.title = ""
        self.tag = ""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tag = tag
        if tag == "figcaption":
            self.into = self.captions
            self.captions.append("")
        elif tag == "p" and ("role", "note") in attrs:
            self.into = self.notes
            self.notes.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"figcaption", "p"}:
            self.into = None

    def handle_data(self, data: str) -> None:
        if self.into is not None:
            self.into[-1] += data


def test_html_says_it_at_the_top_and_below_every_figure(written: Written) -> None:
    page = _Captions()
    page.feed(written.text("report.html"))
    top = [DRAFT] if written.draft else []
    assert page.notes[: len(top) + 1] == [*top, f"Synthetic data. {written.synthetic}"]
    captions = [plain(each) for each in page.captions]
    for caption, (label, _, _) in zip(captions, figures_of(written), strict=True):
        assert caption.startswith(f"{label}. ")
        assert caption.endswith(written.synthetic)
    assert (DRAFT in written.text("report.html")) is written.draft


def test_word_says_it_on_every_page_and_below_every_picture(written: Written) -> None:
    document = docx.Document(str(written.output / "report.docx"))
    marks = [DRAFT, written.synthetic] if written.draft else [written.synthetic]
    for section in document.sections:
        head = " ".join(paragraph.text for paragraph in section.header.paragraphs)
        assert all(mark in head for mark in marks)
        assert (DRAFT in head) is written.draft
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert f"Synthetic data. {written.synthetic}" in texts
    captions = [
        plain(p.text) for p in document.paragraphs if p.style.name == "Report Figure Caption"
    ]
    pictures = [each.get("descr") for each in document.element.body.iter(qn("wp:docPr"))]
    figures = figures_of(written)
    for caption, told, (label, _, description) in zip(captions, pictures, figures, strict=True):
        assert caption.startswith(f"{label}. ")
        assert caption.endswith(f"[{written.synthetic}]")
        assert plain(told) == plain(description)


def test_words_pictures_have_the_strip_of_synthetic_data_on_top(written: Written) -> None:
    with ZipFile(written.output / "report.docx") as parts:
        names = [name for name in parts.namelist() if re.search(r"media/.+\.png$", name)]
        pictures = [Image.open(BytesIO(parts.read(name))).convert("RGB") for name in names]
    assert len(pictures) == len(written.drawings)
    for picture in pictures:
        top = picture.crop((0, 0, picture.width, picture.height // 6))
        small = top.resize((top.width // 8, top.height // 8), Image.Resampling.NEAREST)
        near = sum(
            max(abs(a - b) for a, b in zip(pixel, LABEL, strict=True)) < 6
            for pixel in small.get_flattened_data()
        )
        assert near > 40, picture.size


@pytest.mark.slow
def test_the_pdf_says_it_on_every_page_and_below_every_figure(written: Written) -> None:
    whole = plain(" ".join(page.text for page in written.pages))
    for page in written.pages:
        assert written.synthetic in plain(page.text)
        assert (DRAFT in plain(page.text)) is written.draft
    assert f"Synthetic data. {written.synthetic}" in whole
    squeezed = re.sub(r"\s", "", whole)
    own = re.sub(r"\s", "", written.synthetic)
    for label, _, _ in figures_of(written):
        assert re.search(rf"{re.sub(' ', '', label)}\..{{20,600}}?{re.escape(own)}", squeezed), (
            label
        )


def test_rtf_says_it_in_the_head_of_every_page(written: Written) -> None:
    head = re.search(r"\{\\header(.*?)\\par\}", written.text("tables.rtf"))[1]
    assert written.synthetic in head
    assert (DRAFT in head) is written.draft
    assert written.key.protocol["trial"]["short_title"] in head


def test_markdown_says_it_at_the_top_and_below_every_figure(written: Written) -> None:
    parts = written.text("report.md").split("\n\n")
    top = [f"> **{mark}**" for mark in ([DRAFT] if written.draft else []) + [written.synthetic]]
    assert parts[1 : len(top) + 1] == top
    captions = [part for part in parts if part.startswith("**Figure ")]
    assert len(captions) == len(figures_of(written))
    assert all(part.endswith(rf"**\[{written.synthetic}\]**") for part in captions)


def test_arms_and_units_are_named_in_every_drawing_of_them(written: Written) -> None:
    labels = [arm["label"] for arm in written.key.arms]
    for path in written.drawings:
        file = path.relative_to(written.output).as_posix()
        if file == "figures/forest.svg":
            continue  # names contrasts, which its own test reads
        drawn = drawn_words(written, file)
        assert all(label in drawn for label in labels), file
