"""What a file really is, by its first bytes, and what about it should make people careful."""

from ventanilla.channels.email import archives
from ventanilla.channels.email.refusals import Limits

#: Enough for every signature in the table but the CD image's, at 32 KiB.
SNIFFED_BYTES = 36_000

_EXECUTABLES_WORDS = (
    ".exe .com .scr .pif .bat .cmd .msi .msp .mst .cpl .dll .sys .jar .jnlp .js .jse .vbs .vbe "
    ".wsf .wsh .ws .hta .ps1 .psm1 .lnk .url .reg .inf .scf .application .gadget .chm .hlp .apk "
    ".app .dmg .pkg .deb .rpm .sh .bash .command .elf .iso .img .vhd .vhdx .xll .one .ade .adp "
    ".appref-ms .diagcab .library-ms .settingcontent-ms .py .pyc .pyw .pl .rb .php .asp .aspx"
)
EXECUTABLES = tuple(_EXECUTABLES_WORDS.split())
_ACTIVE = (".html", ".htm", ".xhtml", ".shtml", ".mht", ".mhtml", ".svg", ".xml", ".swf")
_MACROS = (".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".pptm", ".potm", ".ppsm", ".xlsb")
_DOCUMENT_WORDS = (
    ".pdf .doc .docx .xls .xlsx .ppt .pptx .odt .ods .txt .csv .rtf .jpg .jpeg .png .gif .webp "
    ".mp3 .mp4 .zip"
)
_DOCUMENTS = frozenset(_DOCUMENT_WORDS.split())
_PROGRAM_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xfe\xed\xfa\xce", "application/x-mach-binary"),
    (b"\xfe\xed\xfa\xcf", "application/x-mach-binary"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe", "application/java-vm"),
    (b"#!/", "text/x-shellscript"),
    (b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
)
#: Types whose content is certain from its first bytes, and the names they may carry.
_CERTAIN: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (b"%PDF-", "application/pdf", (".pdf", ".ai")),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif")),
    (b"GIF87a", "image/gif", (".gif",)),
    (b"GIF89a", "image/gif", (".gif",)),
    (b"{\\rtf", "application/rtf", (".rtf", ".doc")),
)
_ZIP_FAMILY_WORDS = (
    ".zip .docx .xlsx .pptx .docm .xlsm .pptm .xlsb .odt .ods .odp .odg .jar .apk .epub .kmz .xpi "
    ".pages .numbers .key .dotx .xltx .potx .vsdx .3mf .ipa .cbz"
)
_ZIP_FAMILY = tuple(_ZIP_FAMILY_WORDS.split())
_OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}


def sniff(content: bytes, filename: str) -> str | None:
    """The media type that the bytes show; None when they show none."""
    for start, media_type in _PROGRAM_STARTS:
        if content.startswith(start):
            return media_type
    for start, media_type, _names in _CERTAIN:
        if content.startswith(start):
            return media_type
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _OFFICE.get(extension(filename), "application/zip")
    return _by_table(content[:SNIFFED_BYTES])


def extension(filename: str) -> str:
    """The last extension in lower case with its dot, "" without one."""
    stem, dot, last = filename.rpartition(".")
    return f".{last.lower()}" if stem and dot else ""


def suspicions(
    content: bytes, filename: str, sniffed: str | None, limits: Limits
) -> tuple[str, ...]:
    """Codes of `SUSPICIONS` for the file, most serious first."""
    found = list(_by_name(filename.lower().rstrip(". ")))
    if is_program(content) and not extension(filename).startswith(EXECUTABLES):
        found.append("type_mismatch_executable")
    elif _mismatched(content, extension(filename)):
        found.append("type_mismatch")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        found += archives.zip_suspicions(content, limits, EXECUTABLES)
    elif content.startswith(b"\x1f\x8b"):
        found += archives.gzip_suspicions(content, limits)
    elif sniffed in {"text/html", "image/svg+xml"}:
        found.append("active_content")
    return tuple(dict.fromkeys(found))


def is_program(content: bytes) -> bool:
    """Whether the bytes begin as a program, a script or a shortcut do."""
    if content.startswith(b"MZ"):
        binary = len(content) > 64 and not content[:64].isascii()
        return binary or b"PE\0\0" in content[:4096]
    return any(content.startswith(start) for start, _type in _PROGRAM_STARTS[1:])


def _by_name(name: str) -> list[str]:
    found = []
    if name.endswith(EXECUTABLES):
        found.append("executable")
        if any(f"{document}." in name for document in _DOCUMENTS):
            found.append("double_extension")
    if name.endswith(_ACTIVE):
        found.append("active_content")
    if name.endswith(_MACROS):
        found.append("macros")
    return found


def _mismatched(content: bytes, ending: str) -> bool:
    if not content or not ending:
        return False
    for start, _type, names in _CERTAIN:
        if content.startswith(start):
            return ending not in names and ending in _DOCUMENTS
        if ending == names[0] and ending != ".rtf":
            return start not in content[:1024] and not _same_family(content, names)
    if ending in _ZIP_FAMILY:
        return not content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"))
    return False


def _same_family(content: bytes, names: tuple[str, ...]) -> bool:
    return any(start in content[:1024] for start, _type, other in _CERTAIN if other == names)


def _by_table(head: bytes) -> str | None:
    import puremagic

    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    sure = [match for match in found if match.mime_type and match.confidence >= _SURE]
    return sure[0].mime_type if sure else None


#: Two bytes that happen to match are no proof; the table rates four matching bytes 0.4.
_SURE = 0.4
