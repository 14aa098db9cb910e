"""How wide LaTeX sets a sign: in ems of Latin Modern, as measured there; another face differs by some hundredths.

Widths of the letters in mathematics, in text, and of the commands that the printer uses.
"""

from __future__ import annotations

_ITALIC = (
    "a53b43c43d52e47f59g51h58i34j47k55l32m88n60o48p50q48r48s47t36u58v52w74x57y53z51"
    "A75B81C78D85E79F78G78H91I51J64K92L68M107N91O79P78Q79R76S67T72U79V81W108X90Y80Z75"
)
_TEXT = (
    "a50b56c45d56e45f31g50h56i28j31k53l28m83n56o50p56q53r39s40t39u56v53w72x53y53z45"
    "A75B71C72D76E68F65G79H75I36J51K78L63M92N75O78P68Q78R74S56T72U75V75W103X75Y75Z61"
)


def _read(table: str) -> dict[str, float]:
    found: dict[str, float] = {}
    letter = ""
    digits = ""
    for c in table + "\0":
        if c.isdigit():
            digits += c
            continue
        if letter:
            found[letter] = int(digits) / 100
        letter, digits = c, ""
    return found


LETTERS = _read(_ITALIC)
TEXT = {
    **_read(_TEXT), **dict.fromkeys("0123456789*/", 0.5), **dict.fromkeys("!',.:;()[]| ", 0.39),
    **dict.fromkeys("+<>=@−≈≤≥%&", 0.85), "-": 0.34, "·": 0.28, "█": 0.5, "′": 0.3, "²": 0.45, "³": 0.45, "?": 0.48, '"': 0.5,
}  # fmt: skip
SIGNS = {**dict.fromkeys("0123456789/", 0.5), **dict.fromkeys("()", 0.39), **dict.fromkeys("[]|!.:;',", 0.28),
         **dict.fromkeys("+-=<>*", 0.78)}  # fmt: skip
COMMANDS = {
    "alpha": 0.64, "beta": 0.61, "gamma": 0.57, "omega": 0.66, "psi": 0.69, "Delta": 0.83, "Theta": 0.78, "partial": 0.59,
    "infty": 1.0, "surd": 0.83, "cdots": 1.33, "dots": 1.33, "ddots": 1.17, "vdots": 0.28, "sum": 1.14, "langle": 0.39,
    "rangle": 0.39, "lvert": 0.28, "rvert": 0.28, "Vert": 0.5, "lfloor": 0.45, "rfloor": 0.45, "lceil": 0.45, "rceil": 0.45,
    "to": 1.0, "leftarrow": 1.0, "Rightarrow": 1.0, "quad": 1.0, "qquad": 2.0, ",": 0.17, ";": 0.28, "%": 0.84, "&": 0.78,
    "cdot": 0.28, "prime": 0.28, "times": 1.28,
}  # fmt: skip
SIGN = 0.78  # an operator, a relation, a letter that is not listed
WORD = 0.6  # a character of text that is not listed
NUMBERED = 4.0  # U+4E2D
WIDE = 1.0  # a sign in text: an arrow
TYPEWRITER = 0.6
BIG_BRACKET, MATRIX_BRACKET = 0.5, 0.6
ROOT, CUBE_ROOT, RULE = 1.12, 1.2, 0.26  # the sign of a root; what a fraction is wider than its wider half
BINARY, RELATION, PUNCTUATION = 0.23, 0.28, 0.17  # the space on each side of a sign; after a comma
AFTER = 0.06  # behind an index or power
SMALLER = (1.0, 1.0, 0.8, 0.69)  # the size of display, text, index, index of an index
DISPLAY, INLINE, SCRIPT, SECOND = range(4)
COLUMN = 0.9  # between two columns of a matrix
