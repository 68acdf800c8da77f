"""The table of themes in docs/store.md says of each what is there, and names the tests that show it."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
DOCS = HERE.parents[2] / "docs" / "store.md"
THEMES = (
    *(f"C.4.18.{number:04}" for number in (100, 200, 300, 500, 600, 700, 1000, 1300, 1400)),
    *(f"C.4.18.{number:04}" for number in (1600, 1700, 1800)),
    *(f"C.2.19.{number:04}" for number in (100, 200, 300, 400, 500, 600, 700, 900)),
    *(f"C.3.30.{number:04}" for number in (500, 600, 700, 800, 900, 1000, 1100, 1200)),
    *(f"C.3.30.{number:04}" for number in (1400, 1500, 1600, 1700, 1800)),
)
"""As the public suite numbers them; the ones that it calls redundant are left out."""
STANDINGS = ("met", "met in part", "not met", "not applicable")


def rows() -> dict[str, tuple[str, str]]:
    """Of each theme what is said of it, and the test."""
    text = DOCS.read_text(encoding="utf-8")
    found = re.findall(
        r"^\| (C\.\d+\.\d+\.\d{4}) \| [^|]+ \| ([^|]+) \| ([^|]*) \|$", text, re.MULTILINE
    )
    assert len(found) == len({theme for theme, *_ in found})
    return {theme: (said.strip(), tests.strip()) for theme, said, tests in found}


def shown_by() -> dict[str, list[str]]:
    """The tests of each theme, by the number in their names."""
    by_theme: dict[str, list[str]] = {}
    for path in sorted(HERE.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            number = isinstance(node, ast.FunctionDef) and re.match(
                r"test_c_(\d+)_(\d+)_(\d{4})_", node.name
            )
            if isinstance(node, ast.FunctionDef) and number:
                by_theme.setdefault("C." + ".".join(number.groups()), []).append(node.name)
    return by_theme


def test_every_theme_has_its_row_and_no_other_has() -> None:
    assert tuple(sorted(rows())) == tuple(sorted(THEMES))


def test_row_names_the_tests_of_its_theme_and_who_has_none_claims_nothing() -> None:
    shown = shown_by()
    assert shown.keys() <= set(THEMES)
    for theme, (said, named) in rows().items():
        standing = said.split(":")[0]
        assert standing in STANDINGS, theme
        assert re.findall(r"`(\w+)`", named) == shown.get(theme, []), theme
        assert bool(named) is standing.startswith("met"), theme
        assert (":" in said) is (standing != "met"), theme
