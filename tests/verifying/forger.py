"""Somebody who changes a trial's folder and makes every hash in it agree again."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from trialkit.report.content.manifest import SHOWN_HASH, sha256

OF_INPUTS = ("forms", "data", "statements")


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Change the text of a file, which has to be another afterwards."""
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8", newline="")


def edit_part(path: Path, part: str, old: str, new: str) -> None:
    """Change a text in a part of a Word file or workbook, and pack it again."""
    with ZipFile(path) as packed:
        parts = {info: packed.read(info) for info in packed.infolist()}
    made = BytesIO()
    with ZipFile(made, "w") as packed:
        for info, content in parts.items():
            assert info.filename != part or old.encode() in content
            is_it = info.filename == part
            packed.writestr(info, content.replace(old.encode(), new.encode(), is_it))
    path.write_bytes(made.getvalue())


def make_the_hashes_agree(trial: Path) -> None:
    """Write the hashes of the files as they are now into the manifest and, short, into the page."""
    out = trial / "output"
    path = out / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    page = out / "report.html"
    text = page.read_text(encoding="utf-8")
    for each in (manifest["protocol"], *(one for group in OF_INPUTS for one in manifest[group])):
        now = sha256((trial / each["file"]).read_bytes())
        text = text.replace(each["sha256"][:SHOWN_HASH], now[:SHOWN_HASH])
        each["sha256"] = now
    page.write_text(text, encoding="utf-8", newline="")
    for each in manifest["documents"]:
        if (out / each["file"]).is_file():
            each["sha256"] = sha256((out / each["file"]).read_bytes())
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
