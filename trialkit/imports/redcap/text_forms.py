"""REDCap's text validations that have no item type of their own: a text of a certain form.

They are the validations that REDCap delivers; its administrators can add others, of which nobody
knows the form. A pattern here takes all that REDCap takes and may take a little more, since what
does not fit is a hard finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TextForm:
    """What texts of a validation look like."""

    pattern: str
    example: str
    ordered: bool = False
    """Whether one text is more than another in the order of its characters."""


_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_NORTH_AMERICA = (
    r"(?:\+?1[ .-]*)?\(?[2-9][0-9]{2}\)?[ .-]*[2-9][0-9]{2}[ .-]*[0-9]{4}"
    r"(?i:[ ,;]*(?:x|#|ext\.?|extension) ?[0-9]{1,10})?"
)
TEXT_FORMS: Mapping[str, TextForm] = {
    "alpha_only": TextForm(pattern=r"\p{L}+", example="Smith"),
    "email": TextForm(pattern=r"[^\s@,;]+@[^\s@,;]+\.[^\s@.,;]{2,}", example="name@example.org"),
    "mrn_10d": TextForm(pattern="[0-9]{10}", example="0123456789"),
    "mrn_generic": TextForm(pattern="[A-Za-z0-9_-]+", example="A-01234"),
    "phone": TextForm(pattern=_NORTH_AMERICA, example="(615) 555-0100"),
    "phone_australia": TextForm(
        pattern=r"\(?0[2-8]\)?[ -]*(?:[0-9][ -]*){8}", example="(02) 5550 1234"
    ),
    "phone_uk": TextForm(pattern=r"(?:\+44|\(?0)[ 0-9()-]{8,16}", example="020 7946 0000"),
    "postalcode_australia": TextForm(pattern="[0-9]{4}", example="3000"),
    "postalcode_canada": TextForm(
        pattern="[A-Za-z][0-9][A-Za-z][ -]?[0-9][A-Za-z][0-9]", example="K1A 0B1"
    ),
    "postalcode_french": TextForm(pattern="[0-9]{4,5}", example="75001"),
    "postalcode_germany": TextForm(pattern="[0-9]{5}", example="10115"),
    "postalcode_uk": TextForm(
        pattern="(?i)[a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2}", example="SW1A 1AA"
    ),
    "ssn": TextForm(pattern="[0-9]{3}-[0-9]{2}-[0-9]{4}", example="000-00-0000"),
    "time_hh_mm_ss": TextForm(pattern=_CLOCK, example="08:30:00", ordered=True),
    "time_mm_ss": TextForm(pattern="[0-5][0-9]:[0-5][0-9]", example="12:30", ordered=True),
    "vmrn": TextForm(pattern="[0-9]{4,9}", example="012345"),
    "zipcode": TextForm(pattern="[0-9]{5}(?:-[0-9]{4})?", example="37203-0001"),
}
