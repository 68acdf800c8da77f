"""The names of participants beside the patterns that the protocol gives for each site."""

from collections.abc import Mapping, Sequence

import pandas as pd
import polars as pl

from trialkit.checks.judging.hits import Hits, hits_without_row
from trialkit.checks.judging.shape import screening_form
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Schemas, Severity
from trialkit.schemas.rules.patterns import matched, whole_text_pattern


def check_site_names(
    schemas: Schemas,
    protocol: Protocol,
    *,
    subjects: pd.Series,
    sites: Mapping[str, str],
    found: Sequence[Hits],
) -> tuple[Hits, ...]:
    """Participants of a site whose name is none of its names; ``sites`` has that of each subject.

    Whoever was ``found`` to look like another participant is not asked about twice.
    """
    patterns = {
        site.code: whole_text_pattern(site.subject_pattern)
        for site in protocol.sites
        if site.subject_pattern
    }
    if not patterns or subjects.empty:
        return ()
    names = subjects.astype("str").tolist()
    table = pl.DataFrame({"subject": names, "site": [sites.get(name, "") for name in names]})
    fits = {code: matched(pl.col("subject"), pattern) for code, pattern in patterns.items()}
    own = pl.lit(value=True)
    other = pl.lit("")
    for code, matches in fits.items():
        own = pl.when(pl.col("site") == code).then(matches).otherwise(own)
        other = pl.when((pl.col("site") != code) & matches).then(pl.lit(code)).otherwise(other)
    alike = [hits for hits in found if hits.rule_id == BuiltIn.LOOKALIKE_SUBJECT]
    told = [name for hits in alike for name in hits.places["subject_id"]]
    odd = table.with_columns(own=own, other=other).filter(
        ~pl.col("own") & ~pl.col("subject").is_in(told)
    )
    if odd.is_empty():
        return ()
    labels = {site.code: f"{site.code} ({site.label})" for site in protocol.sites}
    messages = odd.select(
        pl.format(
            "The participant is recorded for the site {}, whose participants are not named so{}. "
            "Correct the site, or the name.",
            pl.col("site").replace(labels),
            pl.when(pl.col("other") == "")
            .then(pl.lit(""))
            .otherwise(
                pl.format("; the name is one of the site {}", pl.col("other").replace(labels))
            ),
        )
    ).to_series()
    named = pd.Series(odd["subject"].to_list(), dtype="str")
    return hits_without_row(
        screening_form(schemas),
        named,
        pd.Series(messages.to_list(), dtype="str"),
        values=named,
        item="subject_id",
        rule_id=BuiltIn.SUBJECT_PATTERN.value,
        severity=Severity.HARD,
    )
