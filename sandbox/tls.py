"""A certificate of the sandbox's own, for clients that speak nothing but HTTPS.

It is for localhost and 127.0.0.1, signed by itself: a client trusts it by SSL_CERT_FILE or a setting of its own.
"""

import shutil
import subprocess
from pathlib import Path

CERTIFICATE, KEY = "cert.pem", "key.pem"
DAYS = 365
_EXTENSIONS = (
    "subjectAltName=DNS:localhost,IP:127.0.0.1",
    "extendedKeyUsage=serverAuth",
    "keyUsage=critical,digitalSignature,keyCertSign",
)


class TlsError(Exception):
    """No certificate could be made, or half of one is there; the text says the way out."""


def certificate(folder: Path) -> tuple[Path, Path]:
    """Return the paths of the certificate and the key in a folder; openssl makes them where there are none.

    TlsError where openssl is missing or fails, or where only one of the two is there.
    """
    cert, key = folder / CERTIFICATE, folder / KEY
    if cert.exists() and key.exists():
        return cert, key
    if cert.exists() != key.exists():
        there, missing = (cert, key) if cert.exists() else (key, cert)
        raise TlsError(f"{there} is there, but {missing} is not: give both, or remove it to have both made")
    folder.mkdir(parents=True, exist_ok=True)
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    more = [word for extension in _EXTENSIONS for word in ("-addext", extension)]
    files = ("-keyout", str(key), "-out", str(cert))
    if not _run("req", "-x509", *curve, *files, "-days", str(DAYS), "-subj", "/CN=oncall sandbox", *more):
        raise TlsError(f"openssl could not make {cert}: put a {CERTIFICATE} and a {KEY} of your own into {folder}")
    key.chmod(0o600)
    return cert, key


def _run(*arguments: str) -> bool:
    """Return whether openssl did what it was asked."""
    openssl = shutil.which("openssl")
    if openssl is None:
        raise TlsError(f"openssl is not on PATH: install it, or leave --tls out (it makes {CERTIFICATE} and {KEY})")
    done = subprocess.run([openssl, *arguments], capture_output=True, check=False)  # noqa: S603 - paths and constants
    return done.returncode == 0
