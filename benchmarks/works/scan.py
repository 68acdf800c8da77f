"""``scan.py FILE``: the rules of the streaming benchmark, as polars counts them in one bare scan."""

import sys
from datetime import date

import polars as pl

ITEMS = ("measured_on", "age", "bmi", "pain", "sex", "smoker")
subject, age, day = pl.col("subject_id"), pl.col("age"), pl.col("measured_on")
broken = {
    "subject_id": subject.is_null() | (subject == ""),
    "repeat": pl.col("repeat").is_null(),
    **{f"{item} blank": pl.col(item).is_null() for item in ITEMS},
    "measured_on": ~day.is_between(date(2024, 1, 1), date(2026, 12, 31)),
    "age": ~age.is_between(18, 110),
    "bmi": ~pl.col("bmi").is_between(5, 90),
    "pain": ~pl.col("pain").is_between(0, 100),
    "sex": ~pl.col("sex").is_in(["f", "m"]),
    "REG01": ~((age >= 20) | (day >= date(2024, 6, 1))),
}
counts = [each.sum().alias(name) for name, each in broken.items()]
file = sys.argv[1]
scan = pl.scan_csv(file, try_parse_dates=True) if file.endswith(".csv") else pl.scan_parquet(file)
found = scan.select(pl.len(), *counts).collect(engine="streaming")
print({name: count for name, count in found.row(0, named=True).items() if count})
