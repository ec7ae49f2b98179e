"""What a file is, seen from its bytes and never from its name (FIELD, attack 17): seven kinds, all else is refused.

This looks at the outside only, with nothing but the standard library. What lies inside is opened in a process of its
own (previewing).
"""

import re
from typing import Final

from app.domain.evidence import Kind

_SIGNATURES: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"PK\x03\x04", "docx"),
)
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
_MARKUP: Final = re.compile(rb"<(?:script|html|svg|!doctype|iframe|\?php)[\s>/]", re.IGNORECASE)
_PROGRAM_IN_PDF: Final = re.compile(rb"/(?:JavaScript|Launch|RichMedia|XFA)(?![A-Za-z])")
_END_OF_PDF: Final = re.compile(rb"%%EOF[\s\x00]*\Z")
_HEADER: Final = re.compile(rb"[!-9;-~]{1,76}:[ \t]?[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*")
_MAIL_NEEDS: Final = (b"from:", b"date:")
_HEAD: Final = 1024
_LONGEST_HEADERS: Final = 256 * 1024


class Unfit(Exception):
    """A file that is not taken; `word` says why (domain.evidence.fault has the sentence)."""

    def __init__(self, word: str) -> None:
        self.word = word
        super().__init__(word)


def kind_of(data: bytes) -> Kind:
    """The kind of a whole file; Unfit for any other, an empty, a cut one, or one that is two kinds at once."""
    if not data:
        raise Unfit("empty")
    kind = _kind(data)
    _CHECKS[kind](data)
    if kind not in ("docx", "eml") and _MARKUP.search(data):
        raise Unfit("two_in_one")
    if kind != "docx" and _ends_as_zip(data):
        raise Unfit("two_in_one")
    if kind not in {"pdf", "eml"} and b"%PDF-" in data[:_HEAD]:
        raise Unfit("two_in_one")
    return kind


def _kind(data: bytes) -> Kind:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "heic"
    if _is_mail(data):
        return "eml"
    # A reader of PDF looks for its beginning further on too: whatever stands before it is something else.
    raise Unfit("two_in_one" if b"%PDF-" in data[:_HEAD] else "unknown")


def _is_mail(data: bytes) -> bool:
    """Headers from the first line on, with a sender and a date among them, and text after an empty line."""
    at, seen = 0, set()
    while at < min(len(data), _LONGEST_HEADERS) and (line := _HEADER.match(data, at)):
        seen.add(line[0].partition(b":")[0].lower() + b":")
        at = line.end()
    ends = data[at : at + 2] == b"\r\n" or data[at : at + 1] == b"\n" or at == len(data)
    return ends and seen.issuperset(_MAIL_NEEDS) and b"\x00" not in data


def _ends_as_zip(data: bytes) -> bool:
    """Whether a program that opens ZIP files would open this one too: it looks from the end."""
    return b"PK\x05\x06" in data[-65_600:]


def _check_pdf(data: bytes) -> None:
    if _PROGRAM_IN_PDF.search(data):
        raise Unfit("active")
    if b"%%EOF" not in data[-2 * _HEAD :]:
        raise Unfit("broken")
    if not _END_OF_PDF.search(data[-2 * _HEAD :]):
        raise Unfit("two_in_one")


def _check_heic(data: bytes) -> None:
    """Its boxes fill the file to the last byte."""
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:  # to the end
            return
        if size < 8 or at + size > len(data):
            raise Unfit("broken")
        at += size


def _nothing_more(_: bytes) -> None:
    return None


_CHECKS: Final = {
    "pdf": _check_pdf,
    "heic": _check_heic,
    "png": _nothing_more,
    "jpeg": _nothing_more,
    "tiff": _nothing_more,
    "docx": _nothing_more,
    "eml": _nothing_more,
}
