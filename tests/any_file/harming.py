"""Sound files, harmed: as bytes, as text, as JSON, as the parts of an archive."""

import json
import re
import warnings
from collections.abc import Callable, Sequence
from io import BytesIO
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

LARGEST = 200_000
"""How many bytes a harmed file has at most."""
_ODD_TEXTS = (
    "", "0", "-1", "1e999", "nan", "-inf", "999999999999999999999", "0.0000001", "9" * 5000, "true",
    "null", "None", "1048576", "16384", "2026-02-30", "9999-12-31", "0001-01-01", "12:61", "UNK",
    "\x00", "\ufeff", "\u2028", "\u202e", "\U0001f600", "ä", "e\u0301", "=1+1", "@x", "'", '"', '""',
    ",", ";", "\t", "|", "\r", "\n", "\r\n", "\\", "{", "}", "[", "]", "[[", "]]", "(", ")", "((((((((",
    "<", ">", "</", "/>", "<!--", "&", "&amp;", "&#0;", "&#x110000;", "_x0000_", "_xD800_", "<![CDATA[",
    "..", "/", "../x", "a.b.c", "${x}", "{x}", "{{x}}", "{%", "[x]", "visit", "subject_id", "AND", "NOT ",
    "x" * 2000, "1," * 500, "- " * 500, "A1", "ZZZ9999999", "sharedStrings.xml", "../../x", "/x", "C:x",
)  # fmt: skip
ODD = (
    *(each.encode("utf-8", "surrogatepass") for each in _ODD_TEXTS),
    b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xff\xfe", b"PK\x03\x04", b"\x1f\x8b", b"PAR1", b"\xef\xbb\xbf",
)  # fmt: skip
_NUMBER = re.compile(rb"[0-9]+(?:\.[0-9]+)?")
_QUOTED = re.compile(rb"\"[^\"\n]*\"|'[^'\n]*'|>[^<>\n]+<")
_WORD = re.compile(rb"[A-Za-z_][A-Za-z_0-9.]*")

Harm = Callable[[bytes, Random, Sequence[bytes]], bytes]


