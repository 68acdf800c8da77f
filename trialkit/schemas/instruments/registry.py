"""The instruments that trialkit knows, by their ids."""

from collections.abc import Mapping
from types import MappingProxyType

from trialkit.errors import ProtocolError
from trialkit.protocol.tables.choices import suggestion
from trialkit.schemas.instruments.beliefs import FABQ, PCS, TSK_11, TSK_17
from trialkit.schemas.instruments.disability import ODI, PSFS, QBPDS, RMDQ
from trialkit.schemas.instruments.imaging import MUSCLE_AREA, MUSCLE_THICKNESS
from trialkit.schemas.instruments.instrument import Instrument
from trialkit.schemas.instruments.pain import NRS, PGIC, VAS
from trialkit.schemas.instruments.performance import (
    BIERING_SORENSEN,
    HAMSTRING_STRENGTH,
    SIT_AND_REACH,
    TOGU_BALANCE,
    TRUNK_STRENGTH,
    Y_BALANCE,
)
from trialkit.schemas.instruments.quality_of_life import EQ_5D_5L, RAND_36
from trialkit.schemas.instruments.training import SESSION_LOG

INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {
        each.id: each
        for each in (
            VAS,
            NRS,
            PGIC,
            ODI,
            RMDQ,
            QBPDS,
            PSFS,
            TSK_17,
            TSK_11,
            PCS,
            FABQ,
            RAND_36,
            EQ_5D_5L,
            Y_BALANCE,
            BIERING_SORENSEN,
            TRUNK_STRENGTH,
            HAMSTRING_STRENGTH,
            SIT_AND_REACH,
            TOGU_BALANCE,
            MUSCLE_THICKNESS,
            MUSCLE_AREA,
            SESSION_LOG,
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
