"""The English catalogue: collected from the sources, checked, compiled. The msgid is the Spanish.

``python -m tools.catalogue``          check; 1 when something is missing, stale or does not fit
``python -m tools.catalogue update``   take up new sentences, drop those that are gone, compile
``python -m tools.catalogue missing``  print what has no English yet
``python -m tools.catalogue bare``     print Spanish sentences in sources that nobody marked
"""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import os
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path("src/ventanilla")
FOLDER = SOURCE / "locale" / "en" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "N_": None,
    "screen": None,
    "spanish": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w+)[^{}]*\}(?!\})")
NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
NAMES = {"Ventanilla", "English", "Español"}
SCREENS = {
    "web",
    "register",
    "accounts",
    "channels",
    "evidence",
    "crm",
    "workspace",
    "intranet",
    "desk",
}
SUFFIXES = (".html", ".txt")
# A sentence of ours that stands bare in a template: letters only Spanish has, or a common word.
SPANISH = re.compile(
    r"[áéíóúñ¿¡]|\b(?:el|la|los|las|del|una?|por|para|con|sin|que|no|su)\b", re.IGNORECASE
)

Found = tuple[str | tuple[str, str], str | None, str]
"""What is said (or singular and plural), its context, and the file it stands in."""


def in_python(path: Path) -> Iterator[Found]:
    """The marked sentences of a module."""
    with path.open("rb") as source:
        yield from _extracted(source, path)


def in_template(path: Path) -> Iterator[Found]:
    """The marked sentences of a template, by way of what Django makes of it for such tools."""
    from django.utils.translation.template import templatize

    made = templatize(path.read_text("utf-8"), origin=str(path))
    # Indentation of the template means nothing, and Python's tokenizer would stumble over it.
    flat = "\n".join(line.strip() for line in made.splitlines())
    yield from _extracted(io.BytesIO(flat.encode()), path)


def _extracted(source: io.BufferedIOBase, path: Path) -> Iterator[Found]:
    options = {"encoding": "utf-8"}
    for _line, said, _comments, context in extract("python", source, KEYWORDS, (), options):
        if isinstance(said, tuple):
            yield (said[0], said[1]), context, str(path)
        elif said:
            yield said, context, str(path)


def in_refusals() -> Iterator[Found]:
    """The docstrings of refusals: they are what the person reads."""
    from ventanilla.core.refusals import Refusal, words_of

    _import_everything()
    waiting = [Refusal]
    while waiting:
        each = waiting.pop()
        waiting += each.__subclasses__()
        if not each.__module__.startswith("ventanilla."):
            continue
        yield words_of(each), None, str(Path(inspect.getfile(each)).relative_to(Path.cwd()))


def _import_everything() -> None:
    package = importlib.import_module("ventanilla")
    for module in pkgutil.walk_packages(package.__path__, "ventanilla."):
        # The commands and processes say nothing on screen; importing them may start something.
        if not re.match(r"ventanilla\.(cli|project)\b|.*\.migrations\b", module.name):
            importlib.import_module(module.name)


def collected() -> Catalog:
    """Everything that is said on screen, sorted by what it says, without line numbers.

    Line numbers would change the file with every edit of a source.
    """
    found: dict[tuple[str | None, str], tuple[str | tuple[str, str], set[str]]] = {}
    for said, context, path in _everything():
        first = said if isinstance(said, str) else said[0]
        known = found.get((context, first), (said, set()))
        kept = said if isinstance(said, tuple) else known[0]
        found[context, first] = (kept, known[1] | {path})
    catalog = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for (context, _first), (said, paths) in sorted(found.items(), key=lambda each: each[0][1]):
        catalog.add(said, locations=[(path, 0) for path in sorted(paths)], context=context)
    return catalog


def _everything() -> Iterator[Found]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from in_python(path)
    for path in sorted(SOURCE.rglob("templates/**/*")):
        if path.suffix in SUFFIXES:
            yield from in_template(path)
    yield from in_refusals()


def catalogue() -> Catalog:
    """The catalogue as it is committed."""
    if not PO.exists():
        return Catalog(locale="en")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def update() -> None:
    """Take up what is new and drop what is gone; no English is guessed."""
    known, wanted = catalogue(), collected()
    for message in wanted:
        earlier = known.get(message.id, message.context) if message.id else None
        if earlier is not None and _kind(earlier.string) is _kind(message.string):
            message.string = earlier.string
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(_written(wanted))
    MO.write_bytes(_compiled(wanted))


