"""What our own receiving server found out about the sender (RFC 8601)."""

import re
from dataclasses import dataclass

from ventanilla.channels.email.values import ParsedEmail

_RESULT = re.compile(r"(?:^|;)\s*(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Authentication:
    """Results in lower case (`pass`, `fail`, `none`, …); None where the server says nothing."""

    spf: str | None = None
    dkim: str | None = None
    dmarc: str | None = None

    @property
    def failed(self) -> bool:
        """DMARC failed: the mail must not attach to a case by itself."""
        return self.dmarc == "fail"


def authentication(parsed: ParsedEmail, *, authserv_id: str) -> Authentication:
    """The topmost result that carries our server's name; what stands below a sender could forge."""
    for value in parsed.authentication_results:
        name = re.sub(r"\([^()]*\)", "", value).partition(";")[0].split()
        if name and name[0].lower() == authserv_id.lower():
            return _results(re.sub(r"\([^()]*\)", "", value))
    return Authentication()


def _results(value: str) -> Authentication:
    found: dict[str, str] = {}
    for method, result in _RESULT.findall(value.lower()):
        # Several DKIM signatures: one that passes is enough.
        if method not in found or result == "pass":
            found[method] = result
    return Authentication(found.get("spf"), found.get("dkim"), found.get("dmarc"))
