"""Characters that do not show what they are: controls, marks that reorder a line, letters that cannot be seen, letters that
look like others.

A text from a stranger may hold any of them. Documents and messages hold none that a terminal would obey; a name holds none that
cannot be seen; and no model has two names that look alike.
"""

from __future__ import annotations

import re
import unicodedata

# What acts on a page or a terminal, or hides there. ZWNJ and ZWJ (U+200C, U+200D) stay: Persian, Indic scripts and emoji are
# written with them.
UNREADABLE = re.compile(
    "[\0-\x1f\x7f-\x9f"  # C0, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls
    "\u2028\u2029"  # line and paragraph separators
    "\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # shown as nothing
    "\ud800-\udfff"  # surrogates
    "\ufdd0-\ufdef" + "".join(f"{chr(p + 0xFFFE)}{chr(p + 0xFFFF)}" for p in range(0, 0x110000, 0x10000)) + "]"
)  # fmt: skip

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties of Unicode 15): shown as nothing at all
INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

# Greek and Cyrillic letters that have the shape of a Latin one in common fonts, and the micro sign, which has that of μ.
# Letters that only come near (ν and v, α and a) are told apart by readers of mathematics, and stay.
_SHAPES = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο" "АВЕЅІЈКМНОРСТХаеорсухіјѕһԁԛԝ" "µ",
    "ABEZHIKMNOPTYXo" "ABESIJKMHOPCTXaeopcyxijshdqw" "μ",
)  # fmt: skip


def printable(text: str) -> str:
    """The text with � for what would act on a page or a terminal, or hide there, instead of being read: control characters
    (escape codes begin with one), marks that reorder a line, invisible signs, halves of a character, noncharacters."""
    if text.isascii() and text.isprintable():
        return text
    return UNREADABLE.sub("�", text)


def unix_lines(text: str) -> str:
    """The text with line ends of one kind: those of Windows and of old Macintoshes become the usual ones."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def look(name: str) -> str:
    """The same text for two names (in normal form C) that look alike: а may be Cyrillic, µ the micro sign."""
    return name if name.isascii() else unicodedata.normalize("NFC", name.translate(_SHAPES))


def codes(name: str) -> str:
    """A name with the numbers of what it has beyond ASCII: `µ (U+00B5)`."""
    numbers = " ".join(f"U+{ord(c):04X}" for c in name if not c.isascii())
    return f"{name} ({numbers})" if numbers else name
