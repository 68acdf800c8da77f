"""Instruments that are stated in a file each, ``stated/<id>.toml``: items, scores and their sources.

What is not stated has the default of :class:`Instrument`. The table ``[rated]`` stands for numbered
items that are all rated on one scale. A formula is an expression in the language of rules. A test of
its rules has a ``row`` as that of a form, of texts.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trialkit.errors import ProtocolError
from trialkit.protocol.tables.definitions import Complaints, read_table
from trialkit.schemas.instruments.instrument import Instrument

FOLDER = Path(__file__).parent / "stated"


def stated(id_: str) -> Instrument:
    """The instrument of a file. Raises :class:`ProtocolError` with all that is wrong with it."""
    file = FOLDER / f"{id_}.toml"
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    complaints = Complaints(file.name)
    if "rated" in raw:
        raw["items"] = _rated(**raw.pop("rated"))
    for score in raw["scores"]:
        score["formula"] = {"expression": " ".join(score["formula"].split())}
    for test in raw.get("tests", []):
        test["row"] = {"form": id_, "cells": [list(cell) for cell in test["row"].items()]}
    found = read_table(Instrument, raw, table="instrument", complaints=complaints)
    if found is None:
        raise ProtocolError(complaints.all())
    return found


def _rated(
    *, prefix: str, of: str, numbers: list[int], low: int, high: int
) -> list[Mapping[str, Any]]:
    return [
        {"id": f"{prefix}_{number}", "label": f"{of}, item {number}", "low": low, "high": high}
        for number in numbers
    ]
