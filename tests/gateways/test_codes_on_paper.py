"""Codes on paper are read whichever way the paper lay, in the process that can do nothing else; and only ours count."""

import io
from collections.abc import Callable

import pytest
import segno
from PIL import Image

from app.domain import signed_form as words
from app.gateways.previewing import DRAWN, LimitedOpener, NullOpener
from app.gateways.sniffing import Unfit
from app.services.signed_form import square
from tests import scans
from tests.samples_of_files import GOOD, heic, locked_pdf, png_bomb

OPENER = LimitedOpener()
CODE = "7K2M9QXF4TRB8HWN"
HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Form</title><style>
@page {{ size: A4 }} .square svg {{ width: 44mm; height: 44mm; float: right }}</style></head>
<body><div class="square">{square}</div><h1>Form</h1><p>I ask for my data.</p></body></html>"""


@pytest.fixture(scope="module")
def form() -> bytes:
    return scans.printer().print(HTML.format(square=square(CODE)))


SCANS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "straight": lambda page: page,
    "three degrees": lambda page: scans.turned(page, 3),
    "on its side": lambda page: scans.turned(page, 90),
    "upside down": lambda page: scans.turned(page, 180),
    "any way": lambda page: scans.turned(page, 217),
    "grey and speckled": scans.noisy,
    "photographed from an angle": scans.from_an_angle,
    "photographed badly": lambda page: scans.turned(scans.noisy(scans.from_an_angle(page)), 184),
    "inside out": lambda page: page.point(lambda value: 255 - value),
}


@pytest.mark.parametrize("how", SCANS)
def test_a_code_is_read(form: bytes, how: str) -> None:
    data = scans.saved(SCANS[how](scans.signed(form)), quality=40)
    assert OPENER.codes(data, "jpeg") == (words.MARK + CODE,)


@pytest.mark.parametrize(("kind", "dpi"), [("PNG", 100), ("TIFF", 150), ("PDF", 150), ("JPEG", 72), ("JPEG", 400)])
def test_a_code_is_read_from_every_kind_that_is_drawn(form: bytes, kind: str, dpi: int) -> None:
    data = scans.saved(scans.signed(form, dpi=dpi), kind)
    assert OPENER.codes(data, kind.lower()) == (words.MARK + CODE,)  # type: ignore[arg-type]
    assert OPENER.codes(form, "pdf") == (words.MARK + CODE,)


def test_a_code_is_read_from_the_photo_of_a_telephone() -> None:
    assert OPENER.codes(heic("form"), "heic") == (words.MARK + CODE,)


def test_a_form_on_a_later_page_is_found(form: bytes) -> None:
    letter = Image.new("RGB", (1240, 1754), "white")
    data = scans.saved(letter, "PDF", save_all=True, append_images=[scans.signed(form)])
    assert OPENER.codes(data, "pdf") == (words.MARK + CODE,)


def test_a_paper_without_a_code_has_none() -> None:
    for kind in GOOD:
        assert OPENER.codes(GOOD[kind](), kind) == ()  # type: ignore[arg-type]
        assert NullOpener().codes(GOOD[kind](), kind) == ()  # type: ignore[arg-type]
    assert {"pdf", "png", "jpeg", "tiff", "heic"} == DRAWN


@pytest.mark.parametrize(("data", "kind"), [(png_bomb(), "png"), (locked_pdf(), "pdf"), (b"%PDF-1.7 no more", "pdf")])
def test_what_cannot_be_opened_is_unfit(data: bytes, kind: str) -> None:
    with pytest.raises(Unfit):
        OPENER.codes(data, kind)  # type: ignore[arg-type]


def test_a_foreign_code_on_the_same_paper_does_not_count(form: bytes) -> None:
    page = scans.signed(form)
    held = io.BytesIO()
    segno.make("https://example.com/pay?HF:7K2M9QXF4TRB8HWN").save(held, kind="png", scale=5, border=4)
    page.paste(Image.open(held).convert("RGB"), (80, 900))
    read = OPENER.codes(scans.saved(page), "jpeg")
    assert len(read) == 2
    assert words.codes_among(read) == (CODE,)


@pytest.mark.parametrize(("typed", "read"), [
    ("7K2M-9QXF-4TRB-8HWN", CODE), ("7k2m 9qxf 4trb 8hwn", CODE), ("HF:7K2M9QXF4TRB8HWN", CODE),
    ("7K2M-9QXF-4TRB-8HW", None), ("7K2M-9QXF-4TRB-8HW0", None), ("", None), ("HF:", None), ("７K2M9QXF4TRB8HWN", None),
])  # fmt: skip
def test_a_typed_code(typed: str, read: str | None) -> None:
    assert words.read_code(typed) == read


def test_codes_are_long_random_and_readable() -> None:
    codes = {words.new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(words.read_code(words.shown(code)) == code for code in codes)
    assert words.shown(CODE) == "7K2M-9QXF-4TRB-8HWN"
