import pytest

from trialkit.errors import EvidenceError
from trialkit.evidence.verifying.anchoring import Anchor, read_anchors, with_anchor
from trialkit.files.whole_files import write_together

FIRST = Anchor(seq=8, hash="a" * 64)
SECOND = Anchor(seq=12, hash="b" * 64, stamp=b"a time stamp")


def test_anchors_are_added_and_read_again(tmp_path):
    path = tmp_path / "anchors.txt"

    for head in (FIRST, SECOND, SECOND):
        write_together(with_anchor(path, head))

    assert read_anchors(path) == (FIRST, SECOND)
    assert path.read_text() == f"8 {'a' * 64}\n12 {'b' * 64} YSB0aW1lIHN0YW1w\n"
    assert SECOND.stated == f"12 {'b' * 64}\n".encode()


@pytest.mark.parametrize(
    "line", ["8", f"8 {'g' * 64}", f"-8 {'a' * 64}", "what is this", f"8 {'a' * 64} *"]
)
def test_line_that_is_no_anchor_is_named(tmp_path, line):
    path = tmp_path / "anchors.txt"
    path.write_text(f"8 {'a' * 64}\n{line}\n")

    with pytest.raises(EvidenceError, match=r"anchors\.txt, line 2"):
        read_anchors(path)


def test_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(EvidenceError, match="does not exist"):
        read_anchors(tmp_path / "anchors.txt")