def _kind(words: object) -> type:
    return tuple if isinstance(words, tuple | list) else str


def _written(catalog: Catalog) -> bytes:
    output = io.BytesIO()
    write_po(output, catalog, width=0, omit_header=True, include_lineno=False)
    header = (
        'msgid ""\nmsgstr ""\n"Language: en\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    return header.encode() + output.getvalue()


def _compiled(catalog: Catalog) -> bytes:
    # The header names the moment of making; the same words must make the same file.
    catalog.creation_date = catalog.revision_date = NO_MOMENT
    output = io.BytesIO()
    write_mo(output, catalog)
    return output.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """What has no English, or a guess."""
    return [
        _first(each)
        for each in catalog
        if each.id and (each.fuzzy or not all(_words(each.string)) or not _words(each.string))
    ]


def unfit(catalog: Catalog) -> list[str]:
    """Where the English names other facts than the Spanish."""
    return [_first(each) for each in catalog if each.id and not _fits(each)]


def _fits(message: Message) -> bool:
    said = [placeholders(each) for each in _words(message.id)]
    most = set().union(*said)
    return all(
        placeholders(english) <= most and (placeholders(english) == most or len(said) > 1)
        for english in _words(message.string)
        if english
    )


def placeholders(words: str) -> set[str]:
    """The names of the facts that a sentence is filled with."""
    return {old or new for old, new in PLACEHOLDER.findall(words)}


def _words(words: str | Iterable[str] | None) -> list[str]:
    return [words] if isinstance(words, str) else list(words or ())


def _first(message: Message) -> str:
    return _words(message.id)[0]


def problems() -> list[str]:
    """What keeps the catalogue from being whole and true."""
    known, wanted = catalogue(), collected()
    have = {(each.context, _first(each)) for each in known if each.id}
    want = {(each.context, _first(each)) for each in wanted if each.id}
    found = [f"not in the catalogue: {said}" for _, said in sorted(want - have, key=str)]
    found += [f"nobody says it any more: {said}" for _, said in sorted(have - want, key=str)]
    found += [f"no English: {said}" for said in missing(known)]
    found += [f"other facts in English: {said}" for said in unfit(known)]
    if not found and not _is_compiled(known):
        found.append(f"{MO} is not made from {PO}")
    return found


def _is_compiled(known: Catalog) -> bool:
    if not MO.exists():
        return False
    with MO.open("rb") as file:
        made = read_mo(file)
    said = {(each.context, _first(each)): _words(each.string) for each in known if each.id}
    return said == {(_context(each), _first(each)): _words(each.string) for each in made if each.id}


def _context(message: Message) -> str | None:
    """Babel leaves the context of a compiled message as bytes."""
    context: object = message.context
    return context.decode() if isinstance(context, bytes) else message.context


def bare() -> Iterator[str]:
    """Spanish in templates and screens' modules that nobody marked; a hint for people, not a gate."""
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        text = path.read_text("utf-8")
        text = re.sub(r"{% blocktrans.*?{% endblocktrans\w* %}", "", text, flags=re.DOTALL)
        text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>", "\n", text, flags=re.DOTALL)
        for line in map(str.strip, text.splitlines()):
            if re.search(r"[A-Za-z]{3}", line) and line not in NAMES:
                yield f"{path}: {line}"
    for path in sorted(SOURCE.rglob("*.py")):
        if path.relative_to(SOURCE).parts[0] in SCREENS and "migrations" not in path.parts:
            yield from _bare_in(path)


def _bare_in(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    marked: set[ast.AST] = set()
    for node in ast.walk(tree):
        is_mark = isinstance(node, ast.Call) and _name_of(node.func) in KEYWORDS
        is_words_alone = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_mark or is_words_alone:
            marked.update(ast.walk(node))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node in marked or not isinstance(node.value, str):
            continue
        if SPANISH.search(node.value) or re.match(r"[A-Z][a-z]+ [a-z]", node.value):
            yield f"{path}:{node.lineno}: {node.value}"


def _name_of(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


def main(arguments: list[str]) -> int:
    """See the text of the module."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ventanilla.project.settings")
    django.setup()
    task = arguments[0] if arguments else "check"
    if task == "update":
        update()
    lines = list(bare()) if task == "bare" else missing(catalogue()) if task == "missing" else []
    lines = lines if task in ("bare", "missing") else problems()
    print("\n".join(lines) or f"{len(catalogue())} sentences, each with its English")
    return 1 if lines and task == "check" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
