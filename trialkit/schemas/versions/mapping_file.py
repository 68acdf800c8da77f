"""A mapping of data between versions of the forms, as a TOML file says it."""

from pathlib import Path

from trialkit.errors import ProtocolError, TrialStep, refuse
from trialkit.protocol.tables.definitions import Complaints, load_toml, read_table, read_tables
from trialkit.schemas.versions.mapping import (
    AcceptedChange,
    DataMapping,
    DroppedItem,
    MovedItem,
    RenamedCode,
)

_KNOWN = ("reason", "moved", "codes", "dropped", "accepted")


def read_mapping(path: Path) -> DataMapping:
    """The mapping in a file.

    Raises :class:`ProtocolError` with everything that is wrong with it.
    """
    raw, _ = load_toml(path, file=path.name)
    complaints = Complaints(path.name)
    for key in raw:
        if key not in _KNOWN:
            complaints.add(table="", key=key, found=repr(key), expected=", ".join(_KNOWN))
    given = {
        name: read_tables(kind, raw.get(name), table=name, complaints=complaints)
        for name, kind in (
            ("moved", MovedItem),
            ("codes", RenamedCode),
            ("dropped", DroppedItem),
            ("accepted", AcceptedChange),
        )
    }
    reason = {"reason": raw.get("reason", "")}
    mapping = read_table(DataMapping, reason, table="", complaints=complaints, given=given)
    refuse(complaints.all(), TrialStep.VALIDATE)
    if mapping is None:
        raise ProtocolError(f"{path.name}: is no mapping")
    return mapping
