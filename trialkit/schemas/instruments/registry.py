"""The instruments that trialkit knows, by their ids."""

from collections.abc import Mapping
from types import MappingProxyType

from trialkit.errors import ProtocolError
from trialkit.protocol.tables.choices import suggestion
from trialkit.schemas.instruments.disability import ODI, PSFS, RMDQ
from trialkit.schemas.instruments.instrument import Instrument
from trialkit.schemas.instruments.performance import (
    HAMSTRING_STRENGTH,
    SIT_AND_REACH,
    TOGU_BALANCE,
    TRUNK_STRENGTH,
    Y_BALANCE,
)
from trialkit.schemas.instruments.quality_of_life import RAND_36
from trialkit.schemas.instruments.stated_instruments import stated

INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {
        each.id: each
        for each in (
            *map(stated, ("vas_pain", "nrs_pain", "pgic")),
            ODI,
            RMDQ,
            stated("qbpds"),
            PSFS,
            *map(stated, ("tsk_17", "tsk_11", "pcs", "fabq")),
            RAND_36,
            stated("eq_5d_5l"),
            Y_BALANCE,
            stated("biering_sorensen"),
            TRUNK_STRENGTH,
            HAMSTRING_STRENGTH,
            SIT_AND_REACH,
            TOGU_BALANCE,
            *map(stated, ("muscle_thickness", "muscle_area", "session_log", "sae")),
        )
    }
)
"""Every instrument with its default options."""


def instrument(id_: str) -> Instrument:
    """The instrument with this id; an unknown one lists the known ones."""
    if id_ in INSTRUMENTS:
        return INSTRUMENTS[id_]
    raise ProtocolError(
        f"there is no instrument {id_!r}; known are {', '.join(INSTRUMENTS)}"
        + suggestion(id_, list(INSTRUMENTS))
    )
