"""Whether every sentence can be collected for translation and no catalogue lacks one: answers must be understood.

Sentences are `Message("…")` in Python and `_("…")` or `{% trans %}` in templates; one that does not parse fails here.
"""

import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po
from jinja2 import TemplateSyntaxError

SOURCES = (
    ("app", "*.py", "python"),
    ("workers", "*.py", "python"),
    ("templates", "*.html", "jinja2"),
    ("templates", "*.txt", "jinja2"),
)
KEYWORDS = {**DEFAULT_KEYWORDS, "Message": None}
CATALOGUES = Path("translations")


def template() -> Catalog:
    """Every sentence of the source, with where it stands."""
    catalog = Catalog()
    for folder, pattern, method in SOURCES:
        for path in sorted(Path(folder).rglob(pattern)):
            try:
                found = list(extract_from_file(method, path, KEYWORDS, options={"silent": "false"}))
            except TemplateSyntaxError as error:
                sys.exit(f"{path}:{error.lineno}: {error.message}")
            for line, sentence, _comments, context in found:
                if sentence:
                    catalog.add(sentence, locations=[(str(path), line)], context=context)
    return catalog


def lacking(path: Path, wanted: Catalog) -> list[str]:
    """What one catalogue does not say, or says with a place for a value that the source does not have."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.parts[-3])
    faults = []
    for message in wanted:
        if not message.id:
            continue
        shown = message.id if isinstance(message.id, str) else message.id[0]
        place = "{}:{}".format(*message.locations[0])
        translated = catalog.get(message.id, message.context)
        if translated is None or translated.fuzzy or not translated.string or "" in tuple(_forms(translated.string)):
            faults.append(f"{path}: not translated: “{shown}” ({place})")
        else:
            faults += [f"{path}: “{shown}”: {fault}" for fault in translated.check(catalog)]
    return faults


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


if __name__ == "__main__":
    sentences = template()
    found = [fault for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/*.po")) for fault in lacking(path, sentences)]
    print("\n".join(found) or f"{len(sentences)} sentences")
    sys.exit(1 if found else 0)
