"""A form that is written as text is the same form when it is read again."""

import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import EXAMPLE, THREE_ARMS
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.forms.form_text import form_toml, quoted, said
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.reading.loading import form_schemas

NEW = Path(__file__).parents[3] / "trialkit" / "newtrial"


def by_id(schemas: Schemas):
    """The forms, whatever file they came from."""
    return {form.id: replace(form, file="", sha256="") for form in schemas.forms}


@pytest.mark.parametrize("folder", [EXAMPLE, THREE_ARMS, NEW], ids=lambda folder: folder.name)
def test_every_form_of_a_trial_comes_back_as_it_was(folder: Path, tmp_path: Path) -> None:
    protocol = load_protocol(folder)
    forms = by_id(form_schemas(folder, protocol))
    shutil.copy(folder / "protocol.toml", tmp_path)
    (tmp_path / "forms").mkdir()
    for form in forms.values():
        text = form_toml(form, origin=("Written again.",), comments={form.items[0].id: ("First.",)})
        (tmp_path / "forms" / f"{form.id}.toml").write_text(text, encoding="utf-8")
    assert by_id(form_schemas(tmp_path, protocol)) == forms


@given(text=st.text(st.characters(exclude_categories=("Cs",))))
def test_any_text_is_one_line_of_toml_that_reads_back(text: str) -> None:
    line = f"a = {quoted(text)}  # {said(text)}"
    assert len(line.splitlines()) == 1
    assert tomllib.loads(line) == {"a": text}
