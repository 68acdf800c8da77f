"""The bytes of a transport file say which of the 27 special missing values a cell holds."""

from pathlib import Path

import pandas as pd
import pytest

from tests.imports.statistical.files import transport, with_special_missing
from trialkit.imports.statistical.special_missing import special_missing

FRAME = pd.DataFrame({"ID": ["A", "B"], "X": [2.0, 1.0], "Y": [0.0, 3.0]})


@pytest.mark.parametrize("version", [5, 8])
@pytest.mark.parametrize("sign", ["_", "A", "M", "Z"])
def test_each_sign_is_a_code_of_its_own(tmp_path: Path, version: int, sign: str) -> None:
    path = transport(tmp_path, FRAME, version=version)
    with_special_missing(path, 3, sign)
    found = special_missing(path.read_bytes(), list(FRAME.columns), 2)
    assert {name: codes.to_list() for name, codes in found.items()} == {"Y": [None, f".{sign}"]}


def test_numbers_zeros_and_plain_missing_values_are_none(tmp_path: Path) -> None:
    path = transport(tmp_path, FRAME)
    with_special_missing(path, 3, ".")
    assert special_missing(path.read_bytes(), list(FRAME.columns), 2) == {}


def test_bytes_that_are_not_as_they_say_have_none(tmp_path: Path) -> None:
    path = transport(tmp_path, FRAME)
    with_special_missing(path, 3, "A")
    content = path.read_bytes()
    names = list(FRAME.columns)
    assert special_missing(content[:700], names, 2) == {}
    assert special_missing(content, names, 200) == {}
    assert special_missing(content, [*names, "Z"] * 9, 2) == {}
    assert special_missing(b"nothing", names, 2) == {}
    assert special_missing(content, names, 0) == {}
