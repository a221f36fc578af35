"""Settings: everything has a default, and what can't be used is refused by the variable's name."""

from pathlib import Path

import pytest

from domain.streaming.audience import Audience
from infra.settings import Settings, SettingsTrouble

RUNTIME = "postgresql://runtime:secret@server/handschlag"
OWNER = "postgresql://owner:secret@server/handschlag"


def test_nothing_set_means_a_laptop() -> None:
    """Given an empty environment, when read, then the database is embedded, in .handschlag, served on loopback 8080."""
    settings = Settings.from_environment({})
    assert settings == Settings(home=Path.cwd() / ".handschlag", port=8080, host="127.0.0.1")


def test_empty_is_unset() -> None:
    """Given variables that are there but empty, when read, then they count as unset."""
    names = ("HOME", "PORT", "HOST", "DATABASE_URL", "OWNER_DATABASE_URL", "FOLLOWER_DATABASE_URL")
    assert Settings.from_environment({f"HANDSCHLAG_{name}": "" for name in names}) == Settings.from_environment({})


def test_the_signer_may_be_apart_and_witnesses_be_named() -> None:
    """Given where the signer runs and a policy's path, when read, then both are taken; another word is refused."""
    settings = Settings.from_environment({"HANDSCHLAG_SIGNER": "apart", "HANDSCHLAG_WITNESS_POLICY": "policy.txt"})
    assert not settings.signs
    assert settings.witness_policy == Path.cwd() / "policy.txt"
    assert Settings.from_environment({"HANDSCHLAG_SIGNER": "inside"}) == Settings.from_environment({})
    with pytest.raises(SettingsTrouble, match="HANDSCHLAG_SIGNER"):
        Settings.from_environment({"HANDSCHLAG_SIGNER": "no"})


def test_patience_with_requests_is_in_seconds() -> None:
    """Given how long a head and a body are waited for, when read, then both are taken; no time at all is refused."""
    told = Settings.from_environment({"HANDSCHLAG_HEAD_PATIENCE": "5", "HANDSCHLAG_BODY_PATIENCE": "90"})
    assert (told.head_patience, told.body_patience) == (5, 90)
    for name in ("HANDSCHLAG_HEAD_PATIENCE", "HANDSCHLAG_BODY_PATIENCE"):
        with pytest.raises(SettingsTrouble, match=name):
            Settings.from_environment({name: "0"})


def test_the_address_outside_is_where_it_listens_unless_told() -> None:
    """Given an address, when read, then it is taken without its slash; what is no address is refused."""
    assert Settings.from_environment({"HANDSCHLAG_PORT": "81", "HANDSCHLAG_HOST": "::"}).address == "http://[::]:81"
    told = Settings.from_environment({"HANDSCHLAG_ADDRESS": "https://marktplatz.example/"})
    assert told.address == "https://marktplatz.example"
    for bad in ("marktplatz.example", "ftp://a", "https://a?b", "https://u:p@a", "https://a:x"):
        with pytest.raises(SettingsTrouble, match="HANDSCHLAG_ADDRESS"):
            Settings.from_environment({"HANDSCHLAG_ADDRESS": bad})


def test_a_broker_is_one_url_or_some() -> None:
    """Given servers of NATS and how streams are set up, when read, then all is taken, and an age is in days."""
    settings = Settings.from_environment(
        {
            "HANDSCHLAG_NATS_URL": "nats://relay:secret@a:4222,tls://b",
            "HANDSCHLAG_NATS_CREDENTIALS": "relay.creds",
            "HANDSCHLAG_NATS_STREAM": "city",
            "HANDSCHLAG_NATS_AUDIENCE": "partner",
            "HANDSCHLAG_NATS_MAX_AGE_DAYS": "30",
            "HANDSCHLAG_NATS_WINDOW_MS": "5000",
        }
    ).nats
    assert settings is not None
    assert settings.servers() == ["nats://relay:secret@a:4222", "tls://b"]
    assert settings.stream_of("essen") == "city-essen"
    assert (settings.credentials, settings.window, settings.max_age_days) == (Path.cwd() / "relay.creds", 5.0, 30)
    assert settings.audience is Audience.PARTNER
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "http://server"),
        ("URL", "nats://"),
        ("URL", "nats://server:port"),
        ("URL", "nats://a,b"),
        ("STREAM", "a.b"),
        ("REPLICAS", "6"),
        ("MAX_AGE_DAYS", "-1"),
        ("WINDOW_MS", "99"),
        ("AUDIENCE", "everybody"),
    ],
)
def test_a_broker_that_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    """Given a variable of the broker's that holds what can't be used, then the error names it."""
    with pytest.raises(SettingsTrouble, match=f"HANDSCHLAG_NATS_{name}"):
        Settings.from_environment({"HANDSCHLAG_NATS_URL": "nats://server", f"HANDSCHLAG_NATS_{name}": value})


