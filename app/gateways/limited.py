"""Opens one file from strangers, in a process that can do nothing else (FIELD, attack 17).

Run by path, never imported: `python -I limited.py check|draw|codes KIND <file >answer`. Before a byte is read it gives
up what it does not need: processor time, memory, files, other programs, the network (a seccomp filter of the kernel),
and says so with the line `begun`. Then it answers one line of JSON, `{"fault": word|null, "pages": [size, …], "more":
bool, "codes": [text, …]}`, and the pages, PNG each. Whatever a library raises at a stranger's file ends it without an
answer.
"""

import ctypes
import io
import json
import platform
import resource
import struct
import sys
import zipfile
from typing import Any, Final

SECONDS: Final = 15
MEMORY: Final = 1024 * 1024 * 1024
MOST_PIXELS: Final = 60_000_000
MOST_PIXELS_IN_ALL: Final = 200_000_000
MOST_FRAMES: Final = 100
MOST_PAGES: Final = 200
PAGES_DRAWN: Final = 8
LONGEST_EDGE: Final = 1400
CODE_EDGES: Final = (2400, 1200)  # a scan in these sizes: the small one forgives noise, the large one small print
MOST_CODES = 20
# How many times larger than the file what it unpacks to may be: drawn pages reach hundreds, bombs a thousand.
PICTURE_RATIO, PICTURE_FREE = 500, 8_000_000
ARCHIVE_RATIO, ARCHIVE_FREE, MOST_ENTRIES = 100, 4_000_000, 2000
MOST_UNPACKED: Final = 200_000_000
_FORMATS: Final = {"heic": "HEIF"}  # where the library has another name for it
_NAMES_OF_PROGRAMS: Final = frozenset(
    {"/JS", "/JavaScript", "/Launch", "/RichMedia", "/XFA", "/SubmitForm", "/ImportData", "/Rendition", "/Movie"}
)


class Unfit(Exception):
    """Why the file is not taken, in one word."""


# --- what this process may not do -------------------------------------------------------------------------------

