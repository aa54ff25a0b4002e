"""How much of a record is repeated in messages, and how much of what was read is remembered."""

from typing import Final

SHOWN: Final = 40
"""How many letters of a record a message repeats."""
REMEMBERED: Final = 65536
"""How many ways of writing something are read once each."""