def harmed(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """The content with one to four things done to it; ``others`` lend what is spliced in."""
    harms = _harms_of(content)
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        content = random.choice(harms)(content, random, others)[:LARGEST]
    return content


def _harms_of(content: bytes) -> tuple[Harm, ...]:
    if content.startswith(b"PK\x03\x04"):
        return (*_OF_BYTES, *(4 * _OF_ARCHIVES))
    if content[:1] in {b"{", b"["} and b'"' in content[:40] and _is_json(content):
        return (*_OF_BYTES, *_OF_TEXT, *(3 * _OF_JSON))
    if b"\x00" in content[:1000]:
        return _OF_BYTES
    return (*_OF_BYTES, *(2 * _OF_TEXT))


def _place(content: bytes, random: Random) -> int:
    return random.randint(0, len(content))


def _stretch(content: bytes, random: Random, most: int = 400) -> tuple[int, int]:
    start = _place(content, random)
    return start, min(len(content), start + random.randint(1, most))


def changed_bits(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    changed = bytearray(content)
    for _ in range(random.randint(1, 5)):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def cut_off(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    return content[: _place(content, random)]


def taken_out(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    start, end = _stretch(content, random)
    return content[:start] + content[end:]


def repeated(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    start, end = _stretch(content, random)
    times = random.choice((1, 2, 3, 100, 1000))
    return content[:end] + content[start:end] * times + content[end:]


def spliced(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    other = random.choice(others) if others else content
    start, end = _stretch(other, random, 2000)
    at = _place(content, random)
    return content[:at] + other[start:end] + content[at + random.choice((0, end - start)) :]


def put_in(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    at = _place(content, random)
    return content[:at] + random.choice(ODD) + content[at:]


def drawn(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    return random.randbytes(random.randint(0, 60))


_OF_BYTES: tuple[Harm, ...] = (
    changed_bits,
    cut_off,
    taken_out,
    repeated,
    spliced,
    put_in,
    drawn,
)


def _one_replaced(
    pattern: re.Pattern[bytes], content: bytes, random: Random, new: bytes, edge: int = 0
) -> bytes:
    found = list(pattern.finditer(content[:LARGEST]))
    if not found:
        return content
    match = random.choice(found)
    return content[: match.start() + edge] + new + content[match.end() - edge :]


def another_number(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    new = random.choice((b"0", b"-1", b"1e9", b"9" * 400, b"0.1", b"1048577", b"2", b"nan", b"inf"))
    return _one_replaced(_NUMBER, content, random, new)


def another_value(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    return _one_replaced(_QUOTED, content, random, random.choice(ODD), edge=1)


def another_word(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    words = _WORD.findall(content[:LARGEST]) or [b"x"]
    return _one_replaced(_WORD, content, random, random.choice(words))


def without_a_line(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    lines = content.splitlines(keepends=True)
    if lines:
        del lines[random.randrange(len(lines))]
    return b"".join(lines)


def a_line_elsewhere(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    lines = content.splitlines(keepends=True)
    lent = random.choice(others).splitlines(keepends=True) if others else lines
    if lines and lent:
        start = random.randrange(len(lent))
        block = lent[start : start + random.choice((1, 1, 3, 12))]
        at = random.randint(0, len(lines))
        lines[at:at] = block
    return b"".join(lines)


def the_lines_mixed(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    lines = content.splitlines(keepends=True)
    random.shuffle(lines)
    return b"".join(lines)


def odd_lines_ends(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    return content.replace(b"\n", random.choice((b"\r", b"\r\n", b"\n\n", b"\x0b", b"\x85")))


def in_another_encoding(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(random.choice(("utf-16", "utf-16-be", "latin-1", "utf-32")), "replace")


_OF_TEXT: tuple[Harm, ...] = (
    another_number,
    another_number,
    another_value,
    another_value,
    another_word,
    without_a_line,
    a_line_elsewhere,
    a_line_elsewhere,
    the_lines_mixed,
    odd_lines_ends,
    in_another_encoding,
)


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content.splitlines()[0])
    except (ValueError, RecursionError):
        try:
            json.loads(content)
        except (ValueError, RecursionError):
            return False
    return True


_ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, 1e308, float("inf"), float("nan"), "", "x", "\u202e", [], {},
    [[]], {"x": {}}, [None], "9" * 300, "2026-13-01", "../x", ["a", "a"], {"": ""}, 2**63,
)  # fmt: skip


def another_json_value(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """One value, anywhere in one of the lines or in the whole, is another, gone or doubled."""
    lines = content.splitlines(keepends=True)
    at = random.randrange(len(lines)) if len(lines) > 1 and content[:2] != b"{\n" else -1
    try:
        tree = json.loads(content if at < 0 else lines[at])
    except (ValueError, RecursionError):
        return content
    tree = _with_another_value(tree, random)
    written = json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
    if at < 0:
        return written
    lines[at] = written + b"\n"
    return b"".join(lines)


def _with_another_value(tree: Any, random: Random) -> Any:
    holders: list[Any] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict | list) and node:
            holders.append(node)
            for inner in node.values() if isinstance(node, dict) else node:
                walk(inner)

    walk(tree)
    if not holders or random.random() < 0.05:
        return random.choice(_ODD_VALUES)
    holder = random.choice(holders)
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    key = random.choice(keys)
    match random.randrange(6):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[random.choice(("x", "", "id", "file"))] = holder[key]
        case 1 | 2 if isinstance(holder, list):
            holder.append(holder[key])
        case _:
            holder[key] = random.choice(_ODD_VALUES)
    return tree


def deep_json(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    at = _place(content, random)
    return content[:at] + random.choice((b"[", b'{"a":')) * 3000 + content[at:]


_OF_JSON: tuple[Harm, ...] = (
    another_json_value,
    another_json_value,
    another_json_value,
    another_json_value,
    another_json_value,
    deep_json,
)


def _parts(content: bytes) -> list[tuple[str, bytes]] | None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > 20 * LARGEST:
                return None
            return [(each.filename, archive.read(each)) for each in archive.infolist()]
    except (BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        return None
    except Exception as error:
        if type(error).__name__ == "error":
            return None
        raise


def _archive(parts: Sequence[tuple[str, bytes]]) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that two parts have one name is meant
        for name, part in parts:
            entry = ZipInfo(name or "x")
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, part)
    return written.getvalue()


def a_harmed_part(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    parts = _parts(content)
    if not parts:
        return content
    at = random.randrange(len(parts))
    name, part = parts[at]
    lent = [each for _, each in parts]
    for _ in range(random.randint(1, 3)):
        part = random.choice((*_OF_TEXT, *_OF_TEXT, *_OF_BYTES))(part, random, lent)[:LARGEST]
    parts[at] = (name, part)
    return _archive(parts)


def other_parts(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """A part that is gone, there twice, under another's or a strange name, or an archive itself."""
    parts = _parts(content)
    if not parts:
        return content
    at = random.randrange(len(parts))
    name, part = parts[at]
    match random.randrange(6):
        case 0:
            del parts[at]
        case 1:
            parts.append((name, random.choice(parts)[1]))
        case 2:
            parts[at] = (random.choice(("/" + name, "../" + name, name.upper(), "x")), part)
        case 3:
            parts[at] = (random.choice(parts)[0], part)
        case 4:
            parts[at] = (name, content)
        case _:
            parts[at] = (name, b"")
    return _archive(parts)


def many_of_one(content: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """One element of a part, very often."""
    parts = _parts(content)
    if not parts:
        return content
    at = random.randrange(len(parts))
    name, part = parts[at]
    found = re.findall(rb"<[a-zA-Z][^<>]*/>|<(?:c|row|si|xf|sheet)\b[^<>]*>.*?</[a-z]+>", part)
    if found:
        one = random.choice(found)[:2000]
        part = part.replace(one, one * random.choice((2, 100, 5000)), 1)[: 5 * LARGEST]
    parts[at] = (name, part)
    return _archive(parts)


_OF_ARCHIVES: tuple[Harm, ...] = (a_harmed_part, a_harmed_part, a_harmed_part, other_parts, many_of_one)  # fmt: skip
