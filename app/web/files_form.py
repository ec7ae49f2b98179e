"""The part of a form that takes files, the same for person and desk: each fault is named beside the field."""

from collections.abc import Iterable

from app.domain.messages import Listed, Message
from app.services.evidence import Taken
from app.web.forms import Form


class TakesFiles(Form):
    """A form with a field `files`."""

    def blame_files(self, taken: Iterable[Taken]) -> bool:
        """Name every file that was not taken, and why; whether there was one."""
        faults = tuple(one.fault for one in taken if one.fault is not None)
        if faults:
            self.wrong("files", faults[0] if len(faults) == 1 else Message("%(all)s", {"all": Listed(faults, " ")}))
        return bool(faults)
