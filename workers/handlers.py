"""Which verb does which kind of job."""

from collections.abc import Mapping

from app.services import address_codes, collection, door, letters, look_up, mails, notices, on_file, packages, two_facts
from workers.lease import Handler

HANDLERS: Mapping[str, Handler] = {
    "collect": collection.run,
    "assemble": packages.assemble,
    "mail": mails.send_mail,
    "code": door.answer,
    "look_up": look_up.look_up,
    "on_file": on_file.announce,
    "on_file_notice": on_file.notify,
    "letter": letters.write_letter,
    "letter_mail": letters.mail_letter,
    "letter_pdf": letters.print_letter,
    "login_mail": notices.send,
    "own_code": address_codes.mail_code,
    "own_closed": address_codes.mail_closed,
    "draw_facts": two_facts.prepare,
    "shred": collection.shred,
}
# What renders PDFs goes through one thread per process: WeasyPrint's fonts are shared and not made for two at once.
PDF_KINDS = frozenset({"assemble", "letter", "letter_pdf"})