# System calls by machine, and the number of `openat`, which may only read. They are: socket, connect, socketpair, bind,
# sendto, sendmsg, execve, execveat, ptrace, process_vm_readv, process_vm_writev, kill, io_uring_setup, openat2, and
# whatever changes the file system; on x86 also fork, vfork, open and creat.
_FORBIDDEN: Final = {
    "x86_64": (
        0xC000003E, 257,
        (41, 42, 53, 49, 44, 46, 59, 322, 101, 310, 311, 62, 425, 437, 76, 77, 87, 263, 82, 264, 316, 83, 258, 84, 86,
         265, 88, 266, 90, 91, 268, 57, 58, 2, 85),
    ),
    "aarch64": (
        0xC00000B7, 56,
        (198, 203, 199, 200, 206, 211, 221, 281, 117, 270, 271, 129, 425, 437, 45, 46, 35, 38, 276, 34, 37, 36, 52, 53),
    ),
}  # fmt: skip
_X32: Final = 0x40000000  # a second set of numbers for the same calls
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN, _AND = 0x20, 0x15, 0x35, 0x06, 0x54
_MACHINE_AT, _CALL_AT, _THIRD_ARGUMENT_AT, _WRITES = 4, 0, 32, 0o3
_KILL, _REFUSE, _ALLOW = 0x80000000, 0x00050001, 0x7FFF0000


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def give_up_rights() -> None:
    """Bounds first, then the filter; without it nothing is opened."""
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 64),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    machine, opens, calls = _FORBIDDEN[platform.machine()]
    rules = [(_LOAD, 0, 0, _MACHINE_AT), (_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _CALL_AT)]
    rules += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    for call in calls:
        rules += [(_EQUAL, 0, 1, call), (_RETURN, 0, 0, _REFUSE)]
    rules += [(_EQUAL, 1, 0, opens), (_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, _THIRD_ARGUMENT_AT)]
    rules += [(_AND, 0, 0, _WRITES), (_EQUAL, 1, 0, 0), (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    code = b"".join(struct.pack("=HBBI", *rule) for rule in rules)
    program = _Program(len(rules), code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0):
        raise SystemExit("this system cannot limit a process")


# --- pictures ---------------------------------------------------------------------------------------------------


def _frames(data: bytes, kind: str) -> Any:
    """Every frame of a picture, bounded before it is unpacked."""
    from PIL import Image, ImageFile, ImageSequence

    if kind == "heic":
        _learn_heic(data)
    Image.MAX_IMAGE_PIXELS = None  # our own bounds follow, before anything is unpacked
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    picture = Image.open(io.BytesIO(data), formats=[_FORMATS.get(kind, kind.upper())])
    seen = 0
    for number, frame in enumerate(ImageSequence.Iterator(picture)):
        pixels = frame.width * frame.height
        seen += pixels
        bits = 1 if frame.mode == "1" else 8 * len(frame.getbands())
        if number >= MOST_FRAMES or pixels > MOST_PIXELS or seen > MOST_PIXELS_IN_ALL:
            raise Unfit("too_big")
        if seen * bits // 8 > PICTURE_FREE + PICTURE_RATIO * len(data):
            raise Unfit("too_big")
        frame.load()
        if frame.width * frame.height > pixels:  # it had said less
            raise Unfit("too_big")
        yield frame


def _learn_heic(data: bytes) -> None:
    """What reads HEIC, with nothing but the pictures themselves and without further threads; never before its sizes
    were looked at."""
    import pi_heif  # type: ignore[import-untyped]  # ships without types

    _check_sizes(data)
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def _check_sizes(data: bytes) -> None:
    """The sizes of all pictures in it, as its boxes give them (ISO/IEC 23008-12): tiles and hidden ones too."""
    for box in _boxes_but_pixels(data):
        at = box.find(b"ispe")
        while at >= 0:
            width, height = (int.from_bytes(box[at + 8 + i : at + 12 + i], "big") for i in (0, 4))
            if width * height > MOST_PIXELS:
                raise Unfit("too_big")
            at = box.find(b"ispe", at + 4)


def _boxes_but_pixels(data: bytes) -> Any:
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:  # to the end
            size = len(data) - at
        if data[at + 4 : at + 8] != b"mdat":
            yield data[at : at + size]
        at += size


def _check_picture(data: bytes, kind: str) -> None:
    if kind == "png" and not data.endswith(b"IEND\xaeB`\x82"):
        raise Unfit("two_in_one" if b"IEND\xaeB`\x82" in data else "broken")
    for _ in _frames(data, kind):
        pass


def _draw_picture(data: bytes, kind: str) -> Any:
    from PIL import ImageOps

    for frame in _frames(data, kind):
        yield _small(ImageOps.exif_transpose(frame))


def _plain(picture: Any) -> Any:
    """On white paper, without anything to see through."""
    from PIL import Image

    if picture.mode in ("LA", "RGBA", "PA", "P"):
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture)
        picture = ground
    return picture.convert("RGB")


def _small(picture: Any) -> bytes:
    """A new PNG from the pixels alone: whatever else the file said stays behind."""
    from PIL import Image

    plain = _plain(picture)
    plain.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    fresh = Image.frombytes("RGB", plain.size, plain.tobytes())
    held = io.BytesIO()
    fresh.save(held, "PNG")
    return held.getvalue()


# --- PDF --------------------------------------------------------------------------------------------------------


def _check_pdf(data: bytes, _: str) -> None:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    document = PdfReader(io.BytesIO(data), strict=False)
    if document.is_encrypted:
        raise Unfit("locked")
    numbers = {number for table in document.xref.values() for number in table} | set(document.xref_objStm)
    for number in sorted(numbers):
        if number:
            _check_object(document.get_object(number))
    if not 1 <= len(document.pages) <= MOST_PAGES:
        raise Unfit("broken" if not document.pages else "too_big")


def _check_object(thing: Any) -> None:
    """Whatever a reader could be made to run by it; what is referred to is an object of its own."""
    left = [thing]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if one.get("/Type") == "/EmbeddedFile" or "/EmbeddedFiles" in one:
                raise Unfit("carries")
            if _NAMES_OF_PROGRAMS.intersection(map(str, one)) or str(one.get("/S", "")) in _NAMES_OF_PROGRAMS:
                raise Unfit("active")
            left.extend(dict.values(one))
        elif isinstance(one, list):
            left.extend(list.__iter__(one))


def _draw_pdf(data: bytes, _: str) -> Any:
    for page in _printed(data, most=2.0, edge=LONGEST_EDGE):
        yield _small(page)


def _printed(data: bytes, *, most: float, edge: int) -> Any:
    """Each page as paper would show it."""
    import pypdfium2  # type: ignore[import-untyped]  # ships without types

    for page in pypdfium2.PdfDocument(data):
        width, height = page.get_size()
        yield page.render(scale=min(most, edge / max(width, height, 1)), may_draw_forms=False).to_pil()


# --- the others -------------------------------------------------------------------------------------------------


def _check_archive(data: bytes, _: str) -> None:
    """A DOCX: bounded, whole, a text document, and without macros."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    entries = archive.infolist()
    names = {entry.filename.lower() for entry in entries}
    if not {"[content_types].xml", "word/document.xml"} <= names:
        raise Unfit("unknown")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unfit("locked")
    if any("vbaproject" in name or "/activex/" in name for name in names):
        raise Unfit("active")
    if any("/embeddings/" in name for name in names):
        raise Unfit("carries")
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Unfit("too_big")
    for entry in entries:
        _unpack(archive, entry, ARCHIVE_FREE + ARCHIVE_RATIO * entry.compress_size)


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> None:
    """Read it to the end, where its checksum is compared; never more than it may be."""
    seen = 0
    with archive.open(entry) as file:
        while piece := file.read(256 * 1024):
            seen += len(piece)
            if seen > most:
                raise Unfit("too_big")


def _check_mail(data: bytes, _: str) -> None:
    from email import message_from_bytes, policy

    message = message_from_bytes(data, policy=policy.default)
    if sum(1 for _ in message.walk()) > MOST_FRAMES:
        raise Unfit("too_big")


# --- codes on paper ---------------------------------------------------------------------------------------------


def codes_in(data: bytes, kind: str) -> list[str]:
    """What the square codes (QR) on the first pages say, whichever way the paper lay."""
    pages = _printed(data, most=4.0, edge=CODE_EDGES[0]) if kind == "pdf" else _frames(data, kind)
    found: dict[str, None] = {}
    for number, page in enumerate(pages):
        if number == PAGES_DRAWN:
            break
        found.update(dict.fromkeys(_codes_on(page)))
    return list(found)[:MOST_CODES]


def _codes_on(page: Any) -> list[str]:
    import zxingcpp

    grey = _plain(page).convert("L")
    for edge in CODE_EDGES:
        grey.thumbnail((edge, edge))
        seen = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
        if seen:
            return [one.text[:200] for one in seen]
    return []


CHECKS: Final = {
    "pdf": _check_pdf, "png": _check_picture, "jpeg": _check_picture, "tiff": _check_picture, "docx": _check_archive,
    "heic": _check_picture, "eml": _check_mail,
}  # fmt: skip
DRAWS: Final = {"pdf": _draw_pdf, **dict.fromkeys(("png", "jpeg", "tiff", "heic"), _draw_picture)}


def main(verb: str, kind: str) -> None:
    """One file in, one answer out."""
    give_up_rights()
    sys.stdout.buffer.write(b"begun\n")
    sys.stdout.buffer.flush()
    data = sys.stdin.buffer.read()
    pages: list[bytes] = []
    codes: list[str] = []
    fault, more = None, False
    try:
        if verb == "check":
            CHECKS[kind](data, kind)
        elif verb == "codes":
            codes = codes_in(data, kind)
        else:
            for page in DRAWS[kind](data, kind):
                more = len(pages) == PAGES_DRAWN
                if more:
                    break
                pages.append(page)
    except Unfit as unfit:
        fault = str(unfit)
    except MemoryError:
        fault = "too_big"
    answer = {"fault": fault, "pages": [len(page) for page in pages], "more": more, "codes": codes}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(pages))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
