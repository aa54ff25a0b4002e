"""From which files something was compiled, so that what is stale is known without compiling it again."""

import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

WORDS_FILE: Final = Path("ontology/compiled/criteria-in-words.ttl")


def fingerprint(files: Iterable[tuple[str, bytes]]) -> str:
    """A checksum of files, by their names and contents in order, and their size together."""
    # A checksum against oversight, not against malice: sha256 takes longer to import than to compute.
    total = size = 0
    for name, content in files:
        total = zlib.crc32(content, zlib.crc32(name.encode(), total))
        size += len(content)
    return f"{total:08x} {size}"


def fingerprint_line(digest: str) -> str:
    """How a compiled file says from what it was compiled."""
    return f"# Compiled from files with CRC-32 and size {digest}"


def is_current(compiled: str, digest: str) -> bool:
    """Whether a compiled file was made from the files with this digest."""
    return f"{fingerprint_line(digest)}\n" in compiled
