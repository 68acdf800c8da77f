"""What the pages of methods, and that of Python, print beside their examples is what the examples print."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLE = re.compile(r"```python\n(.*?)```\n```text\n(.*?)```", re.DOTALL)
EXAMPLES = [
    pytest.param(code, printed, id=f"{page.stem}-{number}" if number else page.stem)
    for page in (ROOT / "docs" / "python.md", *sorted((ROOT / "docs" / "methods").glob("*.md")))
    for number, (code, printed) in enumerate(EXAMPLE.findall(page.read_text(encoding="utf-8")))
]


def _read(printed: str) -> list[object]:
    """The words, and numbers as such."""
    return [_number(word) for word in printed.split()]


def _number(word: str) -> object:
    try:
        return float(word)
    except ValueError:
        return word


@pytest.mark.slow
@pytest.mark.parametrize(("code", "printed"), EXAMPLES)
def test_an_example_prints_what_its_page_says(
    code: str, printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    screen = io.StringIO()
    with contextlib.redirect_stdout(screen):
        exec(code, {})
    found, said = _read(screen.getvalue()), _read(printed)
    # The last digits of a number are not the same on every machine.
    near = [pytest.approx(each, rel=1e-4) if isinstance(each, float) else each for each in said]
    assert found == near


def test_the_pages_have_examples() -> None:
    assert len(EXAMPLES) >= 7
