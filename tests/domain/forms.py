"""The forms of a controller that offers every right under the General Data Protection Regulation."""

from typing import get_args

from app.domain.policy import ControllerFile, RightName
from app.domain.rights_forms import forms_of
from app.policies.loader import load_regimes

GDPR = load_regimes()["gdpr"]
CONTROLLER = {
    "slug": "acme", "name": "ACME", "legal_name": "ACME SIA", "country": "LV", "timezone": "Europe/Riga",
    "languages": ["en", "lv"], "regime": "gdpr", "contact": {"email": "privacy@acme.example.com"},
}  # fmt: skip
PURPOSES = {
    "service": {"title": "Providing the service", "legal_basis": "contract"},
    "news": {"title": {"en": "News about the product", "lv": "Jaunumi"}, "legal_basis": "consent"},
    "offers": {"title": "Offers of partners", "legal_basis": "consent"},
}
FILE = ControllerFile.model_validate({
    "controller": CONTROLLER, "rights": {name: {} for name in get_args(RightName)}, "purposes": PURPOSES,
})  # fmt: skip
FORMS = forms_of(GDPR, FILE)
