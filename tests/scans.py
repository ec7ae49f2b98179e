"""Signed forms as they come back: printed, signed with a pen, and scanned or photographed well or badly."""

import io
from functools import cache
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

from app.gateways.pdf import WeasyPrinter


@cache
def printer() -> WeasyPrinter:
    """The real one, with one set of fonts for all tests."""
    return WeasyPrinter()


def page(pdf: bytes, *, dpi: int = 150) -> Image.Image:
    """The first page as a scanner would see it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
        return picture
    finally:
        document.close()


def signed(pdf: bytes, *, dpi: int = 150) -> Image.Image:
    """The page with a day and a signature in their boxes."""
    picture = page(pdf, dpi=dpi)
    width, height = picture.size
    pen = ImageDraw.Draw(picture)
    ink = {"fill": "#1b2a7a", "width": max(2, width // 400)}
    points = [(0.46, 0.74), (0.50, 0.70), (0.52, 0.76), (0.57, 0.71), (0.60, 0.75), (0.68, 0.72), (0.74, 0.74)]
    pen.line([(int(x * width), int(y * height)) for x, y in points], **ink)
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", **more: Any) -> bytes:
    """The picture as a file."""
    held = io.BytesIO()
    picture.save(held, kind, **more)
    return held.getvalue()


def turned(picture: Image.Image, angle: float) -> Image.Image:
    """As it lay on the glass."""
    return picture.rotate(angle, expand=True, fillcolor="#d8d4cc", resample=Image.Resampling.BICUBIC)


def from_an_angle(picture: Image.Image) -> Image.Image:
    """As a phone sees it that is not held straight above, on a table, with a shadow."""
    width, height = picture.size
    corners = (-0.10 * width, -0.06 * height, -0.02 * width, 1.08 * height, 1.04 * width, 1.02 * height, 1.14 * width,
               0.02 * height)  # fmt: skip
    seen = picture.transform(
        picture.size, Image.Transform.QUAD, corners, resample=Image.Resampling.BICUBIC, fillcolor="#4a3b2a"
    )
    shadow = Image.linear_gradient("L").resize(picture.size).point(lambda value: 150 + value * 105 // 255)
    return Image.composite(seen, Image.new("RGB", picture.size, "#303030"), shadow)


def noisy(picture: Image.Image) -> Image.Image:
    """Grey, speckled and a little out of focus."""
    grey = picture.convert("L").filter(ImageFilter.GaussianBlur(1.2))
    return Image.blend(grey, Image.effect_noise(grey.size, 90), 0.3).convert("RGB")
