"""Files as people send them, and as nobody should: made here byte by byte, so that none lies about; only the
HEIC pictures were made by a telephone's kind of encoder before."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image
from pypdf import PdfWriter

PICTURES = Path(__file__).with_name("pictures")
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EML = b"From: ana@example.com\r\nDate: Mon, 23 Nov 2026 09:00:00 +0200\r\nSubject: Me\r\n\r\nIt is me.\r\n"


def picture(kind: str = "PNG", *, size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    """A small picture with some noise in it."""
    held = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(held, kind, **more)
    return held.getvalue()


def photo_with_place() -> bytes:
    """A JPEG that says who took it, as phones do."""
    exif = Image.Exif()
    exif[0x010F] = "Secret phone of Ana"
    return picture("JPEG", exif=exif)


def pdf(catalog: bytes = b"", *, pages: int = 1) -> bytes:
    """A PDF of empty pages, with more in its catalogue."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    return _written(writer).replace(b"/Type /Catalog", b"/Type /Catalog " + catalog, 1)


def _written(writer: PdfWriter) -> bytes:
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def locked_pdf() -> bytes:
    """Needs a password."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret")
    return _written(writer)


def carrying_pdf() -> bytes:
    """Another file lies inside."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_attachment("run.exe", b"MZ")
    return _written(writer)


def hidden_script_pdf() -> bytes:
    """The script's name stands compressed in an object stream, and spelt with an escape."""
    body = b"1 0 << /Type /Catalog /Pages 2 0 R /OpenAction << /S /Java#53cript /JS (app.alert\\(1\\)) >> >>"
    packed = zlib.compress(body)
    parts = [
        b"%PDF-1.5\n",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>\nendobj\n",
        b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
        + packed + b"\nendstream\nendobj\n",
    ]  # fmt: skip
    at, places = 0, []
    for part in parts:
        places.append(at)
        at += len(part)
    rows = [(0, 0, 65535), (2, 4, 0), (1, places[1], 0), (1, places[2], 0), (1, places[3], 0), (1, at, 0)]
    table = b"".join(struct.pack(">BHH", *row) for row in rows)
    head = b"<< /Type /XRef /Size 6 /W [1 2 2] /Root 1 0 R /Length %d >>" % len(table)
    xref = b"5 0 obj\n" + head + b"\nstream\n" + table + b"\nendstream\nendobj\n"
    return b"".join(parts) + xref + b"startxref\n%d\n%%%%EOF\n" % at


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """Little to send, gigabytes to draw."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(bytes(10**6))), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def dense_png() -> bytes:
    """Within the bounds for pixels, and a thousand times larger once it is unpacked."""
    held = io.BytesIO()
    Image.new("RGB", (7000, 7000)).save(held, "PNG")
    return held.getvalue()


def archive(more: Mapping[str, bytes] | None = None, *, word: bool = True) -> bytes:
    """A DOCX, or an archive that is none."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        if word:
            made.writestr("[Content_Types].xml", "<Types/>")
            made.writestr("word/document.xml", "<document/>")
        for name, data in (more or {}).items():
            made.writestr(name, data)
    return held.getvalue()


def heic(name: str = "small") -> bytes:
    """A photo of a telephone: 64 by 48, one white square of 7000 (`flat`), a signed form (`form`), or on its side."""
    return (PICTURES / f"{name}.heic").read_bytes()


def heic_that_says(width: int, height: int, name: str = "small") -> bytes:
    """Of other sizes than its pixels."""
    data = heic(name)
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def heic_of_nothing() -> bytes:
    """Its boxes are in order, its pixels are not."""
    head, mark, pixels = heic().partition(b"mdat")
    return head + mark + bytes(len(pixels))


def heic_of_many() -> bytes:
    """One of its items in front of it a thousand times, so that the boxes nest and repeat without an end."""
    data, at = heic(), heic().index(b"meta") - 4
    size = int.from_bytes(data[at : at + 4], "big")
    return data[: at + size] + data[at : at + size] * 1000 + data[at + size :]


GOOD: Mapping[str, Callable[[], bytes]] = {
    "pdf": pdf,
    "png": picture,
    "jpeg": lambda: picture("JPEG"),
    "tiff": lambda: picture("TIFF"),
    "heic": heic,
    "eml": lambda: EML,
    "docx": archive,
}
# What must not be taken, and in which word it is said why.
BAD: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "an SVG with a script": (lambda: SVG, "unknown"),
    "a page of HTML": (lambda: b"<!doctype html><p>Hello", "unknown"),
    "plain text": (lambda: b"It is me.\n", "unknown"),
    "a program": (lambda: b"MZ" + bytes(200), "unknown"),
    "an archive that is no letter": (lambda: archive({"a.txt": b"x"}, word=False), "unknown"),
    "a bomb of pixels": (png_bomb, "too_big"),
    "a bomb within the bounds of pixels": (dense_png, "too_big"),
    "a bomb in an archive": (lambda: archive({"word/media/a.png": bytes(50_000_000)}), "too_big"),
    "HEIC of too many pixels": (lambda: heic_that_says(60_000, 60_000), "too_big"),
    "a HEIC bomb within the bounds of pixels": (lambda: heic("flat"), "too_big"),
    "a HEIC that is larger than it says": (lambda: heic_that_says(64, 48, "flat"), "broken"),
    "a HEIC with other pixels": (heic_of_nothing, "broken"),
    "a HEIC with a thousand heads": (heic_of_many, "broken"),
    "a HEIC without a picture": (lambda: heic().replace(b"iloc", b"free"), "broken"),
    "HTML before a PDF": (lambda: b"<html><script>1</script>" + pdf(), "two_in_one"),
    "HTML within a PDF": (lambda: pdf().replace(b"\n", b"\n<script>1</script>\n", 1), "two_in_one"),
    "HTML after a PDF": (lambda: pdf() + b"<b>more</b>", "two_in_one"),
    "a ZIP behind a PDF": (lambda: pdf() + archive(), "two_in_one"),
    "a ZIP behind a picture": (lambda: picture("JPEG") + archive(), "two_in_one"),
    "HTML behind a picture": (lambda: picture() + b"<html><script>1</script>", "two_in_one"),
    "something behind a picture": (lambda: picture() + b"more", "two_in_one"),
    "a PDF that is locked": (locked_pdf, "locked"),
    "a PDF with JavaScript": (lambda: pdf(b"/OpenAction << /S /JavaScript /JS (app.alert) >>"), "active"),
    "a PDF with hidden JavaScript": (hidden_script_pdf, "active"),
    "a PDF that starts a program": (lambda: pdf(b"/OpenAction << /S /Launch /F (cmd) >>"), "active"),
    "a PDF that starts one by an escape": (lambda: pdf(b"/OpenAction << /S /Laun#63h /F (cmd) >>"), "active"),
    "a PDF with a file inside": (carrying_pdf, "carries"),
    "a DOCX with macros": (lambda: archive({"word/vbaProject.bin": b"x"}), "active"),
    "a PDF cut off": (lambda: pdf()[:-40], "broken"),
    "a PNG cut off": (lambda: picture()[:-300], "broken"),
    "a JPEG cut off": (lambda: picture("JPEG", size=(600, 400))[:9000], "broken"),
    "a TIFF cut off": (lambda: picture("TIFF")[:3000], "broken"),
    "a HEIC cut off": (lambda: heic()[:-3], "broken"),
    "a DOCX cut off": (lambda: archive()[:-30], "broken"),
    "a PDF in name only": (lambda: b"%PDF-1.7\nno more\n%%EOF\n", "broken"),
}
