"""The bytes of files, any stretch of which can be read again.

A plain file is read where it lies. What cannot be read twice (gzip, a pipe) is written, unpacked, to one temporary file
for the whole source. That file has no name (or loses it at once), is readable by its owner alone, lies where ``TMPDIR``
says, and is gone when the source is closed or the program ends, in whatever way. Little is kept in memory instead.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, Final, Self, cast

from il2kg.errors import RecordError

CHUNK: Final = 1 << 20
"""How many bytes are looked at together."""
IN_MEMORY: Final = 4 << 20
"""How many bytes of a source may be held in memory as a whole, parsed or unpacked."""

_OPEN_FILES: Final = 32
_GZIP: Final = b"\x1f\x8b"
_GZIP_HEADER: Final = 16 + zlib.MAX_WBITS


class Spill:
    """Where what cannot be read twice is kept while its source is read."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._open: dict[Content, None] = {}
        self._streams: list[BinaryIO] = []
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for content in list(self._open):
            content.close()
        for stream in self._streams:
            stream.close()
        if self._file is not None:
            self._file.close()

    def unpacked(self, file: BinaryIO) -> Iterator[bytes]:
        """The bytes of a file that is to be written here; it is closed when they end, or with this."""
        self._streams.append(file)
        return _unpacked(file)

    def opened(self, content: "Content") -> None:
        """Take note of a file that was opened; where many are, let go of the one that was opened first."""
        self._open[content] = None
        if len(self._open) > _OPEN_FILES:
            next(iter(self._open)).close()

    def closed(self, content: "Content") -> None:
        """Take note of a file that was closed."""
        self._open.pop(content, None)

    def append(self, data: bytes) -> None:
        """Write at the end."""
        if self._file is None:
            from tempfile import SpooledTemporaryFile

            self._file = cast("IO[bytes]", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 (closed by __exit__)
        self._file.seek(self.size)
        self._file.write(data)
        self.size += len(data)

    def read(self, start: int, length: int) -> bytes:
        """A stretch of what was written."""
        if self._file is None:
            return b""
        self._file.seek(start)
        return self._file.read(length)


class Content:
    """The content of one file, unpacked, from any offset."""

    def __init__(self, path: Path, name: str, spill: Spill, made: Iterator[bytes] | None = None) -> None:
        """A file, which messages call ``name``, or (``made``) what is made of one, as it would stand in this file."""
        self.path, self.name, self._spill = path, name, spill
        self._stamp: tuple[int, int] | None = None
        self._plain: BinaryIO | None = None
        self._whole: bytes | None = None  # while a plain file is open of which all was read at once
        self._rest: Iterator[bytes] | None = made
        self._begin = 0
        self._brought = 0
        if made is None:
            self._open()

    def close(self) -> None:
        """Let go of a plain file, which is opened again when more of it is asked for; others end by themselves."""
        self._spill.closed(self)
        if self._plain is not None:
            self._plain.close()
            self._plain = self._whole = None

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """The content from an offset on, a piece at a time.

        What goes into a spill goes there one file after another: a content that was read on is read to its end before
        the next one is begun, or never again.
        """
        position = start
        while piece := self.read(position, CHUNK):
            yield piece
            position += len(piece)

    def read(self, start: int, length: int) -> bytes:
        """A stretch, shorter only at the end."""
        if self._whole is not None:
            return self._whole[start : start + length]
        try:
            if self._rest is not None:
                while self._brought < start + length and (chunk := next(self._rest, None)) is not None:
                    self._bring(chunk)
                return self._spill.read(self._begin + start, max(0, min(length, self._brought - start)))
            if self._plain is None:
                self._open()
            file = cast("BinaryIO", self._plain)
            file.seek(start)
            data = file.read(length)
            if start == 0 and len(data) < length:
                self._whole = data
            return data
        except (OSError, EOFError, zlib.error) as error:
            raise RecordError(_why(error)) from error

    def _open(self) -> None:
        try:
            file = self.path.open("rb")
            state = self.path.stat()
            stamp = (state.st_size, state.st_mtime_ns)
            if self._stamp not in (None, stamp):
                file.close()
                raise RecordError("was changed while it was read; read it again")
            self._stamp = stamp
            if file.seekable() and not file.peek(2).startswith(_GZIP):
                self._plain = file
                self._spill.opened(self)
            else:
                self._rest = self._spill.unpacked(file)
        except OSError as error:
            raise RecordError(_why(error)) from error

    def _bring(self, chunk: bytes) -> None:
        if not self._brought:
            self._begin = self._spill.size
        self._spill.append(chunk)
        self._brought += len(chunk)


def _unpacked(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file that is read once, gzip or not; several gzip members in a row are one content."""
    with file:
        data = file.read(CHUNK)
        if not data.startswith(_GZIP):
            while data:
                yield data
                data = file.read(CHUNK)
            return
        unpack = zlib.decompressobj(_GZIP_HEADER)
        while data:
            if piece := unpack.decompress(data, CHUNK):
                yield piece
            data = unpack.unconsumed_tail
            if unpack.eof:
                # Members may be padded with zeros (RFC 1952 knows no such thing, tapes do).
                data = unpack.unused_data.lstrip(b"\0") or file.read(CHUNK).lstrip(b"\0")
                if data:
                    unpack = zlib.decompressobj(_GZIP_HEADER)
            elif not data:
                data = file.read(CHUNK)
        while not unpack.eof and (piece := unpack.decompress(unpack.unconsumed_tail, CHUNK)):
            yield piece
        if not unpack.eof:
            raise EOFError("ends before its gzip stream does")


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or f"cannot be read: {error}"
