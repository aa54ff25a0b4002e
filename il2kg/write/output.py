"""A file that is written as a whole, or not at all."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4


def write_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file beside its place, and put it there once it is complete: what was there stays until then.

    What is no file (a pipe, a device) gets the chunks as they come.

    Raises:
        OSError: it cannot be written. Then, and whatever else the chunks raise, nothing is left behind.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        with target.open("wb") as stream:
            stream.writelines(chunks)
        return
    beside = target.parent / f".{uuid4().hex}.part"
    try:
        with beside.open("xb") as stream:
            stream.writelines(chunks)
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
