"""What stands in the way is said in words that name what to do."""

import errno

import pytest

from trialkit.disk.refusals import REASONS, why


@pytest.mark.parametrize("number", REASONS)
def test_a_reason_is_one_line_that_says_what_to_do(number: int) -> None:
    said = why(OSError(number, "what the system says"))
    assert said == REASONS[number]
    assert "\n" not in said
    assert "; " in said
    assert "what the system says" not in said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "x"), "permission denied"),
        (IsADirectoryError(errno.EISDIR, "x"), "it is a folder"),
        (NotADirectoryError(errno.ENOTDIR, "x"), "a folder is needed where a file is"),
        (FileExistsError(errno.EEXIST, "x"), "a folder is needed where a file is"),
        (OSError(errno.ENODEV, "No such device"), "No such device"),
        (OSError(), "OSError"),
    ],
)
def test_what_has_a_class_of_its_own_and_what_is_not_known(error: OSError, words: str) -> None:
    assert words in why(error)
