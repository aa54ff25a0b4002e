"""From which files something was compiled, so that what is stale is known without compiling it again."""

import zlib
from collections.abc import Iterable
from pathlib import Path

from il2kg.errors import GuidelineError


def fingerprint(files: Iterable[Path]) -> str:
    """A checksum of files, by their names and contents in order, and their size together.

    Raises:
        GuidelineError: one cannot be read.
    """
    # A checksum against oversight, not against malice: sha256 takes longer to import than to compute.
    total = size = 0
    for path in files:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise GuidelineError(f"{path}: {error.strerror or error}") from error
        total = zlib.crc32(content, zlib.crc32(path.name.encode(), total))
        size += len(content)
    return f"{total:08x} {size}"


def fingerprint_line(digest: str) -> str:
    """How a compiled file says from what it was compiled."""
    return f"# Compiled from files with CRC-32 and size {digest}"


def is_current(compiled: str, digest: str) -> bool:
    """Whether a compiled file was made from the files with this digest."""
    return f"{fingerprint_line(digest)}\n" in compiled
