"""A certificate that is not right means that nothing is sent; verification is never off."""

import asyncio
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from campaigns.whattalk.client import WhatTalkClient
from campaigns.whattalk.replies import NotAccepted, RetryReason
from tests.processes import PATIENCE

from .conftest import lead


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a key and a certificate for localhost that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def listening():
    """`listening(ssl_context)` serves on a free port and gives it with the list of bytes received."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    received: list[bytes] = []

    async def take(reader, writer):
        received.append(await reader.read(100))
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    def listen(context: ssl.SSLContext | None):
        start = asyncio.start_server(take, "127.0.0.1", 0, ssl=context)
        server = asyncio.run_coroutine_threadsafe(start, loop).result(PATIENCE)
        return server.sockets[0].getsockname()[1], received

    yield listen
    loop.call_soon_threadsafe(loop.stop)
    thread.join(PATIENCE)
    loop.close()


def sent_to(port: int):
    async def sending():
        async with WhatTalkClient(f"https://localhost:{port}/api", "key", allow_local=True) as client:
            return await client.create_lead(lead())

    return asyncio.run(sending())


def test_a_certificate_nobody_vouches_for(listening, certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    port, received = listening(context)
    assert sent_to(port) == NotAccepted(RetryReason.NOT_SENT, "the certificate is not valid")
    assert not any(received)


def test_a_service_without_tls(listening):
    port, received = listening(None)
    assert sent_to(port) == NotAccepted(RetryReason.NOT_SENT, "no secure connection")
    assert not any(b"POST" in some for some in received)
