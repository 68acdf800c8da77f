"""Who sees a part of the answers: what is withheld from them, what they judge, and what is not for them."""

from collections.abc import Collection, Mapping

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.tables import FORM_TABLE
from trialkit.evidence.people.marks_apart import APART, marked_in
from trialkit.evidence.people.sight import Sight, sight_of
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.forms.not_done import NOT_DONE
from trialkit.schemas.reading.judged_part import WHOLE, JudgedPart, judged_part
from trialkit.store.sources.memory_source import MemorySource


def refuse_half_sight(store: Store, what: str) -> None:
    """Raise :class:`EvidenceError` where of rows that are seen an arm is kept back: it would look missing."""
    withheld = withheld_from(store)
    if withheld:
        listed = ", ".join(sorted(withheld))
        raise EvidenceError(
            f"{what} reads every answer, and some are withheld from {store.person}, in {listed}; nothing was "
            "done. 'trialkit validate' and 'trialkit store query check' judge the rest. Somebody does "
            "it who reads every form, and arms: an unblinded statistician too, or a role that "
            "[data] arms_seen_by of the protocol names and that is granted after that"
        )


def withheld_from(store: Store) -> Mapping[str, Collection[str]]:
    """What is kept from whoever opened the store, by form; nothing where all forms are seen, and arms.

    Whoever reads arms at one site and not at another is in part blinded everywhere: what is judged
    is the same for all participants.
    """
    with store.reading() as connection:
        sight = sight_of(connection, store.person)
    of_arms = {} if sight.is_whole_where_it_is else sight.withheld
    return {**of_arms, **dict.fromkeys(unseen_forms(store), frozenset({WHOLE}))}


def unseen_forms(store: Store) -> frozenset[str]:
    """The forms of the store of which whoever opened it sees no row, wherever it is."""
    with store.reading() as connection:
        sight = sight_of(connection, store.person)
        known = connection.execute(sa.select(FORM_TABLE.c.form)).scalars().all()
    return frozenset(form for form in known if not sight.sees(form))


def refuse_withheld_texts(
    tables: Mapping[str, pl.DataFrame], sight: Sight, unseen: Collection[str]
) -> None:
    """Raise :class:`EvidenceError` for tables with texts in what somebody may not read, nor write.

    Who it is about is somebody new at the site of whoever acts, where nobody knows the participant.
    """
    if sight.person is None:
        return
    named = [
        f"{NOT_DONE} of {', '.join(marked_in(table))}" if form == APART else form
        for form, table in tables.items()
        if form in unseen and table.height
    ]
    for form, table in tables.items():
        columns = () if form in unseen else sight.withheld.get(form, frozenset()) & {*table.columns}
        if columns:
            blinded = [
                each
                for each in table["subject_id"].unique().to_list()
                if not sight.sees_arms(form, each if each in sight.sites else "")
            ]
            rows = table.filter(pl.col("subject_id").is_in(blinded))
            named += [f"{form}.{name}" for name in sorted(columns) if (rows[name] != "").any()]
    if named:
        raise EvidenceError(
            f"{', '.join(named)}: withheld from {sight.person.account}, who may not enter there what they may "
            "not read; nothing was compared and nothing written. Leave it blank, and what stands there "
            "stays, or let somebody who reads arms import it"
        )


def judged_by(store: Store, schemas: Schemas) -> tuple[MemorySource, JudgedPart]:
    """The tables as whoever opened the store sees them now, and what of the forms they can judge."""
    withheld = withheld_from(store)
    source, _ = source_at(store)
    return MemorySource(tables=without_forms(source.tables, withheld)), judged_part(
        schemas, withheld
    )


def without_forms(
    tables: Mapping[str, pl.DataFrame], withheld: Mapping[str, Collection[str]]
) -> dict[str, pl.DataFrame]:
    """The tables without those of forms that are withheld as a whole."""
    return {form: each for form, each in tables.items() if WHOLE not in withheld.get(form, ())}
