import errno
import os
import stat

import pytest

from app.domain.errors import NotFound, Unavailable
from app.gateways.storage import DirectoryStorage, MemoryStorage, new_name

NAME = "0123456789abcdef" * 2


@pytest.fixture(params=["directory", "memory"])
def storage(request, tmp_path):
    return DirectoryStorage(tmp_path / "objects") if request.param == "directory" else MemoryStorage()


def files(path):
    return [found for found in path.rglob("*") if found.is_file()]


def test_what_is_put_is_read_back_in_any_range(storage):
    data = os.urandom(600_000)
    assert storage.put(NAME, [data[:5], b"", data[5:]]) == len(data)
    assert storage.size(NAME) == len(data)
    assert storage.exists(NAME)
    for start, end in [(0, None), (0, 0), (3, 300_000), (599_999, None), (599_999, 900_000), (700_000, None)]:
        assert b"".join(storage.read(NAME, start, end)) == data[start:end]


def test_a_second_put_takes_the_place_of_the_first(storage):
    storage.put(NAME, [b"one"])
    storage.put(NAME, [b"two"])
    assert b"".join(storage.read(NAME)) == b"two"


def test_deleting_twice_does_no_harm(storage):
    storage.put(NAME, [b"x"])
    storage.delete(NAME)
    storage.delete(NAME)
    assert not storage.exists(NAME)


def test_what_is_not_there_is_not_found(storage):
    with pytest.raises(NotFound):
        storage.size(NAME)
    with pytest.raises(NotFound):
        list(storage.read(NAME))


@pytest.mark.parametrize(
    "name", ["", "../x", "a/b", NAME.upper(), NAME + "\n", NAME + "0", "/etc/passwd", NAME[:-1] + "é"]
)
def test_only_names_of_ours_are_taken(storage, name):
    for call in (storage.size, storage.delete, storage.exists, lambda n: list(storage.read(n)), storage.create):
        with pytest.raises(ValueError, match="not an object name"):
            call(name)


def test_new_names_are_names():
    assert len({new_name() for _ in range(100)}) == 100
    assert MemoryStorage().exists(new_name()) is False


def test_half_an_object_leaves_nothing(storage, tmp_path):
    def broken():
        yield b"half"
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        storage.put(NAME, broken())
    assert not storage.exists(NAME)
    assert files(tmp_path) == []


def test_only_the_owner_can_read(tmp_path):
    storage = DirectoryStorage(tmp_path / "objects")
    storage.put(NAME, [b"x"])
    [file] = files(tmp_path)
    assert file == tmp_path / "objects" / "01" / NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_committed_object_takes_no_more(storage, tmp_path):
    directory = DirectoryStorage(tmp_path / "objects")
    with directory.create(NAME) as writer:
        writer.write(b"x")
        writer.commit()
        with pytest.raises(ValueError, match="already committed"):
            writer.write(b"y")


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, monkeypatch):
    storage = DirectoryStorage(tmp_path / "objects")
    storage.put(NAME, [b"before"])

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="disk is full"):
        storage.put(NAME, [b"after"])
    assert b"".join(storage.read(NAME)) == b"before"
    assert len(files(tmp_path)) == 1


def test_a_really_full_device_is_said(tmp_path):
    storage = DirectoryStorage(tmp_path / "objects")
    with storage.create(NAME) as writer:
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, writer._open_file().fileno())
        os.close(full)
        with pytest.raises(Unavailable, match="disk is full"):
            writer.write(b"x" * 1_000_000)
    assert files(tmp_path) == []


def test_another_fault_is_said_in_plain_words(tmp_path):
    (tmp_path / "objects").write_text("a file where the folder should be")
    with pytest.raises(Unavailable, match="The storage took nothing"):
        DirectoryStorage(tmp_path / "objects").put(NAME, [b"x"])


def test_names_are_those_of_whole_objects_that_are_old_enough(tmp_path):
    storage = DirectoryStorage(tmp_path / "objects")
    assert list(storage.names(before=2000)) == [], "nothing was ever written"
    storage.put(NAME, [b"x"])
    os.utime(tmp_path / "objects" / "01" / NAME, (1000, 1000))
    (tmp_path / "objects" / "01" / "notes.txt").write_text("no object")
    storage.put(new_name(), [b"young"])
    with storage.create(new_name()):
        assert list(storage.names(before=2000)) == [NAME]
    assert list(storage.names(before=1000)) == []
    memory = MemoryStorage()
    memory.put(NAME, [b"x"])
    assert list(memory.names(before=2000)) == []
    memory.written[NAME] = 1000
    assert list(memory.names(before=2000)) == [NAME]


def test_what_a_killed_process_left_is_swept(tmp_path):
    storage = DirectoryStorage(tmp_path / "objects")
    storage.put(NAME, [b"x"])
    left = tmp_path / "objects" / "incoming" / f"{NAME}.dead"
    left.write_bytes(b"half")
    os.utime(left, (1000, 1000))
    assert storage.sweep(before=999) == 0
    assert storage.sweep(before=1001) == 1
    assert files(tmp_path) == [tmp_path / "objects" / "01" / NAME]
