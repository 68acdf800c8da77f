"""The three-arm trial with all arms pooled, its files changed, and with another allocation."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import polars as pl

from tests.datasets.edited import THREE_ARMS, Change
from tests.line import Line
from trialkit.datasets.pooling import build_pooled, pool
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

Tables = Mapping[str, pl.DataFrame]
OF_SESSIONS: Change = ("protocol.toml", "minimum_attendance_percent = 66\n", "")
"""Without it no population depends on sessions, which depend on the arm."""


def changed_copy(folder: Path, *changes: Change) -> Path:
    """A copy of the trial in which each text stood once."""
    copy = folder / "trial"
    shutil.copytree(THREE_ARMS, copy, ignore=shutil.ignore_patterns("__pycache__", "output"))
    for name, old, new in changes:
        path = copy / name
        text = path.read_text("utf-8-sig")
        assert text.count(old) == 1, f"{name}: {old!r} stands there {text.count(old)} times"
        path.write_text(text.replace(old, new), "utf-8", newline="\n")
    return copy


def pooled_line(folder: Path, *changes: Change) -> Line:
    """The line of the copy, pooled."""
    copy = changed_copy(folder, *changes)
    written = load_protocol(copy)
    schemas = form_schemas(copy, written)
    protocol = pool(written, schemas)
    snapshot = freeze(FolderSource(folder=copy), schemas, cut=None)
    datasets = build_pooled(snapshot, schemas, protocol)
    return Line(
        folder=copy,
        protocol=protocol,
        schemas=schemas,
        snapshot=snapshot,
        datasets=datasets,
        results=carry_out(protocol, datasets),
    )


def reallocated(tables: Tables, random: Random) -> Tables:
    """The same with the allocation shuffled: who received their own arm does so again, who another, too."""
    randomisation, end = tables["randomisation"], tables["end_of_study"]
    subjects = randomisation["subject_id"].to_list()
    old = dict(zip(subjects, randomisation["arm"].to_list(), strict=True))
    shuffled = list(old.values())
    random.shuffle(shuffled)
    new = dict(zip(subjects, shuffled, strict=True))
    codes = sorted(set(shuffled))
    received = [
        _received(text, old.get(subject, ""), new.get(subject, ""), codes)
        for subject, text in end.select("subject_id", "arm_received").iter_rows()
    ]
    return {
        **tables,
        "randomisation": randomisation.with_columns(arm=pl.Series(shuffled)),
        "end_of_study": end.with_columns(arm_received=pl.Series(received)),
    }


def _received(text: str, old: str, new: str, codes: Sequence[str]) -> str:
    if text not in codes:
        return text
    return new if text == old else next(code for code in codes if code != new)
