"""Names of subjects that a person reads as one: capitals, leading zeros, spaces and accents.

A spreadsheet makes ``1`` of ``001``, a keyboard ``a01`` of ``A01``, and a Mac writes ``é`` as two
characters. Nothing is taken for the same for that; it is asked about.
"""

import polars as pl

from trialkit.checks.judging.hits import Hits, hits_without_row
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, FormKind, Severity
from trialkit.store.snapshot import as_pandas

_INVISIBLE = r"[\s\u{AD}\u{200B}-\u{200D}\u{2060}\u{FEFF}]"
_DASHES = r"[_\u{2010}-\u{2015}\u{2212}]"
_NUMBERED = "^[A-Z]*-?[0-9]+$"
_LEADING_ZEROS = r"(^|[^0-9])0+([0-9])"


def plain_names(names: pl.Series) -> pl.Series:
    """The names without what the eye, or a spreadsheet, passes over."""
    return (
        names.str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all(_INVISIBLE, "")
        .str.replace_all(_DASHES, "-")
        .str.replace_all(_LEADING_ZEROS, "${1}${2}")
    )


def _numbered_alike(names: pl.Series) -> bool:
    """Whether all are capitals and then digits, of one length: such names differ in their looks."""
    return names.str.len_bytes().n_unique() == 1 and bool(names.str.contains(_NUMBERED).all())


def names_alike(known: pl.Series, new: pl.Series) -> pl.DataFrame:
    """For each ``name`` of ``new`` that is not among ``known``, whom it is ``like`` but for its looks.

    Those are the known ones, and the new ones before it.
    """
    names = pl.concat([known.alias("name"), new.alias("name")]).unique(maintain_order=True)
    nobody = pl.DataFrame(schema={"name": pl.String, "like": pl.String})
    if not len(names) or _numbered_alike(names):
        return nobody
    plain = pl.DataFrame({"name": names, "plain": plain_names(names)})
    like = pl.col("name").first().over("plain")
    return plain.select("name", like=like).filter(
        (pl.col("name") != pl.col("like")) & ~pl.col("name").is_in(known.to_list())
    )


def alike_subjects(form: Form, subjects: pl.Series) -> tuple[Hits, ...]:
    """A finding for each of the ``subjects`` whose name an earlier one has but for its looks."""
    if _numbered_alike(subjects):
        return ()
    named = pl.DataFrame({"subject_id": subjects, "plain": plain_names(subjects)})
    if named["plain"].n_unique() == named.height:
        return ()
    earlier = pl.col("subject_id").first().over("plain")
    again = named.with_columns(earlier=earlier).filter(~pl.col("plain").is_first_distinct())
    too = "who was screened too" if form.kind is FormKind.SCREENING else "who has data, too"
    messages = again.select(
        pl.format(
            f"Subject {{}} looks like subject {{}}, {too}: are they one person? Correct the subject, "
            "or confirm that they are two.",
            "subject_id",
            "earlier",
        )
    ).to_series()
    return hits_without_row(
        form,
        as_pandas(again["subject_id"]),
        as_pandas(messages),
        values=as_pandas(again["subject_id"]),
        item="subject_id",
        rule_id=BuiltIn.LOOKALIKE_SUBJECT.value,
        severity=Severity.SOFT,
    )
