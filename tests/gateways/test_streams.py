import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Tampered
from app.gateways.storage import MemoryStorage
from app.gateways.streams import CHUNK_BYTES, decrypt_range, encrypt, plain_size

NAME = "0" * 32
OTHER = "1" * 32
KEY = b"k" * 32
PLACE = b"package:1"
SMALL = 16  # a small chunk shows in few bytes what a large one does


def stored(data, *, chunk_bytes=SMALL, bound_to=PLACE):
    storage = MemoryStorage()
    storage.put(NAME, encrypt([data], KEY, bound_to=bound_to, chunk_bytes=chunk_bytes))
    return storage


def opened(storage, *, key=KEY, bound_to=PLACE, start=0, end=None, name=NAME):
    pieces = decrypt_range(storage, name, key, bound_to=bound_to, start=start, end=end, chunk_bytes=SMALL)
    return b"".join(pieces)


@given(st.lists(st.binary(max_size=50), max_size=8), st.integers(0, 300), st.integers(0, 300) | st.none())
def test_any_range_of_any_stream(pieces, start, end):
    plain = b"".join(pieces)
    storage = MemoryStorage()
    size = storage.put(NAME, encrypt(pieces, KEY, bound_to=PLACE, chunk_bytes=SMALL))
    assert plain_size(size, chunk_bytes=SMALL) == len(plain)
    assert opened(storage, start=start, end=end) == (plain[start:end] if end is None or start < end else b"")


def test_chunks_of_the_usual_size():
    plain = os.urandom(3 * CHUNK_BYTES + 5)
    storage = MemoryStorage()
    storage.put(NAME, encrypt(iter([plain[:7], plain[7:]]), KEY, bound_to=PLACE))
    assert b"".join(decrypt_range(storage, NAME, KEY, bound_to=PLACE)) == plain
    middle = decrypt_range(storage, NAME, KEY, bound_to=PLACE, start=CHUNK_BYTES - 3, end=2 * CHUNK_BYTES + 3)
    assert b"".join(middle) == plain[CHUNK_BYTES - 3 : 2 * CHUNK_BYTES + 3]
    assert plain not in storage.objects[NAME]


def test_every_changed_byte_is_noticed():
    storage = stored(b"0123456789" * 5)
    sealed = storage.objects[NAME]
    for at in range(len(sealed)):
        storage.objects[NAME] = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(Tampered):
            opened(storage)


@pytest.mark.parametrize("length", [0, 10, 16, 32, 50])
def test_every_cut_is_noticed_whatever_range_is_read(length):
    storage = stored(b"x" * length)
    sealed = storage.objects[NAME]
    for cut in range(len(sealed)):
        storage.objects[NAME] = sealed[:cut]
        with pytest.raises(Tampered):
            opened(storage, end=1)


def test_reordered_repeated_and_lengthened_objects_are_noticed():
    storage = stored(b"a" * SMALL + b"b" * SMALL + b"c" * 4)
    sealed = storage.objects[NAME]
    head, one, two, last = sealed[:17], sealed[17:49], sealed[49:81], sealed[81:]
    for wrong in (head + two + one + last, head + one + one + last, head + last, head + one + two + last + last):
        storage.objects[NAME] = wrong
        with pytest.raises(Tampered):
            opened(storage)


def test_wrong_key_and_wrong_place_open_nothing():
    storage = stored(b"secret")
    with pytest.raises(Tampered):
        opened(storage, key=b"K" * 32)
    with pytest.raises(Tampered):
        opened(storage, bound_to=b"package:2")


def test_one_key_makes_different_objects():
    one, two = (stored(b"same").objects[NAME] for _ in range(2))
    assert one != two
    assert one[1:17] != two[1:17]
