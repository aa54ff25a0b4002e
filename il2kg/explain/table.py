"""Tables of text, as wide as the terminal."""

from collections.abc import Iterable, Sequence
from typing import Final

_PLAIN_WIDTH: Final = 120
_GAP: Final = 3


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table of texts, as wide as the terminal; no word is broken."""
    import shutil

    from prettytable import HRuleStyle, PrettyTable, VRuleStyle

    cells = [list(row) for row in rows]
    table = PrettyTable(columns, align="l", valign="t", hrules=HRuleStyle.ALL, vrules=VRuleStyle.NONE, padding_width=1)
    table.break_on_hyphens = False
    room = shutil.get_terminal_size((_PLAIN_WIDTH, 0)).columns - _GAP * len(columns)
    table.max_width = dict(zip(columns, _widths([columns, *cells], room), strict=True))
    table.add_rows(cells)
    print(title)
    print("\n".join(line.rstrip() for line in table.get_string().splitlines()))


def _widths(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """The width of each column: up to one width for all that fills the room, and no less than the longest word."""
    columns = list(zip(*rows, strict=True))
    longest_text = [max(map(len, column)) for column in columns]
    longest_word = [max((len(word) for text in column for word in text.split()), default=1) for column in columns]
    widths = longest_word
    for cap in range(1, room + 1):
        wider = [max(word, min(text, cap)) for text, word in zip(longest_text, longest_word, strict=True)]
        if sum(wider) > room:
            break
        widths = wider
    return widths
