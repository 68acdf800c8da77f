import pytest

from trialkit.report.citing.journal_titles import short_title
from trialkit.report.citing.pages import in_full, of_two_digits, printed_pages, shortest


@pytest.mark.parametrize(
    ("pages", "whole", "nlm", "lancet"),
    [
        ("284--287", "284-287", "284-7", "284–87"),
        ("284-7", "284-287", "284-7", "284–87"),
        ("1147–1149", "1147-1149", "1147-9", "1147–49"),
        ("98-101", "98-101", "98-101", "98–101"),
        ("7-9", "7-9", "7-9", "7–9"),
        ("S93-S99", "S93-S99", "S93-9", "S93–99"),
        ("S93-9", "S93-S99", "S93-9", "S93–99"),
        ("e1205-15", "e1205-e1215", "e1205-15", "e1205–15"),
        ("iii--v", "iii-v", "iii-v", "iii–v"),
        ("e081123", "e081123", "e081123", "e081123"),
        ("12, 15-18", "12,15-18", "12,15-8", "12,15–18"),
        ("A1-B2", "A1-B2", "A1-B2", "A1–B2"),
        ("", "", "", ""),
    ],
)
def test_pages_are_whole_or_without_what_they_share(
    pages: str, whole: str, nlm: str, lancet: str
) -> None:
    assert printed_pages(pages, in_full) == whole
    assert printed_pages(pages, shortest) == nlm
    assert printed_pages(pages, of_two_digits, dash="–") == lancet


@pytest.mark.parametrize(
    ("title", "given", "short"),
    [
        ("The New England Journal of Medicine", "", "N Engl J Med"),
        ("Spine", "", "Spine (Phila Pa 1976)"),
        ("Journal of Odd Results", "", "Journal of Odd Results"),
        ("J. Urol.", "", "J Urol"),
        ("Journal of Odd Results", "J. Odd Res.", "J Odd Res"),
    ],
)
def test_journals_are_short_where_it_is_known_how(title: str, given: str, short: str) -> None:
    assert short_title(title, given) == short
