"""The special missing values of a SAS transport file: ``.A`` to ``.Z`` and ``._``, read from its bytes.

A number of the file is eight bytes or fewer; a missing one is the sign of its kind, and then zeros.
The library reads all kinds as one, so that "refused" and "not done" would be the same blank.
"""

import struct
from collections.abc import Sequence

import numpy as np
import polars as pl

_NAMES, _ROWS = (
    (b"HEADER RECORD*******NAMESTR", b"HEADER RECORD*******NAMSTV8"),
    (b"HEADER RECORD*******OBS",),
)
_HEADER, _NAME = 80, 140
_PLACE = 84
_SIGNS = b"_ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def special_missing(content: bytes, names: Sequence[str], rows: int) -> dict[str, pl.Series]:
    """By numeric variable that has any: the code of each cell that is specially missing, else null."""
    begins = [content.find(each) for each in _NAMES]
    start = max(begins)
    layout = _layout(content, start + _HEADER, len(names)) if start >= 0 else []
    first = content.find(_ROWS[0], start + _HEADER + _NAME * len(names))
    width = max((place + length for _, place, length in layout), default=0)
    begin = first + _HEADER
    if first < 0 or len(layout) != len(names) or not rows or begin + rows * width > len(content):
        return {}
    block = np.frombuffer(content, np.uint8, rows * width, begin).reshape(rows, width)
    found = {}
    for name, (is_number, place, length) in zip(names, layout, strict=True):
        if not is_number:
            continue
        cells = block[:, place : place + length]
        signed = np.isin(cells[:, 0], np.frombuffer(_SIGNS, np.uint8)) & ~cells[:, 1:].any(axis=1)
        if signed.any():
            sign = pl.Series(cells[:, 0]).replace_strict(
                list(_SIGNS),
                [f".{chr(each)}" for each in _SIGNS],
                default=None,
                return_dtype=pl.String,
            )
            found[name] = sign.set(pl.Series(~signed), None).alias(name)
    return found


def _layout(content: bytes, begin: int, count: int) -> list[tuple[bool, int, int]]:
    """Of each variable whether it is a number, where it stands in a row, and how long it is."""
    if begin + _NAME * count > len(content):
        return []
    layout = []
    for at in range(begin, begin + _NAME * count, _NAME):
        kind, _, length = struct.unpack_from(">hhh", content, at)
        (place,) = struct.unpack_from(">i", content, at + _PLACE)
        if length <= 0 or place < 0 or place > len(content):
            return []
        layout.append((kind == 1, place, length))
    return layout
