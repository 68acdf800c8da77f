"""Every situation and every function of a sequential design names its source and its check."""

import inspect
import re
from pathlib import Path

import pytest

from trialkit.design.sample_size import SITUATIONS
from trialkit.design.sequential import (
    boundaries,
    boundaries_at,
    conditional_power,
    monitor,
    repeated_p_value,
    sequential_size,
)

ROOT = Path(__file__).parents[2]
CLAIMS = [
    *SITUATIONS.values(),
    boundaries,
    boundaries_at,
    conditional_power,
    monitor,
    repeated_p_value,
    sequential_size,
]


@pytest.mark.parametrize("thing", CLAIMS, ids=lambda each: each.__name__)
def test_source_and_check_are_named_and_there(thing: object) -> None:
    text = inspect.getdoc(thing) or ""
    assert re.search(r"^Estimand$", text, re.MULTILINE)
    assert re.search(r"^Reference$", text, re.MULTILINE)
    checked = re.search(r"Checked against\s+``(.+?)``", text)
    assert checked, "no reference values named"
    assert (ROOT / checked[1]).read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("thing", CLAIMS, ids=lambda each: each.__name__)
def test_the_module_names_its_page(thing: object) -> None:
    text = inspect.getdoc(inspect.getmodule(thing)) or ""
    pages = re.findall(r"``(docs/methods/[\w-]+\.md)``", text)
    assert pages
    assert all((ROOT / page).is_file() for page in pages)
