"""The ZIP container of a package (Art. 5(2) GDPR), byte for byte ours: of every single byte we can say what it must be.

Sizes and checksums are known before an entry is written, so there are no data descriptors; ZIP64 fields stand only
where a size or place needs them; names are plain ASCII; the time is the package's own. Same input, same bytes.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime

_LIMIT = 0xFFFFFFFF
_MANY = 0xFFFF
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_UNIX = 3 << 8
_FILE_MODE = 0o100644 << 16
DEFLATED = 8
STORED = 0
LOCAL_SIZE = _LOCAL.size
LOCAL_MARK = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in the container; `packed` is its size there."""

    path: str
    plain: int
    packed: int
    crc: int
    method: int = DEFLATED

    @property
    def large(self) -> bool:
        """Whether its sizes need ZIP64 fields."""
        return max(self.plain, self.packed) >= _LIMIT


def dos_time(moment: datetime) -> tuple[int, int]:
    """Time and date as a ZIP holds them: two-second steps, 1980 to 2107; here always UTC."""
    moment = moment.astimezone(UTC)
    if moment.year < 1980:
        return 0, 33
    year = min(moment.year, 2107) - 1980
    return moment.hour << 11 | moment.minute << 5 | moment.second // 2, year << 9 | moment.month << 5 | moment.day


def local_header(entry: Entry, at: datetime) -> bytes:
    """What stands before an entry's data."""
    name, (clock, day) = entry.path.encode("ascii"), dos_time(at)
    extra = struct.pack("<2H2Q", 1, 16, entry.plain, entry.packed) if entry.large else b""
    plain, packed = (_LIMIT, _LIMIT) if entry.large else (entry.plain, entry.packed)
    version = 45 if entry.large else 20
    numbers = (LOCAL_MARK, version, 0, entry.method, clock, day, entry.crc, packed, plain, len(name), len(extra))
    return _LOCAL.pack(*numbers) + name + extra


def directory(entries: list[tuple[Entry, int]], at: datetime, place: int) -> bytes:
    """Everything after the last entry; `entries` with the places of their headers, `place` is where this begins."""
    records = b"".join(_central(entry, offset, at) for entry, offset in entries)
    count = len(entries)
    end = b""
    if count >= _MANY or place >= _LIMIT or len(records) >= _LIMIT:
        end = _END64.pack(b"PK\x06\x06", 44, _UNIX | 45, 45, 0, 0, count, count, len(records), place)
        end += _LOCATOR.pack(b"PK\x06\x07", 0, place + len(records), 1)
    shown = min(count, _MANY)
    end += _END.pack(b"PK\x05\x06", 0, 0, shown, shown, min(len(records), _LIMIT), min(place, _LIMIT), 0)
    return records + end


def _central(entry: Entry, offset: int, at: datetime) -> bytes:
    name, (clock, day) = entry.path.encode("ascii"), dos_time(at)
    wide = ([entry.plain, entry.packed] if entry.large else []) + ([offset] if offset >= _LIMIT else [])
    extra = struct.pack(f"<2H{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    plain, packed = (_LIMIT, _LIMIT) if entry.large else (entry.plain, entry.packed)
    version = 45 if wide else 20
    about = (b"PK\x01\x02", _UNIX | version, version, 0, entry.method, clock, day, entry.crc, packed, plain)
    rest = (len(name), len(extra), 0, 0, 0, _FILE_MODE, min(offset, _LIMIT))
    return _CENTRAL.pack(*about, *rest) + name + extra
