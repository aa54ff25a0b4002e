"""A file is written as a whole, or not at all."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from il2kg.write.output import write_whole


def broken() -> Iterator[bytes]:
    yield b"half"
    raise KeyboardInterrupt


def test_a_file_is_there_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"

    def seen() -> Iterator[bytes]:
        yield b"one "
        assert not path.exists()
        yield b"two"

    write_whole(path, seen())
    assert path.read_bytes() == b"one two"
    assert [each.name for each in tmp_path.iterdir()] == ["a.ttl"]


def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, broken())
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["a.ttl"]


def test_rights_and_links_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "a.ttl", tmp_path / "link"
    path.write_bytes(b"before")
    path.chmod(0o640)
    link.symlink_to(path)
    write_whole(link, [b"after"])
    assert link.is_symlink()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"after", 0o640)


def test_a_new_file_has_the_rights_of_any(tmp_path: Path) -> None:
    other, path = tmp_path / "other", tmp_path / "a.ttl"
    other.touch()
    write_whole(path, [b"x"])
    assert path.stat().st_mode == other.stat().st_mode


def test_a_device_is_written_to() -> None:
    write_whole(Path(os.devnull), [b"x"])
    assert not Path(os.devnull).is_file()


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "missing" / "a.ttl", [b"x"])
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path, [b"x"])
