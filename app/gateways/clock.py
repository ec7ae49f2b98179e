"""Two times: the business one, which rehearsals may shift, and the real one for leases, sessions, codes and rates."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The portal's idea of now. `offset` is how far the business clock runs ahead of the real one."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    @classmethod
    def starting_at(cls, moment: datetime) -> "Clock":
        """A clock that shows `moment` now and runs on from there."""
        return cls(moment - datetime.now(UTC))

    def now(self) -> datetime:
        """Business time, UTC: dates of cases, deadlines, expiries."""
        return datetime.now(UTC) + self._offset

    def ago(self, by: timedelta) -> "Clock":
        """The same clock, so much behind: what a demonstration tells of the past happened then."""
        return Clock(self.now() - self.real() - by)

    def real(self) -> datetime:
        """Real time, UTC: whatever guards against guessing, or measures work."""
        return datetime.now(UTC)


class FixedClock(Clock):
    """The twin for tests: stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def real(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.moment += by
