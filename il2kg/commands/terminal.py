"""Standard output as all commands need it: UTF-8 for programs, and for a terminal what that terminal can show."""

import io
import re
import sys
from typing import Final

# What steers a terminal, or turns the direction of its text: all but tabs and ends of lines.
_STEERING: Final = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# For terminals without these characters; units above all must not lose theirs.
_PLAIN: Final = str.maketrans(
    {"\u00b5": "u", "\u03bc": "u", "\u2265": ">=", "\u2264": "<=", "\u2013": "-", "\u2014": "-", "\u00d7": "x"}
    | {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'}
)


def prepare_output() -> None:
    """Make standard output take any text.

    A file or pipe gets UTF-8, whatever the locale, for it is read by programs. A terminal keeps its encoding; what that
    lacks is written in plainer characters or as an escape, and so are characters that would steer the terminal.
    """
    stream = sys.stdout
    if not isinstance(stream, io.TextIOWrapper) or isinstance(stream, _Terminal):
        return
    if stream.isatty():
        sys.stdout = _Terminal(stream)
    else:
        # A lone surrogate becomes an escape, which is what JSON has for it.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def without_steering(text: str) -> str:
    """A text with what would steer a terminal as escapes."""
    return _STEERING.sub(lambda match: _escape(match[0]), text)


def shown(text: str, encoding: str) -> str:
    """A text in characters that an encoding has."""
    text = without_steering(text)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_plainer(character, encoding) for character in text)
    return text


def _plainer(character: str, encoding: str) -> str:
    from unicodedata import combining, normalize

    letters = (c for c in normalize("NFKD", character.translate(_PLAIN)) if not combining(c))
    for text in (character, character.translate(_PLAIN), "".join(letters)):
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            continue
        return text
    return _escape(character)


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


class _Terminal(io.TextIOWrapper):
    """The stream of a terminal, which takes any text."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        # The text is brought to the terminal's characters before it is encoded. ASCII, as part of UTF-8, is called
        # that, since click would write UTF-8 past a stream of ASCII.
        super().__init__(stream.buffer, "utf-8" if _is_ascii(stream.encoding) else stream.encoding, line_buffering=True)
        self._shows = stream.encoding
        # What is no longer used closes its buffer.
        self._kept = stream

    def write(self, text: str, /) -> int:
        super().write(shown(text, self._shows))
        return len(text)


def _is_ascii(encoding: str) -> bool:
    import codecs

    return codecs.lookup(encoding).name == "ascii"
