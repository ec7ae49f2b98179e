"""Which bytes a download asks for (RFC 9110, section 14): a broken download goes on instead of starting again."""

import re
from dataclasses import dataclass
from typing import Final

_ONE_RANGE: Final = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


@dataclass(frozen=True, slots=True)
class Slice:
    """Bytes from `start` up to, not including, `end`."""

    start: int
    end: int
    partial: bool

    @property
    def length(self) -> int:
        return self.end - self.start


class RangeRefused(Exception):
    """The asked part lies outside of what there is."""


def wanted(header: str | None, size: int, *, etag: str | None = None, if_range: str | None = None) -> Slice:
    """The slice that a Range header asks for; the whole where it asks for none, for several, or of an older content."""
    whole = Slice(0, size, partial=False)
    match = _ONE_RANGE.fullmatch(header.replace(" ", "")) if header else None
    if match is None or match[0] == "bytes=-" or (if_range is not None and if_range != f'"{etag}"'):
        return whole
    first, last = match[1], match[2]
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise RangeRefused
        return Slice(size - length, size, partial=True)
    start = int(first)
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return whole  # not a range at all
    if start >= size:
        raise RangeRefused
    return Slice(start, end, partial=True)
