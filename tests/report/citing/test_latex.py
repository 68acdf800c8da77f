import pytest

from trialkit.report.citing.latex import decoded


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"Hr{\'o}bjartsson, Asbj{\o}rn", "Hróbjartsson, Asbjørn"),
        (r"M{\"u}ller {\"O} \"{a} \'e {\'{\i}}", "Müller Ö ä é í"),
        (r"\v{S}im{\r u}nek {\c c} \k{a} {\H o} {\L}ukasz {\ss} {\AA}", "Šimůnek ç ą ő Łukasz ß Å"),
        (r"C. {\~n} \^{\i} \.{z} \=a \u{g} \d{s}", "C. ñ î ż ā ğ ṣ"),
        (r"5 \% of A \& B, \$3, x\_y, \#1 \{z\}", "5 % of A & B, $3, x_y, #1 {z}"),
        ("pages 1--2---3 ``a'' {DNA}", "pages 1–2—3 “a” DNA"),
        ("A~B", "A\N{NO-BREAK SPACE}B"),
        (r"\textit{E. coli} \emph{in} \textbf{b} CO$_2$ 10$^{6}$ $\alpha$", "<i>E. coli</i> <i>in</i> <b>b</b> CO<sub>2</sub> 10<sup>6</sup> α"),
        (r"\textsubscript{2} \textsuperscript{nd}", "<sub>2</sub> <sup>nd</sup>"),
        ("two\n  lines\there", "two lines here"),
        ("plain ü ∆ 漢", "plain ü ∆ 漢"),
    ],
)  # fmt: skip
def test_what_latex_writes_is_read_as_letters(written: str, read: str) -> None:
    assert decoded(written) == read


@pytest.mark.parametrize(
    "written",
    [
        r"\input{/etc/passwd}",
        r"\write18{rm -rf /}",
        r"\include{x} \def\a{\a\a}\a",
        r"\csname evil\endcsname",
        r"$$$$ $",
        "{" * 3000 + "}" * 3000,
        "\\" * 3001,
        r"\'" * 2000,
        r"\textit{" * 2000,
        "$_{" * 2000,
        "\ue000\ue004",
    ],
    ids=lambda text: text[:9],
)
def test_commands_do_nothing_and_leave_no_command(written: str) -> None:
    assert "\\" not in decoded(written)
    assert "{" not in decoded(written)
