"""Letters per second, against bare WeasyPrint with the same HTML: what rendering, checking and guarding add."""

from datetime import UTC, datetime

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from app.domain.policy import say
from app.gateways.pdf import WeasyPrinter
from app.gateways.rendering import Renderer
from app.policies.loader import CONTROLLERS, load_regimes, read_controller
from app.services import letter_facts, stationery
from app.services.stationery import Draft, Stationery
from bench.figures import in_turn, tell

ROUNDS = 40


def letters() -> None:
    """A refusal of one page, with its mail."""
    paper, printer, fonts = Stationery(Renderer(), "https://example.com"), WeasyPrinter(), FontConfiguration()
    letter = _refusal()
    page = stationery.checked(paper, letter)

    def ours() -> bytes:
        html = stationery.checked(paper, letter)
        stationery.mail(paper, letter)
        return printer.print(html)

    def bare() -> bytes:
        made: bytes = HTML(string=page).write_pdf(pdf_variant="pdf/ua-1", font_config=fonts)
        return made

    for _ in range(5):
        ours()
        bare()
    one, other, ratio = in_turn(ours, bare, rounds=ROUNDS)
    tell("letters", 1 / one, "letters/s", ratio_to="bare_weasyprint", ratio=1 / ratio)
    tell("bare_weasyprint", 1 / other, "letters/s")


def _refusal() -> Draft:
    file = read_controller(CONTROLLERS / "softmanager.yaml").file
    regime = load_regimes()["gdpr"]
    right = regime.rights["access"]
    ground = right.refusal_grounds["excessive"]
    moment = datetime(2026, 11, 22, 10, tzinfo=UTC)
    facts = {
        **letter_facts.read_inputs({"reasons": "Twice the same. " * 30, "evidence": "Three requests in a month."}),
        **letter_facts.paper(file, regime, "en", written_at=moment),
        "name": "Ana-Maria Ionescu", "addressee": ("Ana-Maria Ionescu",), "reference": "7K2M-9QXF-4TRB",
        "received_at": moment, "right_title": say(right.title, "en"), "right_article": right.article,
        "case_url": "https://example.com/case/7K2M-9QXF-4TRB/", "ground_title": say(ground.title, "en"),
        "ground_article": ground.article, "ground_explanation": say(ground.explanation, "en"), "must_prove": True,
    }  # fmt: skip
    return stationery.draft("refusal", "en", facts, regime=regime, right="access")
