"""A workbook as bytes that depend on nothing but what stands in it: not on the clock, nor the day."""

import re
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.workbook.workbook import Workbook

_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:(created|modified)>)")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP archive can hold."""
_NO_DAY = date(1980, 1, 1)


def workbook_bytes(workbook: Workbook, day: date = _NO_DAY) -> bytes:
    """The ``.xlsx`` file of a workbook, the same bytes each time it is made.

    ``day`` is when it says that it was made: the data cut, where its content is of one.
    """
    written, settled = BytesIO(), BytesIO()
    workbook.save(written)
    when = rb"\g<1>" + day.isoformat().encode() + rb"T00:00:00Z\g<3>"
    with ZipFile(written) as made, ZipFile(settled, "w", ZIP_DEFLATED) as archive:
        for name in made.namelist():
            part = ZipInfo(name, date_time=_EARLIEST)
            part.compress_type = ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            content = made.read(name)
            if name == "docProps/core.xml":
                content = _STAMPS.sub(when, content)
            archive.writestr(part, content)
    return settled.getvalue()
