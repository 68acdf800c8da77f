"""One form of one item, and what its values would be found to be, to follow queries cheaply."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.findings.findings import COLUMNS, Findings, query_key
from trialkit.checks.queries.queries import Queries
from trialkit.checks.queries.reconciling import reconcile
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Rule, Schemas, Severity
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.conditions import compiled
from trialkit.store.data_days import DataDays
from trialkit.store.snapshot import FormData, Snapshot

RULES = {"soft": "FAR", "hard": "out_of_range", "note": "seen"}
FORM = Form(
    id="pain",
    title="Pain",
    kind=FormKind.ASSESSMENT,
    expected=Expected.AS_NEEDED,
    visits=(),
    repeating=False,
    items=(
        Item(id="vas", label="Pain", type=ItemType.DECIMAL),
        Item(id="before", label="Pain before", type=ItemType.DECIMAL),
    ),
    rules=(
        Rule(
            id="FAR",
            expression="ABS(vas - before) <= 60",
            severity=Severity.SOFT,
            message="far",
            items=("vas",),
        ),
    ),
    file="forms/pain.toml",
    sha256="0" * 64,
)
SCHEMAS = Schemas(forms=compiled((FORM,), DataFormat()), data=DataFormat())


def key_of(subject: str, severity: str = "soft") -> str:
    return query_key(
        subject_id=subject, visit="", repeat="", form="pain", item="vas", rule_id=RULES[severity]
    )


@dataclass(kw_only=True)
class QueryTrial:
    """Values by subject; a value is wrong when ``severities`` says how severely."""

    values: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    severities: dict[str, str] = field(default_factory=dict)
    """By value; a value that is not here is right."""
    sites: dict[str, str] = field(default_factory=dict)
    cut: date | None = date(2025, 3, 1)
    queries: Queries = field(default_factory=Queries)

    def validate(self, *, later: int = 0) -> Queries:
        """Validate, so many days later, and keep the queries."""
        self.cut = None if self.cut is None else self.cut + timedelta(days=later)
        self.queries = reconcile(self.queries, self.findings(), self.snapshot(), SCHEMAS)
        return self.queries

    def findings(self) -> Findings:
        rows = [
            {
                **dict.fromkeys(COLUMNS, ""),
                "subject_id": subject,
                "site": self.sites.get(subject, "N"),
                "form": "pain",
                "item": "vas",
                "label": "Pain",
                "value": value,
                "rule_id": RULES[severity],
                "severity": severity,
                "message": f"Pain: {value} is odd.",
                "query_key": key_of(subject, severity),
            }
            for subject, value in self.values.items()
            if (severity := self.severities.get(value))
        ]
        return Findings(frame=pd.DataFrame(rows, columns=list(COLUMNS), dtype="str"))

    def snapshot(self) -> Snapshot:
        subjects = list(self.values)
        entered = pl.DataFrame(
            {
                "subject_id": subjects,
                "vas": list(self.values.values()),
                "before": [self.before.get(subject, "50") for subject in subjects],
            },
            schema=dict.fromkeys(("subject_id", "vas", "before"), pl.String),
        )
        data = FormData(
            form_id="pain",
            file="data/pain.csv",
            sha256="0" * 64,
            entered=entered,
            typed=entered,
            coded=entered.clear(len(subjects)),
            lines=np.arange(2, len(subjects) + 2),
        )
        return Snapshot(forms={"pain": data}, days=DataDays(cut=self.cut))
