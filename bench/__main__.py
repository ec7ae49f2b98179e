"""`make bench`: every figure as one JSON line. `ARGS="volume letters"` measures only those."""

import logging
import sys

import structlog

from bench import access, letters, pages, volume
from bench.world import made

NEED_THE_SHOP = {"one": access.one_by_one, "many": access.many_at_once, "volume": volume.heavy}
ALONE = {"queue": pages.queue, "status": pages.status, "letters": letters.letters}


def main(wanted: list[str]) -> int:
    """Measure what is asked for, or everything; 2 for a name that does not exist."""
    unknown = set(wanted) - NEED_THE_SHOP.keys() - ALONE.keys()
    if unknown:
        sys.stderr.write(
            f"Unknown: {', '.join(sorted(unknown))}. Choose from {', '.join({**NEED_THE_SHOP, **ALONE})}.\n"
        )
        return 2
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    for name, measure in ALONE.items():
        if not wanted or name in wanted:
            measure()
    shop = [measure for name, measure in NEED_THE_SHOP.items() if not wanted or name in wanted]
    if shop:
        with made() as world:
            for measure_shop in shop:
                measure_shop(world)
    return 0


sys.exit(main(sys.argv[1:]))
