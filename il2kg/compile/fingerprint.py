"""From which files something was compiled, so that what is stale is known without compiling it again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

WORDS_FILE: Final = Path("ontology/compiled/criteria-in-words.ttl")


def fingerprint(files: Iterable[tuple[str, bytes]]) -> str:
    """A digest of files: their names and contents, in order."""
    total = hashlib.sha256()
    for name, content in files:
        total.update(f"{name} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


def fingerprint_line(digest: str) -> str:
    """How a compiled file says from what it was compiled."""
    return f"# Inputs: sha256 {digest}"


def is_current(compiled: str, digest: str) -> bool:
    """Whether a compiled file was made from the files with this digest."""
    return f"{fingerprint_line(digest)}\n" in compiled
