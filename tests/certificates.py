"""A self-signed certificate for ``localhost`` with its key, for tests only: nothing else trusts it."""

from dataclasses import dataclass
from pathlib import Path

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUIb3stlC+C0DqcpeQ6tNMfii1gbcwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTIzNDUwMVoYDzIxMjYxMDI4
MjM0NTAxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASnrL9JJinQ26WAK2xlptCfVMY1XaF4xbLzi08hO15zwkTxePVRXCMk
oKw1NrNWNgJhdKmBL9o6vVl5lFEJFeyZo28wbTAdBgNVHQ4EFgQUBb2lup065Y8b
flSwYMIhQXdvJ5owHwYDVR0jBBgwFoAUBb2lup065Y8bflSwYMIhQXdvJ5owGgYD
VR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
zj0EAwIDSQAwRgIhAKvdcrRtsrr4uZ/vmY7BLTtRkquWhmg245mjsrbXnQRrAiEA
pJ1Im1eLXGrMslD1u7cJvJQGZNKxcu6YA4VD3xjLkUE=
-----END CERTIFICATE-----
"""
KEY_BEGINS = "-----BEGIN PRIVATE KEY-----\n"  # words: ok - opens no door but the tests' own
KEY = (
    KEY_BEGINS
    + """\
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVW+1QnYeCt4rCMp7
MoPEDGjVzzbUseolyqdGRy36FaihRANCAASnrL9JJinQ26WAK2xlptCfVMY1XaF4
xbLzi08hO15zwkTxePVRXCMkoKw1NrNWNgJhdKmBL9o6vVl5lFEJFeyZ
-----END PRIVATE KEY-----
"""
)


@dataclass(frozen=True)
class Certificate:
    """The two files that TLS is configured with."""

    chain: Path
    key: Path


def write_certificate(folder: Path) -> Certificate:
    """Put the files into a folder of the test."""
    written = Certificate(folder / "localhost.pem", folder / "localhost.key")
    written.chain.write_text(CERTIFICATE)
    written.key.write_text(KEY)
    return written
