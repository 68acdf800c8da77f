"""Word files of a few parts, for tests that read them."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_file(path: Path, body: str, **parts: str) -> Path:
    """A file whose body holds this XML; other parts by their names, ``__`` for a slash."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>"
        )
        for name, content in parts.items():
            archive.writestr(f"{name.replace('__', '/')}.xml", content)
    return path


def words(text: str) -> str:
    """A run."""
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def marked(name: str, *runs: str, number: int = 1) -> str:
    """Runs in a bookmark."""
    inside = "".join(runs)
    start = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'
    return f'{start}{inside}<w:bookmarkEnd w:id="{number}"/>'
