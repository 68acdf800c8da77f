"""A manuscript's package: its files, and the manifest that lists them with their hashes.

Whoever opens the package writes on in it. So a file that is not as a package left it is never
overwritten and never taken away.
"""

from collections.abc import Mapping
from pathlib import Path

from trialkit.disk.content import Content, whole
from trialkit.errors import DataFileError
from trialkit.files.own_files import Maker, replace_own
from trialkit.files.whole_files import output_folder
from trialkit.outputs.names import MANIFEST
from trialkit.report.content.manifest import as_json, sha256
from trialkit.steps.stages import Packaged

PACKAGE = "package.json"
_ANOTHER = "a package takes a folder of its own, since the two would mix: name another by --package"


def package_files(packaged: Packaged) -> dict[str, Content]:
    """Every file of the package by its name; the manifest, which lists the others, is the last."""
    files: dict[str, Content] = {each.file: each.data for each in packaged.documents}
    about = {each.file: each.about for each in packaged.documents}
    content, manifest = packaged.published.content, packaged.published.manifest
    authors = packaged.authorship
    table = {
        "trial": manifest.trial,
        "style": content.style.name.value,
        "synthetic": content.synthetic,
        "draft": content.draft,
        "made_from": manifest.code,
        "authors_sha256": "" if authors is None else authors.sha256,
        "files": [
            {"file": name, "sha256": sha256(whole(data)), "about": about[name]}
            for name, data in files.items()
        ],
    }
    return files | {PACKAGE: as_json(table).encode()}


def replace_package(out: Path, files: Mapping[str, Content]) -> list[Path]:
    """These files in the place of those of an earlier package in ``out``, all together or none.

    Raises :class:`DataFileError`, and nothing is changed, where a run keeps its outputs there, or a
    file in the way was not made by a package, or was changed since.
    """
    _refuse_outputs_of_a_run(out)
    return replace_own(MAKER, out, files)


def refuse_folder_of_outputs(trial: Path, out: Path) -> None:
    """Raise :class:`DataFileError` for the folder where the trial's own outputs go, made or not."""
    if out.resolve() == output_folder(trial, None).resolve():
        raise DataFileError(f"{out}: is the folder of the trial's outputs; {_ANOTHER}")
    _refuse_outputs_of_a_run(out)


def _refuse_outputs_of_a_run(out: Path) -> None:
    """A run that came later would leave its files among those of the package."""
    if (out / MANIFEST).exists():
        raise DataFileError(f"{out}: holds the outputs of a run ({MANIFEST}); {_ANOTHER}")


def _is_inside(name: str) -> bool:
    """Whether a name of a manifest is one that a package gives: a file, or one in ``figures/``."""
    *folders, file = name.split("/")
    return folders in ([], ["figures"]) and bool(file.strip(".")) and "\\" not in file


MAKER = Maker(manifest=PACKAGE, what="a package", option="--package", owns=_is_inside)
