"""The data of the small trial as they were entered: read, with nothing cut, marked or calculated."""

from pathlib import Path

from tests.miniature import Miniature
from trialkit.schemas.forms.forms import Schemas
from trialkit.store.freezing import parsed
from trialkit.store.snapshot import FormData
from trialkit.store.sources.folder_source import FolderSource


def in_hand(trial: Miniature, folder: Path) -> tuple[dict[str, FormData], Schemas]:
    """The rows of every form, and what the forms are."""
    schemas = trial.schemas(folder)
    source, data = FolderSource(folder=folder), schemas.data
    forms = {form.id: parsed(source.table(form, data), form, data) for form in schemas.forms}
    return forms, schemas
