import pytest

from trialkit.errors import ReportError
from trialkit.report.lettering.svg import accessible, coordinate, escaped

DRAWING = """<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg width="10pt" viewBox="0 0 10 10">
<style type="text/css">*{stroke-linejoin: round}</style>
<g id="axes_1" clip-path="url(#p1)"><use xlink:href="#m1"/></g>
</svg>
"""


def test_ids_become_the_drawings_own() -> None:
    text = accessible(DRAWING, name="forest", title="A & B", description="<right>")
    assert text.startswith("<svg ")
    assert 'id="forest-axes_1"' in text
    assert "url(#forest-p1)" in text
    assert 'xlink:href="#forest-m1"' in text
    assert "#forest *{" in text
    assert '<title id="forest-title">A &amp; B</title>' in text
    assert '<desc id="forest-desc">&lt;right&gt;</desc>' in text


def test_what_is_no_drawing_is_refused() -> None:
    with pytest.raises(ReportError, match="forest"):
        accessible("<p>no</p>", name="forest", title="", description="")


def test_characters_that_xml_forbids_are_replaced() -> None:
    assert escaped("a\x00b\x1fc") == "a\ufffdb\ufffdc"
    assert escaped("<&>") == "&lt;&amp;&gt;"


def test_coordinates_have_no_trailing_zeros() -> None:
    assert [coordinate(each) for each in (1.0, 2.5, 0.125, -3.0, 100.0)] == [
        "1", "2.5", "0.13", "-3", "100",
    ]  # fmt: skip
