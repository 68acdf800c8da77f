"""Files of statistical programs, made for a test."""

from datetime import date, datetime, time
from pathlib import Path

import pandas as pd
import pyreadstat

from trialkit.imports.statistical.moments import Program
from trialkit.imports.statistical.stat_file import StatFile, table_of

VISITS = pd.DataFrame(
    {
        "ID": ["001", "002", "003"],
        "PAIN": [0.0, 1.5, 9.0],
        "SEX": [1.0, 2.0, 1.0],
        "DAY": [date(2024, 1, 2), None, date(1582, 12, 31)],
        "CLOCK": [time(8, 30), time(10, 11, 12), None],
    }
)
SEXES = {1: "male", 2: "female"}
MOMENT = datetime(2024, 1, 2, 10, 11, 12, 345678)  # noqa: DTZ001  # files of these programs have no zone


def spss(folder: Path, frame: pd.DataFrame = VISITS, name: str = "a.sav", **more: object) -> Path:
    path = folder / name
    pyreadstat.write_sav(frame, path, compress=name.endswith("zsav"), **more)
    return path


def stata(folder: Path, frame: pd.DataFrame, **more: object) -> Path:
    path = folder / "a.dta"
    pyreadstat.write_dta(frame, path, **more)
    return path


def transport(folder: Path, frame: pd.DataFrame = VISITS, version: int = 5, **more: object) -> Path:
    path = folder / f"a{version}.xpt"
    pyreadstat.write_xport(frame, path, file_format_version=version, **more)
    return path


def with_special_missing(path: Path, number: int, sign: str) -> None:
    """The one cell of a transport file that holds a number from 1 to 15 becomes missing."""
    content = path.read_bytes()
    there = bytes([0x41, number << 4, 0, 0, 0, 0, 0, 0])
    assert content.count(there) == 1
    path.write_bytes(content.replace(there, sign.encode() + bytes(7)))


PROGRAMS = {
    ".sav": Program.SPSS,
    ".zsav": Program.SPSS,
    ".dta": Program.STATA,
    ".xpt": Program.SAS,
}


def table(path: Path) -> StatFile:
    """The table in a file, read without a process of its own."""
    return table_of(path.name, PROGRAMS[path.suffix], path.read_bytes())