def test_what_is_set_is_taken() -> None:
    """Given all variables, when read, then each is taken, and a home becomes absolute."""
    settings = Settings.from_environment(
        {
            "HANDSCHLAG_HOME": "somewhere",
            "HANDSCHLAG_PORT": "0",
            "HANDSCHLAG_HOST": "::",
            "HANDSCHLAG_DATABASE_URL": RUNTIME.replace("postgresql", "postgres"),
            "HANDSCHLAG_OWNER_DATABASE_URL": OWNER,
            "HANDSCHLAG_FOLLOWER_DATABASE_URL": OWNER.replace("owner", "follower"),
        }
    )
    assert settings.home == Path.cwd() / "somewhere"
    assert (settings.port, settings.host) == (0, "::")
    assert settings.database_url == RUNTIME
    assert settings.owner_database_url == OWNER
    assert settings.follower_database_url == "postgresql://follower:secret@server/handschlag"


@pytest.mark.parametrize(("query", "expected"), [("", "?"), ("?ssl=require", "?ssl=require&")])
def test_the_follower_is_the_owner_in_its_role(query: str, expected: str) -> None:
    """Given no follower's URL, when read, then it's the owner's login taking on the follower's role."""
    settings = Settings.from_environment(
        {"HANDSCHLAG_DATABASE_URL": RUNTIME, "HANDSCHLAG_OWNER_DATABASE_URL": OWNER + query}
    )
    assert settings.follower_database_url == f"{OWNER}{expected}role=handschlag_follower"


@pytest.mark.parametrize("port", ["http", "-1", "65536", "80.5", "²"])
def test_a_port_is_a_number(port: str) -> None:
    """Given a port that is none, when read, then the variable is named."""
    with pytest.raises(SettingsTrouble, match="HANDSCHLAG_PORT must be a number from 0 to 65535"):
        Settings.from_environment({"HANDSCHLAG_PORT": port})


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///secret.db",
        "postgresql+asyncpg://u:secret@server/db",
        "postgresql://u:secret@server",
        "postgresql://u:secret@server:many/db",
    ],
)
def test_a_bad_url_is_refused_without_being_shown(url: str) -> None:
    """Given a URL that can't be used, when read, then the variable is named and its secret isn't shown."""
    with pytest.raises(SettingsTrouble, match="HANDSCHLAG_DATABASE_URL") as refusal:
        Settings.from_environment({"HANDSCHLAG_DATABASE_URL": url})
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("environ", [{"HANDSCHLAG_DATABASE_URL": RUNTIME}, {"HANDSCHLAG_OWNER_DATABASE_URL": OWNER}])
def test_half_a_server_is_refused(environ: dict[str, str]) -> None:
    """Given a runtime's login without one that follows, or the reverse, when read, then it's said what to add."""
    with pytest.raises(SettingsTrouble, match="set "):
        Settings.from_environment(environ)


def test_settings_never_show_a_password() -> None:
    """Given settings with logins, when shown, then no password is."""
    settings = Settings.from_environment({"HANDSCHLAG_DATABASE_URL": RUNTIME, "HANDSCHLAG_OWNER_DATABASE_URL": OWNER})
    assert "secret" not in repr(settings)


def test_an_operator_says_who_sends_webhooks_and_how_far_they_may_lead() -> None:
    """Given who sends webhooks, and networks inside, when read, then so; a slip of the pen opens nothing."""
    told = {"HANDSCHLAG_WEBHOOKS": "apart", "HANDSCHLAG_WEBHOOK_NETWORKS": "10.1.2.0/24, fd00::/64"}
    settings = Settings.from_environment(told)
    assert not settings.delivers
    assert [str(network) for network in settings.webhook_reach.allowed] == ["10.1.2.0/24", "fd00::/64"]
    assert Settings.from_environment({}).webhook_reach.allowed == ()
    for name in told:
        with pytest.raises(SettingsTrouble, match=name):
            Settings.from_environment({name: "10.1.2.3/24"})
