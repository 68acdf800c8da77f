"""Time-stamp authorities on this computer: an honest one (``openssl ts -reply``), and others."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ANSWERED = "application/timestamp-reply"
PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
"""What the environment says of a way round, which an authority on this computer needs not."""
_SETTINGS = """[tsa]
default_tsa = own
[own]
serial = {folder}/serial
crypto_device = builtin
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
accuracy = secs:1
ordering = yes
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True, kw_only=True)
class Signing:
    """Keys and certificates by which time stamps are signed."""

    folder: Path

    @property
    def root(self) -> Path:
        """The certificate to which they go back."""
        return self.folder / "root.pem"

    def answer(self, query: bytes) -> bytes:
        """What openssl answers."""
        asked, given = self.folder / "asked.tsq", self.folder / "given.tsr"
        asked.write_bytes(query)
        subprocess.run(
            [
                "openssl", "ts", "-reply", "-config", self.folder / "settings", "-queryfile", asked,
                "-signer", self.folder / "signer.pem", "-inkey", self.folder / "signer.key", "-out", given,
            ],
            check=True, capture_output=True,
        )  # fmt: skip
        return given.read_bytes()


def made_signing(folder: Path, name: str = "Test") -> Signing:
    """A root of its own, and a certificate for time stamps that goes back to it."""
    folder.mkdir()
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _named(f"{name} root")
    root = _begun(root_name, root_name, root_key, 1)
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    own = _begun(_named(f"{name} stamps"), root_name, key, 2)
    own = own.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    own = own.add_extension(usage, critical=True)
    _write(folder / "root.pem", root.sign(root_key, hashes.SHA256()))
    _write(folder / "signer.pem", own.sign(root_key, hashes.SHA256()))
    (folder / "signer.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "settings").write_text(_SETTINGS.format(folder=folder))
    return Signing(folder=folder)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, number: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=number,
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + timedelta(days=30),
    )


def _write(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a server sends back."""

    body: bytes = b""
    status: int = 200
    kind: str = ANSWERED
    location: str = ""
    pause_seconds: float = 0.0
    """Before each byte of the body."""


Answering = Callable[[bytes], Reply]


@contextmanager
def authority(answering: Answering) -> Iterator[str]:
    """A server that answers so; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            reply = answering(query)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body)))
            if reply.location:
                self.send_header("Location", reply.location)
            self.end_headers()
            try:
                if not reply.pause_seconds:
                    self.wfile.write(reply.body)
                for each in reply.body if reply.pause_seconds else b"":
                    time.sleep(reply.pause_seconds)
                    self.wfile.write(bytes([each]))
            except OSError:
                pass  # whoever asked left

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/stamp"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def honest(signing: Signing) -> Iterator[str]:
    """An authority that answers as it should."""
    with authority(lambda query: Reply(body=signing.answer(query))) as url:
        yield url
