"""What is printed under a label can be told from its neighbours by it."""

from collections.abc import Iterator, Mapping

from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.tables.labels import EXPECTED, alike
from trialkit.protocol.tables.raw_tables import Table, characteristic, rows, text
from trialkit.protocol.trial.data_format import DEFAULT_MISSING_CODES
from trialkit.protocol.trial.report_contents import RowTable

_LABELLED = (
    "sites",
    "arms",
    "treatments",
    "periods",
    "factors",
    "visits",
    "outcomes",
    "intercurrent_events",
    "populations",
    "families",
)
_Labels = list[tuple[str, str]]
"""Codes with their labels."""


def complain_of_labels(raw: Table, complaints: Complaints) -> None:
    """Add a complaint for each code whose label another code of its table has, too."""
    characteristics = [
        (characteristic(each), text(each, "label") or text(each, "item"))
        for _, each in rows(raw, "characteristics")
    ]
    labels = {name: _labels(raw, name) for name in _LABELLED} | {
        "characteristics": characteristics,
        "data.missing_codes": _missing_codes(raw),
    }
    for table, own in labels.items():
        for each in alike(own):
            complaints.add(table=table, key="label", found=each.found, expected=EXPECTED)
    for printed in _as_printed(raw, labels["outcomes"], characteristics):
        for each in alike(printed):
            complaints.add(table="report.rows", key="label", found=each.found, expected=EXPECTED)


def _labels(raw: object, name: str) -> _Labels:
    tables = rows(raw, name) if isinstance(raw, Mapping) else []
    return [(text(each, "code"), text(each, "label")) for _, each in tables]


def _missing_codes(raw: Table) -> _Labels:
    """Those of every trial, and the trial's own, which may redefine them."""
    own = _labels(raw.get("data"), "missing_codes")
    redefined = {code for code, _ in own} | _replaced(raw.get("data"))
    kept = [(each.code, each.label) for each in DEFAULT_MISSING_CODES]
    return [each for each in kept if each[0] not in redefined] + own


def _replaced(data: object) -> set[str]:
    tables = rows(data, "missing_codes") if isinstance(data, Mapping) else []
    return {text(each, "instead_of") for _, each in tables}


def _as_printed(raw: Table, outcomes: _Labels, characteristics: _Labels) -> Iterator[_Labels]:
    """The labels of the tables of which the report names a row in another way."""
    report = raw.get("report")
    settings = rows(report, "rows") if isinstance(report, Mapping) else []
    for table, labels in ((RowTable.OUTCOMES, outcomes), (RowTable.BASELINE, characteristics)):
        own = {
            text(each, "of"): text(each, "label")
            for _, each in settings
            if text(each, "table") == table and text(each, "label")
        }
        if own:
            yield [(code, own.get(code, label)) for code, label in labels]
