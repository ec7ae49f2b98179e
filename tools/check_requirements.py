"""Whether the requirement files are in step with pyproject.toml; offline: a newer release elsewhere changes nothing."""

import re
import sys
import tomllib
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\\n]+))?", re.MULTILINE)
CURE = "run `make lock` and commit the requirement files"


def pins(path: str) -> dict[str, str]:
    """Package and version of each pinned line that this machine installs (others are for other platforms)."""
    lines = PIN.findall(Path(path).read_text())
    return {
        canonicalize_name(name): version for name, version, marker in lines if not marker or Marker(marker).evaluate()
    }


def unmet(wanted: list[str], locked: dict[str, str], path: str) -> list[str]:
    """Direct requirements that the file does not pin, or pins differently; each must be exact itself."""
    faults = []
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        if not str(requirement.specifier).startswith("=="):
            faults.append(f"pyproject.toml: {requirement} is not pinned to one version (==)")
        elif not requirement.specifier.contains(locked.get(name, "0"), prereleases=True):
            faults.append(f"{path}: pins {name} to {locked.get(name, 'nothing')}, pyproject.toml wants {requirement}")
    return faults


def needed(wanted: list[str], installed: Mapping[str, metadata.Distribution]) -> set[str]:
    """Every package reachable from the direct requirements, by what the installed ones declare."""
    found: set[tuple[str, str]] = set()
    queue = [(requirement, "") for requirement in map(Requirement, wanted)]
    while queue:
        requirement, extra = queue.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted_extra in {"", *requirement.extras}:
            if (name, wanted_extra) not in found and name in installed:
                found.add((name, wanted_extra))
                queue += [(Requirement(text), wanted_extra) for text in installed[name].requires or []]
    return {name for name, _ in found}


def faults() -> list[str]:
    """All that is out of step, in words."""
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    runtime = project["dependencies"]
    everything = runtime + project["optional-dependencies"]["dev"]
    run_pins, dev_pins = pins("requirements.txt"), pins("requirements-dev.txt")
    installed = {str(canonicalize_name(dist.name)): dist for dist in metadata.distributions()}
    found = unmet(runtime, run_pins, "requirements.txt") + unmet(everything, dev_pins, "requirements-dev.txt")
    for path, locked, wanted in (
        ("requirements.txt", run_pins, runtime),
        ("requirements-dev.txt", dev_pins, everything),
    ):
        closure = needed(wanted, installed)
        found += [f"{path}: {name} is needed but not pinned" for name in sorted(closure - locked.keys())]
        found += [f"{path}: {name} is pinned but nothing needs it" for name in sorted(locked.keys() - closure)]
    found += [
        f"requirements-dev.txt: {name} is {dev_pins[name]}, requirements.txt says {version}"
        for name, version in run_pins.items()
        if dev_pins.get(name) != version
    ]
    return found


if __name__ == "__main__":
    out_of_step = faults()
    for line in out_of_step:
        print(line)
    if out_of_step:
        sys.exit(f"To mend it: {CURE}.")
