"""Laws of the edges: statements sent to the database, calls sent over the network."""

import ast
from collections.abc import Iterator

from tools.lints.base import Lint, Module, Offence, calls

EXECUTORS = {"execute", "executemany", "raw", "RawSQL", "RunSQL", "extra", "SQL"}
# What opens a connection, and at which place (if any) the time-out may stand without its name.
NETWORK_CALLS: dict[str, int | None] = {
    "smtplib.SMTP": 3, "smtplib.SMTP_SSL": None, "smtplib.LMTP": None,
    "SMTP": 3, "SMTP_SSL": None,
    "IMAPClient": None, "imapclient.IMAPClient": None,
    "socket.create_connection": 1,
    "urllib.request.urlopen": 2, "urlopen": 2,
    "http.client.HTTPConnection": 2, "http.client.HTTPSConnection": 2, "HTTPConnection": 2,
    "requests.get": None, "requests.post": None, "requests.put": None, "requests.request": None,
    "httpx.get": None, "httpx.post": None, "httpx.Client": None, "httpx.AsyncClient": None,
    "get_connection": None,
    "subprocess.run": None, "subprocess.check_output": None, "subprocess.check_call": None,
}  # fmt: skip


def _is_assembled(node: ast.expr) -> bool:
    """Whether a string is put together from parts that are not all literals."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        return not all(isinstance(side, ast.Constant) for side in (node.left, node.right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "format" and isinstance(node.func.value, ast.Constant)
    return False


def assembled_sql(module: Module) -> Iterator[Offence]:
    """SQL built from strings and handed to an executor."""
    for call, name in calls(module.tree):
        if name.rpartition(".")[2] in EXECUTORS and call.args and _is_assembled(call.args[0]):
            yield Offence(call.lineno, name)


def network_without_timeout(module: Module) -> Iterator[Offence]:
    """A connection, or a program of another's, that may never come back."""
    for call, name in calls(module.tree):
        if name not in NETWORK_CALLS:
            continue
        place = NETWORK_CALLS[name]
        named = any(keyword.arg in ("timeout", None) for keyword in call.keywords)
        if not named and (place is None or len(call.args) <= place):
            yield Offence(call.lineno, name)


LINTS = (
    Lint(
        "no-assembled-sql",
        "Pass values as parameters and names through psycopg.sql. A string put together is an "
        "injection waiting for its input.",
        assembled_sql,
    ),
    Lint(
        "network-needs-timeout",
        "Give timeout= in seconds. Without one a silent peer holds a worker for ever.",
        network_without_timeout,
    ),
)
