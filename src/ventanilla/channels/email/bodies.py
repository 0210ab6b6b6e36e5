"""Which parts of a mail are its words and which are files."""

from dataclasses import dataclass, field

from ventanilla.channels.email import attachments, headers, structure
from ventanilla.channels.email.refusals import Limits
from ventanilla.channels.email.structure import Part

_SIGNATURES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)
MOST_GUESSES = 3
_WORDS = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext", "text"})


@dataclass(frozen=True)
class Piece:
    """A stretch of the body in one or both forms; html is as sent, not yet safe."""

    text: str | None = None
    html: str | None = None


@dataclass
class Contents:
    """What a mail holds, gathered while its parts are walked once, in order."""

    limits: Limits
    pieces: list[Piece] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    signed: bool = False
    encrypted: bool = False
    guesses: int = 0

    def walk(self, part: Part) -> None:
        """Adds the part and all below it."""
        self._note_cryptography(part)
        if not part.media_type.startswith("multipart/"):
            self._leaf(part)
        elif part.children():
            self._multipart(part)
        else:
            self._broken_multipart(part)

    def _multipart(self, part: Part) -> None:
        if any("CloseBoundary" in type(defect).__name__ for defect in part.defects):
            self.defects.append("boundary_unterminated")
        if part.media_type == "multipart/alternative":
            self._alternative(part.children())
            return
        for child in part.children():
            self.walk(child)

    def _alternative(self, children: list[Part]) -> None:
        """One piece out of all forms; files among them (calendars, pictures) stay files."""
        outer, self.pieces = self.pieces, []
        for child in children:
            self.walk(child)
        texts = [piece.text for piece in self.pieces if piece.text and piece.text.strip()]
        htmls = [piece.html for piece in self.pieces if piece.html and piece.html.strip()]
        self.pieces = outer
        if texts or htmls:
            self.pieces.append(Piece("\n".join(texts) or None, "\n".join(htmls) or None))

    def _broken_multipart(self, part: Part) -> None:
        # Each guess reads the rest of the mail again.
        self.guesses += 1
        guessing = self.guesses <= MOST_GUESSES
        again = structure.with_lost_boundary(part, self.limits) if guessing else None
        if again is not None:
            self.defects.append("boundary_guessed")
            self._multipart(again)
            return
        self.defects.append("boundary_missing")
        text, found = structure.text_of(part)
        self.defects += found
        if text.strip():
            self.pieces.append(Piece(text=text))

    def _leaf(self, part: Part) -> None:
        if not self._is_words(part):
            self.files.append(part)
            return
        text, found = structure.text_of(part)
        self.defects += found
        if part.media_type in {"text/html", "text/enriched", "text/richtext"}:
            self.pieces.append(Piece(html=text))
        elif text.strip():
            self.pieces.append(Piece(text=text))

    def _is_words(self, part: Part) -> bool:
        if part.media_type not in _WORDS or attachments.disposition(part) == "attachment":
            return False
        if not attachments.raw_name(part):
            return True
        # Some programs name even the body; the first text of a mail is its body all the same.
        return part.parent is None or part.parent.media_type == "multipart/alternative"

    def _note_cryptography(self, part: Part) -> None:
        kind = part.media_type
        self.signed = self.signed or kind == "multipart/signed" or kind in _SIGNATURES
        if kind in {"application/pkcs7-mime", "application/x-pkcs7-mime"}:
            wanted = headers.parameters(part.first("content-type")).get("smime-type", "")
            self.signed = self.signed or wanted == "signed-data"
            self.encrypted = self.encrypted or wanted != "signed-data"
        self.encrypted = self.encrypted or kind == "multipart/encrypted"
