"""Who wrote the article: read whole, or refused with everything that is wrong."""

from pathlib import Path

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.authorship import FILE, Contribution, is_orcid, read_authors

WHOLE = """
[[affiliations]]
id = "unit"
name = "Trials unit, A Town"

[[affiliations]]
id = "clinic"
name = "Clinic, B Town"

[[affiliations]]
id = "nobody"
name = "Where nobody works"

[[authors]]
name = "Ann Example"
degrees = "MD, PhD"
affiliations = ["clinic", "unit"]
orcid = "0000-0002-1825-0097"
email = "ann@example.org"
corresponding = true
contributions = ["writing - original draft", "conceptualization"]

[[authors]]
name = "Bo Sample"
affiliations = ["unit"]
contributions = ["conceptualization"]
"""


def written(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def test_without_the_file_nobody_is_named(tmp_path: Path) -> None:
    assert read_authors(tmp_path) is None


def test_affiliations_are_numbered_as_the_authors_name_them(tmp_path: Path) -> None:
    found = read_authors(written(tmp_path, WHOLE))
    assert found is not None
    assert [each.name for each in found.numbered_affiliations] == [
        "Clinic, B Town",
        "Trials unit, A Town",
    ]
    assert [found.number(each) for each in ("clinic", "unit")] == [1, 2]
    assert found.corresponding is found.authors[0]
    did = {role: [each.name for each in who] for role, who in found.by_contribution.items()}
    assert did == {
        Contribution.CONCEPTUALIZATION: ["Ann Example", "Bo Sample"],
        Contribution.ORIGINAL_DRAFT: ["Ann Example"],
    }


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0098", "is no ORCID iD"),
        ("ann@example.org", "ann@example", "is no address"),
        ("ann@example.org", "ann@example.org\\nBcc: all@example.org", "is no address"),
        ('email = "ann@example.org"\n', "", "is missing"),
        ('["unit"]', '["untit"]', "did you mean 'unit'?"),
        ('"conceptualization"]', '"thinking"]', "one of conceptualization"),
        ('name = "Bo Sample"', 'name = " "', "is empty"),
        ('name = "Bo Sample"', 'name = "Bo\\n\\nSample"', "has a line break"),
        ('name = "Bo Sample"', 'name = "Bo\\u2028Sample"', "has a line break"),
        ('name = "Bo Sample"', f'name = "{"o" * 1001}"', "name: has 1,001 characters; 1,000 at most"),
        ('name = "Bo Sample"', 'name = "Bo Sample"\ndegrees = "MD\\nPhD"', "degrees: 'MD"),
        ('id = "unit"', 'id = "unit"\nname = "A\\r\\nB"\n[[affiliations]]\nid = "other"', "has a line break"),
        ('name = "Bo Sample"', 'nam = "Bo Sample"', "an unknown key"),
        ('id = "unit"', 'id = "clinic"', "'clinic' twice"),
        ("[[authors]]", "[[writers]]", "an unknown table"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in WHOLE
    with pytest.raises(ProtocolError, match=FILE) as refused:
        read_authors(written(tmp_path, WHOLE.replace(old, new)))
    assert said in str(refused.value)


def test_one_is_written_to_at_most(tmp_path: Path) -> None:
    twice = 'name = "Bo Sample"\nemail = "bo@example.org"\ncorresponding = true'
    with pytest.raises(ProtocolError, match="2 who are written to"):
        read_authors(written(tmp_path, WHOLE.replace('name = "Bo Sample"', twice)))


def test_a_file_of_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="nobody"):
        read_authors(written(tmp_path, ""))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_text(WHOLE, encoding="utf-8")
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / FILE).symlink_to(elsewhere)
    with pytest.raises(ProtocolError, match="leads out"):
        read_authors(folder)


@pytest.mark.parametrize(
    ("orcid", "right"),
    [
        ("0000-0002-1825-0097", True),
        ("0000-0002-1694-233X", True),
        ("0000-0001-5109-3700", True),
        ("0000-0001-5109-3701", False),
        ("0000000218250097", False),
        ("\N{ARABIC-INDIC DIGIT ZERO}000-0002-1825-0097", False),
    ],
)
def test_the_last_digit_of_an_orcid_follows_from_the_others(orcid: str, right: bool) -> None:
    """The first two are the examples that ORCID prints, the third one in use."""
    assert is_orcid(orcid) is right
