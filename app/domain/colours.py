"""How well white text reads on a colour (WCAG 2.2, 1.4.3), so that a controller's own colour never hides a button."""

MINIMUM_CONTRAST = 4.5


def contrast_with_white(colour: str) -> float:
    """The contrast ratio, 1 to 21, of white on `#rrggbb`."""
    return 1.05 / (_luminance(colour) + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
