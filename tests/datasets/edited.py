"""A copy of a test trial with some text changed, and the datasets that it gives."""

import shutil
from datetime import date
from pathlib import Path

from trialkit.datasets.building import build_datasets
from trialkit.datasets.model import Datasets
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

THREE_ARMS = Path(__file__).parents[1] / "trials" / "three_arms"

Change = tuple[str, str, str]
"""A file under the trial's folder, text that stands in it once, and what takes its place."""


def edited(folder: Path, *changes: Change, cut: date | None = None) -> Datasets:
    """The datasets of the three-arm trial, its files changed."""
    copy = folder / "trial"
    shutil.copytree(THREE_ARMS, copy, ignore=shutil.ignore_patterns("__pycache__", "output"))
    for name, old, new in changes:
        path = copy / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{name}: {old!r} stands there {text.count(old)} times"
        path.write_text(text.replace(old, new), "utf-8", newline="\n")
    protocol = load_protocol(copy)
    schemas = form_schemas(copy, protocol)
    return build_datasets(freeze(FolderSource(folder=copy), schemas, cut=cut), schemas, protocol)
