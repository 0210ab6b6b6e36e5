"""Bytes to text, whatever the label says.

Python would look up any codec by name, `punycode` and `unicode_escape` included, so labels are
taken from a closed list. Labels follow what mailers mean, not what they write: `iso-8859-1` is
read as windows-1252 and `gb2312` as its superset (the reading of the WHATWG Encoding standard).
"""

import re

_MEANT = {
    "ascii": "ascii",
    "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf-7": "utf-7",
    "unicode-1-1-utf-7": "utf-7",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-32": "utf-32",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ansi": "cp1252",
    "8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "latin5": "cp1254",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "cp949": "cp949",
    "iso-2022-kr": "iso2022_kr",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "cp932": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-1": "iso2022_jp_ext",
    "iso-2022-jp-2": "iso2022_jp_2",
    "iso-2022-jp-3": "iso2022_jp_3",
    "cp50220": "iso2022_jp_ext",
    "hz-gb-2312": "hz",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "macintosh": "mac_roman",
    "mac": "mac_roman",
    "x-mac-roman": "mac_roman",
    "viscii": "cp1258",
} | {f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
_MEANT |= {
    f"{prefix}{n}": f"cp{n}"
    for prefix in ("windows-", "cp", "cp-", "ibm", "ibm-", "x-cp")
    for n in (437, 850, 852, 855, 858, 862, 866, 874, *range(1250, 1259))
}
_GUESS_LABELS = frozenset({"", "unknown-8bit", "unknown", "x-unknown", "default", "8bit", "binary"})
_WESTERN = frozenset({"ascii", "cp1252", "iso8859-15", "cp1254"})
_UNDEFINED_IN_CP1252 = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})
_ISO8859_UNDERSCORED = re.compile(r"^iso[-_]?8859[-_](\d+)(?:[-_:].*)?$")
_UNSAFE = re.compile("[\x00\ud800-\udfff]")


def decode(data: bytes, label: str | None) -> tuple[str, str | None]:
    """The text of `data` and the defect found, if any. Never raises, never loses a byte silently."""
    text, defect = _decode(data, (label or "").strip().strip("\"'").lower())
    return _UNSAFE.sub("", text), defect


def _decode(data: bytes, label: str) -> tuple[str, str | None]:
    if data.isascii() and _codec(label) in {None, "ascii", "utf-8", *_WESTERN}:
        return data.decode("ascii"), None
    codec = _codec(label)
    if codec is None:
        return guess(data), "charset_guessed" if label in _GUESS_LABELS else "charset_unknown"
    if codec in _WESTERN and (text := _as_utf8(data)) is not None:
        return text, "charset_mislabelled"
    try:
        return data.decode(codec), None
    except UnicodeDecodeError:
        return _salvage(data, codec), "charset_mislabelled"


def guess(data: bytes) -> str:
    """UTF-8 when it is, otherwise windows-1252: what unlabelled western mail turns out to be."""
    text = _as_utf8(data)
    return _western(data) if text is None else text


def _codec(label: str) -> str | None:
    if match := _ISO8859_UNDERSCORED.match(label):
        label = f"iso-8859-{match[1]}"
    return _MEANT.get(label) or _MEANT.get(label.replace("_", "-"))


def _as_utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _western(data: bytes) -> str:
    # cp1252 leaves five bytes undefined; browsers show them as C1 controls, so nothing is lost.
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1").translate(_C1_TO_CP1252)


def _salvage(data: bytes, codec: str) -> str:
    if codec in _WESTERN:
        return _western(data)
    text = data.decode(codec, "replace")
    # A few bad bytes are damage; many mean that the label lies.
    return guess(data) if text.count("�") * 20 > len(text) else text


_C1_TO_CP1252 = {
    byte: bytes([byte]).decode("cp1252")
    for byte in range(0x80, 0xA0)
    if byte not in _UNDEFINED_IN_CP1252
}
