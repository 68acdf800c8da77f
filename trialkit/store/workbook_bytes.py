"""A workbook as bytes that depend on nothing but what stands in it: not on the clock, nor the day."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.workbook.workbook import Workbook

_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:(created|modified)>)")
_WHEN = rb"\g<1>1980-01-01T00:00:00Z\g<3>"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP archive can hold."""


def workbook_bytes(workbook: Workbook) -> bytes:
    """The ``.xlsx`` file of a workbook, the same bytes each time it is made."""
    written, settled = BytesIO(), BytesIO()
    workbook.save(written)
    with ZipFile(written) as made, ZipFile(settled, "w", ZIP_DEFLATED) as archive:
        for name in made.namelist():
            part = ZipInfo(name, date_time=_EARLIEST)
            part.compress_type = ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            content = made.read(name)
            if name == "docProps/core.xml":
                content = _STAMPS.sub(_WHEN, content)
            archive.writestr(part, content)
    return settled.getvalue()
