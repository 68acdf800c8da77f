"""One digest of several files."""

import hashlib
from collections.abc import Iterable


def sha256_of_all(files: Iterable[tuple[str, str]]) -> str:
    """The SHA-256 of several files: of their names and own SHA-256, a line each, in their order."""
    lines = (f"{name} {sha256}\n" for name, sha256 in files)
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()
