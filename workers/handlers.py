"""Which verb does which kind of job."""

from collections.abc import Mapping

from app.services import collection, letters, mails, notices, packages, two_facts
from workers.lease import Handler

HANDLERS: Mapping[str, Handler] = {
    "collect": collection.run,
    "assemble": packages.assemble,
    "mail": mails.send_mail,
    "letter": letters.write_letter,
    "letter_mail": letters.mail_letter,
    "letter_pdf": letters.print_letter,
    "login_mail": notices.send,
    "draw_facts": two_facts.prepare,
    "shred": collection.shred,
}
# What renders PDFs goes through one thread per process: WeasyPrint's fonts are shared and not made for two at once.
PDF_KINDS = frozenset({"assemble", "letter", "letter_pdf"})
