"""How much of a record is repeated in messages, how deep it may be, and how much of what was read is remembered."""

from typing import Final

SHOWN: Final = 40
"""How many letters of a record a message repeats."""
QUOTED: Final = 60
"""How many letters of what a source says of itself (its keys, references and errors) a message repeats."""
DEEPEST: Final = 200
"""How many objects and arrays of a source may lie within each other."""
REMEMBERED: Final = 65536
"""How many ways of writing something are read once each."""
