"""A manuscript's package: its files, and the manifest that lists them with their hashes.

Whoever opens the package writes on in it. So a file that is not as a package left it is never
overwritten and never taken away.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from trialkit.disk.content import Content, whole
from trialkit.errors import DataFileError
from trialkit.files.whole_files import placed, read_whole, write_together
from trialkit.report.content.manifest import as_json, sha256
from trialkit.steps.stages import Packaged

PACKAGE = "package.json"


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

    Raises :class:`DataFileError`, and nothing is changed, where a file in the way was not made by a
    package, or was changed since.
    """
    earlier = listed_in(out)
    for name in dict.fromkeys((*files, *earlier)):
        _refuse_what_is_somebody_elses(out / name, earlier.get(name), files.get(name))
    return write_together(placed(files, out), leaving=[out / name for name in earlier])


def _refuse_what_is_somebody_elses(path: Path, made: str | None, now: Content | None) -> None:
    """A file may go if it holds what an earlier package wrote, or stay if it holds what this one does."""
    if path.name == PACKAGE:
        return
    there = read_whole(path)
    if there is None or sha256(there) == made or (now is not None and whole(now) == there):
        return
    what = "was changed since it was made" if made else "was not made by a package"
    raise DataFileError(
        f"{path}: {what}, and would be lost; move it away, or name another folder by --package"
    )


def listed_in(out: Path) -> dict[str, str]:
    """The files of an earlier package with their hashes; nothing of one whose manifest is none."""
    content = read_whole(out / PACKAGE)
    if content is None:
        return {}
    try:
        table = json.loads(content.decode("utf-8"))
        listed = {str(each["file"]): str(each["sha256"]) for each in table["files"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DataFileError(
            f"{out / PACKAGE}: is no manifest of a package, and would be lost; move it away, or "
            "name another folder by --package"
        ) from None
    return {name: sha for name, sha in listed.items() if _is_inside(name)} | {PACKAGE: ""}


def _is_inside(name: str) -> bool:
    """Whether a name of a manifest is one that a package gives: a file, or one in ``figures/``."""
    *folders, file = name.split("/")
    return folders in ([], ["figures"]) and bool(file.strip(".")) and "\\" not in file
