"""The tables of ``docs/exit-codes.md``, to be held to."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[3] / "docs" / "exit-codes.md").read_text(encoding="utf-8")
NOT_MET = "–"


def tables() -> list[list[list[str]]]:
    """Each table of the page: its rows of cells, the head first."""
    found = re.findall(r"(?:^\|.*\n)+", PAGE, flags=re.MULTILINE)
    return [
        [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in table.splitlines()
            if not line.startswith("|---")
        ]
        for table in found
    ]


_CODES, _MEANINGS, _CONDITIONS, _COMMANDS, _REFUSALS = tables()
CODES = {int(code): meaning for code, meaning in _CODES[1:]}
MEANINGS = {
    command.strip("`"): {
        code: said
        for code, said in zip(map(int, _MEANINGS[0][1:]), cells, strict=True)
        if said != NOT_MET
    }
    for command, *cells in _MEANINGS[1:]
}
SAID = {name: said.strip("`") for name, _, _, said in _CONDITIONS[1:]}
ENDS = {
    (row[0].strip("`"), condition): cell
    for row in _COMMANDS[1:]
    for condition, cell in zip(_COMMANDS[0][1:], row[1:], strict=True)
}
REFUSALS = {name.strip("`"): said for names, said in _REFUSALS[1:] for name in names.split(", ")}
