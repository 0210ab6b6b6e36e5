"""The locks in ``requirements/`` are complete, hashed, and tied to no index."""

import re
import sys
import tomllib
from pathlib import Path

PROJECT = Path("pyproject.toml")
BASE = Path("requirements/base.txt")
DEV = Path("requirements/dev.txt")
BUILD = Path("requirements/build.txt")

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)")
# Options of pip that tie a lock to a place, and anything that is a URL.
PLACE = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|://|^-[ifr]\b| @ ")


def normal(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(requirements: list[str]) -> set[str]:
    """The names that a list of requirements asks for."""
    return {normal(re.split(r"[\s\[<>=!~;@]", each, maxsplit=1)[0]) for each in requirements}


def pins(text: str) -> dict[str, str]:
    """Name → version of every pin."""
    found = (PIN.match(line) for line in text.splitlines())
    return {normal(match[1]): match[2] for match in found if match}


def problems_in(text: str, file: str) -> list[str]:
    """What is wrong with one lock by itself."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if PLACE.search(line.split("#", 1)[0] if not line.startswith("#") else line):
            found.append(f"{file}:{number}: names a place: {line.strip()}")
    for entry in re.split(r"\n(?=[A-Za-z0-9])", "\n" + text):
        match = PIN.match(entry.strip())
        if match and "--hash=sha256:" not in entry:
            found.append(f"{file}: {match[1]} has no hash")
    return found


def problems(project: str, base: str, dev: str, build: str) -> list[str]:
    """What is wrong with the locks together."""
    table = tomllib.loads(project)
    asked = table["project"]
    extras = [each for group in asked.get("optional-dependencies", {}).values() for each in group]
    found = [
        *problems_in(base, str(BASE)), *problems_in(dev, str(DEV)), *problems_in(build, str(BUILD))
    ]  # fmt: skip
    for name, file, needs in (
        (base, BASE, asked["dependencies"]),
        (dev, DEV, asked["dependencies"] + extras),
        (build, BUILD, table["build-system"]["requires"]),
    ):
        missing = wanted(needs) - set(pins(name))
        found += [
            f"{file}: {each} is asked for in {PROJECT} and not locked" for each in sorted(missing)
        ]
    versions = pins(dev)
    for each, version in pins(base).items():
        if versions.get(each) != version:
            found.append(f"{each}: {version} in {BASE}, {versions.get(each, 'nothing')} in {DEV}")
    return found


def main() -> int:
    """Print the problems; 1 if there are any."""
    texts = [path.read_text(encoding="utf-8") for path in (PROJECT, BASE, DEV, BUILD)]
    found = problems(*texts)
    print("\n".join(found) or "locks are complete")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
