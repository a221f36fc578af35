"""Rights and credentials files: who we are at a server that knows accounts by their JWTs."""

import asyncio
import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.identity import EventId, TenantId
from infra.clock import now
from infra.settings import NatsSettings
from infra.streams.broker import BrokerAway, End, Message
from infra.streams.jetstream import connect
from infra.streams.jetstream_credentials import Credentials, CredentialsUnusable
from tests.relay.broker import nats_server, needs_nats

SEED, OPERATOR, ACCOUNT, USER = 18 << 3, 14 << 3, 0, 20 << 3
"""First bytes by which NATS tells keys apart."""

NO_LIMITS = {"wildcards": True} | dict.fromkeys(("subs", "data", "payload", "imports", "exports", "conn", "leaf"), -1)
MESSAGES = [Message(at, EventId(f"event-{at}"), "test.noted.v1", b"{}") for at in (1, 2)]
RELAY = {"type": "user", "subs": -1, "data": -1, "payload": -1}
JETSTREAM = dict.fromkeys(("mem_storage", "disk_storage", "streams", "consumer"), -1)


class Key:
    """A key as NATS writes it."""

    def __init__(self, kind: int) -> None:
        self._kind = kind
        self._key = Ed25519PrivateKey.generate()
        self.public = _written(bytes([kind]) + self._key.public_key().public_bytes_raw())

    @property
    def seed(self) -> str:
        """What signs."""
        return _written(bytes([SEED | self._kind >> 5, (self._kind & 31) << 3]) + self._key.private_bytes_raw())

    def grant(self, subject: "Key", name: str, nats: Mapping[str, Any]) -> str:
        """A JWT about another key, signed by this one."""
        claims: dict[str, Any] = {"iat": 1, "iss": self.public, "name": name, "sub": subject.public}
        claims["nats"] = {**nats, "version": 2}
        claims["jti"] = base64.b32encode(hashlib.sha256(json.dumps(claims).encode()).digest()).decode().rstrip("=")
        signed = f"{_part({'typ': 'JWT', 'alg': 'ed25519-nkey'})}.{_part(claims)}"
        return f"{signed}.{_text(self._key.sign(signed.encode()))}"


def _written(raw: bytes) -> str:
    return base64.b32encode(raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")).decode().rstrip("=")


def _part(claims: Mapping[str, Any]) -> str:
    return _text(json.dumps(claims).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def credentials(jwt: str, seed: str) -> str:
    """A file as `nsc` writes it."""
    return (
        f"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n"
        "************************* IMPORTANT *************************\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    )


@needs_nats
async def test_a_server_of_accounts_lets_us_in_by_our_file(tmp_path: Path) -> None:
    """Given a server that trusts an operator, when we come with a user's file, then we are let in, and else not."""
    operator, system, account, user = Key(OPERATOR), Key(ACCOUNT), Key(ACCOUNT), Key(USER)
    hosts = {"type": "account", "limits": NO_LIMITS | JETSTREAM}
    accounts = {
        account.public: operator.grant(account, "hosts", hosts),
        system.public: operator.grant(system, "system", {"type": "account", "limits": NO_LIMITS}),
    }
    (tmp_path / "nats.conf").write_text(
        f"operator: {operator.grant(operator, 'operator', {'type': 'operator'})}\n"
        f"system_account: {system.public}\nresolver: MEMORY\nresolver_preload: {json.dumps(accounts)}\n"
    )
    file = tmp_path / "relay.creds"
    file.write_text(credentials(account.grant(user, "relay", RELAY), user.seed))
    with nats_server(tmp_path, "-c", str(tmp_path / "nats.conf")) as server:
        async with connect(NatsSettings(url=server.url, credentials=file)) as line:
            assert await line.end(TenantId("essen")) == End(0, None)
        with pytest.raises(BrokerAway):
            await _come(NatsSettings(url=server.url))
        file.write_text(credentials(account.grant(Key(USER), "relay", RELAY), user.seed))
        with pytest.raises(BrokerAway):
            await _come(NatsSettings(url=server.url, credentials=file))


RIGHTS = """
authorization: {users: [{user: relay, password: secret, permissions: {
  publish: [%s"$JS.API.STREAM.INFO.*", "$JS.API.STREAM.CREATE.*", "$JS.API.STREAM.MSG.GET.*"]
  subscribe: ["_INBOX.>"]
}}]}
"""


@needs_nats
async def test_the_rights_that_the_docs_name_are_enough(tmp_path: Path) -> None:
    """Given a user with the rights of docs/relay.md, then streams are made, filled and looked at."""
    shown = (Path(__file__).parents[2] / "docs/relay.md").read_text()
    rights = RIGHTS % '"handschlag.>", '
    assert all(f"`{each}`" in shown for each in rights.split('"')[1::2])
    (tmp_path / "nats.conf").write_text(rights)
    with nats_server(tmp_path, "-c", str(tmp_path / "nats.conf")) as server:
        async with connect(NatsSettings(url=f"nats://relay:secret@127.0.0.1:{server.port}")) as line:
            assert await line.end(TenantId("essen")) == End(0, None)
            assert await line.append(TenantId("essen"), 0, MESSAGES) == 2
            assert (await line.end(TenantId("essen"))).sequence == 2


@needs_nats
async def test_a_right_that_is_missing_is_told(tmp_path: Path) -> None:
    """Given a user who may not publish, when messages are sent, then the error says so, and soon."""
    (tmp_path / "nats.conf").write_text(RIGHTS % "")
    with nats_server(tmp_path, "-c", str(tmp_path / "nats.conf")) as server:
        async with connect(NatsSettings(url=f"nats://relay:secret@127.0.0.1:{server.port}")) as line:
            await line.end(TenantId("essen"))
            with pytest.raises(BrokerAway, match="permissions violation"):
                await asyncio.wait_for(line.append(TenantId("essen"), 0, MESSAGES), 5)


@needs_nats
async def test_a_server_shows_who_it_is_by_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a server with a certificate of the operator's own, then it is believed by SSL_CERT_FILE alone."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    _certify(certificate, key)
    with nats_server(tmp_path, "--tls", "--tlscert", str(certificate), "--tlskey", str(key)) as server:
        settings = NatsSettings(url=f"tls://localhost:{server.port}")
        with pytest.raises(BrokerAway, match="CERTIFICATE_VERIFY_FAILED"):
            await _come(settings)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        await _come(settings)


def _certify(certificate: Path, key: Path) -> None:
    signing = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, signing.public_key(), x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(signing, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        signing.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


async def _come(settings: NatsSettings) -> None:
    async with connect(settings) as line:
        await line.end(TenantId("essen"))


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("", "isn't a NATS credentials file"),
        (credentials("a.b.c", "SUAB!"), "isn't base32"),
        (credentials("a.b.c", "SUAAAAAA"), "isn't whole"),
        (credentials("a.b.c", Key(ACCOUNT).seed), "isn't a user's"),
    ],
    ids=["empty", "not base32", "cut off", "an account's"],
)
def test_a_file_that_is_none_is_told_by_what_is_wrong(written: str, complaint: str, tmp_path: Path) -> None:
    """Given a file that isn't a user's credentials, when read, then the message says what is wrong with it."""
    file = tmp_path / "relay.creds"
    file.write_text(written)
    with pytest.raises(CredentialsUnusable, match=complaint):
        Credentials.read(file)
