"""Letters per second, against bare WeasyPrint with the same HTML: what rendering and guarding add."""

from datetime import UTC, datetime
from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from app.gateways.pdf import WeasyPrinter
from app.gateways.rendering import Renderer
from app.gateways.reporting import letter_style
from app.policies.loader import CONTROLLERS, load_regimes, read_controller
from bench.figures import in_turn, tell

ROUNDS = 40


def letters() -> None:
    """A refusal of one page."""
    renderer, printer, fonts = Renderer(), WeasyPrinter(), FontConfiguration()
    facts = _facts()
    page = renderer.render("letters/refusal.html", **facts)

    def ours() -> bytes:
        return printer.print(renderer.render("letters/refusal.html", **facts))

    def bare() -> bytes:
        made: bytes = HTML(string=page).write_pdf(pdf_variant="pdf/ua-1", font_config=fonts)
        return made

    for _ in range(5):
        ours()
        bare()
    one, other, ratio = in_turn(ours, bare, rounds=ROUNDS)
    tell("letters", 1 / one, "letters/s", ratio_to="bare_weasyprint", ratio=1 / ratio)
    tell("bare_weasyprint", 1 / other, "letters/s")


def _facts() -> dict[str, Any]:
    controller = read_controller(CONTROLLERS / "softmanager.yaml").file.controller
    regime = load_regimes()["gdpr"]
    right = regime.rights["access"]
    ground = next(iter(right.refusal_grounds.values()))
    moment = datetime(2026, 11, 22, 10, tzinfo=UTC)
    return {
        "language": "en", "style": letter_style(), "name": "Ana-Maria Ionescu", "reference": "7K2M-9QXF-4TRB",
        "controller": controller, "right_title": "A copy of your data", "right_article": right.article,
        "received_at": moment, "written_at": moment, "timezone": controller.timezone, "reason": "Twice the same. " * 30,
        "ground_title": "Excessive", "ground_article": ground.article, "ground_explanation": "It was asked before.",
        "complaint": "You can complain.", "complaint_article": regime.complaint.article, "court": "You can sue.",
        "court_article": regime.court.article, "refusal_article": regime.refusal_article,
        "authority": regime.complaint.lead("RO"),
    }  # fmt: skip
