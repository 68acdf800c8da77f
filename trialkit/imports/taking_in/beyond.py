"""What an expression of a form rests on and no file tells: nobody could carry that over."""

from trialkit.schemas.expressions.reading import ExpressionError


class NotInTheFileError(ExpressionError):
    """An expression that needs what the file does not hold.

    A field or a choice that it lacks, a file that is not beside it, chance, the device, or the language
    that it speaks.
    """
