"""Settings: every name and default is a promise, and whatever is wrong stops the start with one line (R15)."""

import base64
from pathlib import Path
from typing import Any

import pytest

from adapters.settings import ConfigurationError, Settings
from adapters.settings_checks import is_loopback

KEY = base64.urlsafe_b64encode(bytes(32)).decode()
SLACK = {"SLACK_SIGNING_SECRET": "s", "SLACK_BOT_TOKEN": "xoxb-1"}
TEAMS = {"TEAMS_APP_ID": "app", "TEAMS_APP_PASSWORD": "pw", "TEAMS_TENANT_ID": "t1"}
DEV = {"ENV": "development"}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but the test's own."""
    import os

    for name in [name for name in os.environ if name.upper().startswith("RONDO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def load(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"RONDO_{name}", value)
    return Settings.load()


def test_defaults_are_those_of_the_interface() -> None:
    settings = Settings.load()
    assert settings.listing() == {
        "RONDO_ENV": "production",
        "RONDO_DATABASE_URL": "sqlite:///rondo.db",
        "RONDO_SECRET_KEY": "(none)",
        "RONDO_SLACK_SIGNING_SECRET": "(none)",
        "RONDO_SLACK_BOT_TOKEN": "(none)",
        "RONDO_SLACK_CLIENT_ID": "(none)",
        "RONDO_SLACK_CLIENT_SECRET": "(none)",
        "RONDO_SLACK_WORKSPACES": "(none)",
        "RONDO_SLACK_APP_TOKEN": "(none)",
        "RONDO_SLACK_API_URL": "https://slack.com/api/",
        "RONDO_SLACK_MESSAGES_PER_MINUTE": "300",
        "RONDO_TEAMS_APP_ID": "(none)",
        "RONDO_TEAMS_APP_PASSWORD": "(none)",
        "RONDO_TEAMS_TENANT_ID": "(none)",
        "RONDO_TEAMS_SERVICE_HOSTS": "(none)",
        "RONDO_TEAMS_OPENID_URL": "(none)",
        "RONDO_TEAMS_TOKEN_URL": "(none)",
        "RONDO_TEAMS_ISSUER": "(none)",
        "RONDO_TEAMS_ALLOW_ANONYMOUS": "false",
        "RONDO_TEAMS_GRAPH": "false",
        "RONDO_TEAMS_CATALOG_ID": "(none)",
        "RONDO_GRAPH_URL": "(none)",
        "RONDO_TEAMS_DIRECTORY": "off",
        "RONDO_ADMIN_TOKEN": "(none)",
        "RONDO_SCIM_TOKEN": "(none)",
        "RONDO_DIRECTORY_MOST_LEAVERS": "10",
        "RONDO_HR_ADMINS": "(none)",
        "RONDO_CONCERN_CONTACT": "(none)",
        "RONDO_LOG": "json",
        "RONDO_DEV_CLOCK": "false",
        "RONDO_HEARTBEAT_URL": "(none)",
        "RONDO_PRIVATE_HOSTS": "(none)",
        "RONDO_TRUSTED_PROXIES": "(none)",
        "RONDO_COMPANY_NAME": "Rondo",
        "RONDO_COMPANY_ZONE": "UTC",
        "RONDO_COMPANY_COUNTRY": "(none)",
        "RONDO_COMPANY_LOCALE": "en",
        "RONDO_FISCAL_YEAR_START": "1",
    }
    assert not settings.slack_on
    assert not settings.teams_on


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"SLACK_SIGNING_SECRET": "s"}, "RONDO_SLACK_BOT_TOKEN"),
        ({"CONCERN_CONTACT": "the works council"}, "RONDO_CONCERN_CONTACT"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "RONDO_SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": "", "SLACK_BOT_TOKEN": "xoxb-1"}, "RONDO_SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": "  ", "SLACK_BOT_TOKEN": "xoxb-1"}, "RONDO_SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": "s", "SLACK_CLIENT_ID": "1"}, "RONDO_SLACK_CLIENT_SECRET"),
        ({"SLACK_SIGNING_SECRET": "s", "SLACK_CLIENT_SECRET": "1"}, "RONDO_SLACK_CLIENT_ID"),
        ({"SLACK_SIGNING_SECRET": "s", "SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2"}, "RONDO_SECRET_KEY"),
        ({**SLACK, "SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2", "SECRET_KEY": KEY}, "RONDO_SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xoxb-1", "SLACK_BOT_TOKEN": "xoxb-1"}, "RONDO_SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "RONDO_SLACK_BOT_TOKEN"),
        ({"SLACK_SIGNING_SECRET": "s", "SLACK_BOT_TOKEN": "xoxe.xoxb-1"}, "RONDO_SLACK_BOT_TOKEN"),
        ({**SLACK, "SLACK_WORKSPACES": "T123"}, "RONDO_SLACK_WORKSPACES"),
        ({**SLACK, "SLACK_WORKSPACES": "acme.slack.com"}, "RONDO_SLACK_WORKSPACES"),
        ({**SLACK, "SLACK_API_URL": "https://slack.com/"}, "RONDO_SLACK_API_URL"),
        ({**SLACK, "SLACK_API_URL": "http://127.0.0.1:1/api/"}, "RONDO_SLACK_API_URL"),
        ({**DEV, **SLACK, "SLACK_API_URL": "http://10.0.0.1/api/"}, "RONDO_SLACK_API_URL"),
        ({**SLACK, "SLACK_API_URL": "ftp://x/api/"}, "RONDO_SLACK_API_URL"),
        ({"TEAMS_APP_ID": "app"}, "RONDO_TEAMS_APP_PASSWORD"),
        ({"TEAMS_APP_ID": "app", "TEAMS_APP_PASSWORD": "pw"}, "RONDO_TEAMS_TENANT_ID"),
        ({"TEAMS_APP_PASSWORD": "pw", "TEAMS_TENANT_ID": "t"}, "RONDO_TEAMS_APP_ID"),
        ({**TEAMS, "TEAMS_APP_ID": ""}, "RONDO_TEAMS_APP_ID"),
        ({**TEAMS, "TEAMS_APP_PASSWORD": ""}, "RONDO_TEAMS_APP_PASSWORD"),
        ({**TEAMS, "TEAMS_TENANT_ID": ""}, "RONDO_TEAMS_TENANT_ID"),
        ({**TEAMS, "TEAMS_TENANT_ID": " , "}, "RONDO_TEAMS_TENANT_ID"),
        ({**TEAMS, "TEAMS_ALLOW_ANONYMOUS": "true"}, "RONDO_TEAMS_ALLOW_ANONYMOUS"),
        ({**DEV, "TEAMS_ALLOW_ANONYMOUS": "true"}, "RONDO_TEAMS_APP_ID"),
        ({**TEAMS, "TEAMS_SERVICE_HOSTS": "https://smba.trafficmanager.net"}, "RONDO_TEAMS_SERVICE_HOSTS"),
        ({**TEAMS, "TEAMS_SERVICE_HOSTS": "smba.trafficmanager.net:443"}, "RONDO_TEAMS_SERVICE_HOSTS"),
        ({**TEAMS, "TEAMS_SERVICE_HOSTS": "127.0.0.1"}, "RONDO_TEAMS_SERVICE_HOSTS"),
        ({**TEAMS, "TEAMS_OPENID_URL": "http://127.0.0.1/keys"}, "RONDO_TEAMS_OPENID_URL"),
        ({**TEAMS, "TEAMS_TOKEN_URL": "login"}, "RONDO_TEAMS_TOKEN_URL"),
        ({"DEV_CLOCK": "true"}, "RONDO_DEV_CLOCK"),
        ({"DEV_CLOCK": "perhaps"}, "RONDO_DEV_CLOCK"),
        ({"ENV": "staging"}, "RONDO_ENV"),
        ({"LOG": "xml"}, "RONDO_LOG"),
        ({"DATABASE_URL": "rondo.db"}, "RONDO_DATABASE_URL"),
        ({"DATABASE_URL": ""}, "RONDO_DATABASE_URL"),
        ({"DATABASE_URL": "mysql://root@localhost/rondo"}, "RONDO_DATABASE_URL"),
        ({"DATABASE_URL": "postgresql+asyncpg://localhost/rondo"}, "RONDO_DATABASE_URL"),
        ({"DATABASE_URL": "postgresql+psycopg://localhost"}, "RONDO_DATABASE_URL"),
        ({"DATABASE_URL": "sqlite://"}, "RONDO_DATABASE_URL"),
        ({"SECRET_KEY": "short"}, "RONDO_SECRET_KEY"),
        ({"SECRET_KEY": f"{KEY},nonsense"}, "RONDO_SECRET_KEY"),
        ({"SECRET_KEY": "+" * 43}, "RONDO_SECRET_KEY"),
        ({"SECRET_KEY": ","}, "RONDO_SECRET_KEY"),
        ({"ADMIN_TOKEN": ""}, "RONDO_ADMIN_TOKEN"),
        ({"HR_ADMINS": "ada@example.com,bo"}, "RONDO_HR_ADMINS"),
        ({"COMPANY_ZONE": "Berlin"}, "RONDO_COMPANY_ZONE"),
        ({"COMPANY_ZONE": "../../etc/passwd"}, "RONDO_COMPANY_ZONE"),
        ({"COMPANY_COUNTRY": "Germany"}, "RONDO_COMPANY_COUNTRY"),
        ({"COMPANY_COUNTRY": "XX"}, "RONDO_COMPANY_COUNTRY"),
        ({"COMPANY_LOCALE": "!"}, "RONDO_COMPANY_LOCALE"),
        ({"COMPANY_LOCALE": "de"}, "RONDO_COMPANY_LOCALE"),
        ({"HR_ADMINS": "@"}, "RONDO_HR_ADMINS"),
        ({"CONCERN_CONTACT": "council@"}, "RONDO_CONCERN_CONTACT"),
        ({"ADMIN_TOKEN": "two\nlines of a token"}, "RONDO_ADMIN_TOKEN"),
        ({"SCIM_TOKEN": "schlüssel-von-allen"}, "RONDO_SCIM_TOKEN"),
        ({"DATABASE_URL": "sqlite:///rondo.db?mode=ro"}, "RONDO_DATABASE_URL"),
        ({**TEAMS, "TEAMS_SERVICE_HOSTS": "10.0.0.1"}, "RONDO_TEAMS_SERVICE_HOSTS"),
        ({**SLACK, "SLACK_API_URL": "https://10.0.0.1/api/"}, "RONDO_SLACK_API_URL"),
        ({**SLACK, "SLACK_API_URL": "https://me:xoxb-1@slack.example/api/"}, "RONDO_SLACK_API_URL"),
        ({"HEARTBEAT_URL": "https://[fd00::1]/ping"}, "RONDO_HEARTBEAT_URL"),
        ({"FISCAL_YEAR_START": "13"}, "RONDO_FISCAL_YEAR_START"),
        ({"FISCAL_YEAR_START": "April"}, "RONDO_FISCAL_YEAR_START"),
    ],
)
def test_what_is_wrong_stops_the_start_with_one_line_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], named: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load(monkeypatch, values)
    line = str(refused.value)
    assert line.startswith(named)
    assert "\n" not in line
    assert len(line) > len(named) + 20  # and says what to do
    assert "xoxb-1" not in line


@pytest.mark.parametrize(
    "values",
    [
        SLACK,
        TEAMS,
        {**SLACK, **TEAMS, "TEAMS_TENANT_ID": "t1, t2"},
        {"SLACK_APP_TOKEN": "xapp-1", "SLACK_BOT_TOKEN": "xoxb-1"},
        {
            "SLACK_SIGNING_SECRET": "s",
            "SLACK_CLIENT_ID": "1",
            "SLACK_CLIENT_SECRET": "2",
            "SECRET_KEY": f"{KEY}, {KEY}",
        },
        {**DEV, **SLACK, "SLACK_API_URL": "http://127.0.0.1:8001/api/", "DEV_CLOCK": "true"},
        {**DEV, **TEAMS, "TEAMS_SERVICE_HOSTS": "127.0.0.1", "TEAMS_OPENID_URL": "http://127.0.0.1:1/k"},
        {**DEV, **TEAMS, "TEAMS_ALLOW_ANONYMOUS": "1"},
        {"DATABASE_URL": "postgresql+psycopg://rondo:secret@db/rondo"},
        {"COMPANY_ZONE": "Asia/Seoul", "COMPANY_COUNTRY": "kr", "COMPANY_LOCALE": "ko_KR", "FISCAL_YEAR_START": "4"},
        {"HR_ADMINS": "", "TEAMS_SERVICE_HOSTS": ""},
    ],
)
def test_what_is_right_starts(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    load(monkeypatch, values)


def test_names_of_the_environment_may_be_in_a_file_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RONDO_COMPANY_NAME=Halden\nRONDO_SLAK_BOT_TOKEN=x\n")
    settings = Settings.load()
    assert settings.company().name == "Halden"
    assert settings.warnings() == ("RONDO_SLAK_BOT_TOKEN is no setting of Rondo; did you mean RONDO_SLACK_BOT_TOKEN?",)


def test_empty_in_the_file_is_refused_as_well(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RONDO_SLACK_SIGNING_SECRET=\n")
    with pytest.raises(ConfigurationError, match=r"^RONDO_SLACK_SIGNING_SECRET is set but empty"):
        Settings.load()


def test_lists_are_split_and_e_mails_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, {**TEAMS, "TEAMS_TENANT_ID": "t1, t2,", "HR_ADMINS": "Ada@Example.com, bo@example.com"})
    assert settings.teams_tenant_id == ("t1", "t2")
    assert settings.hr_admin_emails() == {"ada@example.com", "bo@example.com"}


def test_secrets_are_masked_wherever_settings_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(
        monkeypatch,
        {
            "DATABASE_URL": "postgresql+psycopg://rondo:hush@db/rondo",
            "SLACK_SIGNING_SECRET": "hush",
            "SLACK_BOT_TOKEN": "xoxb-hush",
            "ADMIN_TOKEN": "hush-hush-hush-hush",
        },
    )
    shown = f"{settings!r} {settings} {settings.listing()} {settings.warnings()}"
    assert "hush" not in shown
    assert settings.listing()["RONDO_DATABASE_URL"] == "postgresql+psycopg://rondo:***@db/rondo"
    elsewhere = load(monkeypatch, {"DATABASE_URL": "postgresql+psycopg://rondo@db/rondo?password=hush&sslmode=require"})
    assert "hush" not in elsewhere.listing()["RONDO_DATABASE_URL"]
    assert "sslmode=require" in elsewhere.listing()["RONDO_DATABASE_URL"]


@pytest.mark.parametrize("line", ["RONDO_ADMIN_TOKEN xoxb-1", 'RONDO_SLACK_BOT_TOKEN="xoxb-1', "export RONDO_LOG json"])
def test_a_line_of_the_file_that_says_nothing_stops_the_start(tmp_path: Path, line: str) -> None:
    """It would be left out in silence, and with it whatever it was to switch on."""
    (tmp_path / ".env").write_text(f"# ours\n\n{line}\n")
    with pytest.raises(ConfigurationError) as refused:
        Settings.load()
    assert str(refused.value).startswith(".env, line ")
    assert "xoxb-1" not in str(refused.value)


def test_a_file_in_another_encoding_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"RONDO_COMPANY_NAME=Caf\xe9\n")
    with pytest.raises(ConfigurationError, match=r"\.env is not UTF-8"):
        Settings.load()


def test_lines_of_the_file_that_are_for_others_are_theirs(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("POSTGRES PASSWORD\nRONDO_COMPANY_NAME=Caf\u00e9\n", encoding="utf-8")
    assert Settings.load().company_name == "Café"


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({**DEV, "DEV_CLOCK": "true"}, "RONDO_DEV_CLOCK"),
        ({**DEV, **TEAMS, "TEAMS_ALLOW_ANONYMOUS": "true"}, "RONDO_TEAMS_ALLOW_ANONYMOUS"),
        ({**DEV, **SLACK, "SLACK_API_URL": "http://127.0.0.1:1/api/"}, "RONDO_SLACK_API_URL"),
    ],
)
def test_what_is_for_development_is_never_open_to_other_machines(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], named: str
) -> None:
    settings = load(monkeypatch, values)
    for host in ("127.0.0.1", "localhost", "::1"):
        settings.check_host(host)
    for host in ("0.0.0.0", "::", "192.168.1.5", "rondo.example.com"):
        with pytest.raises(ConfigurationError, match=f"^{named} "):
            settings.check_host(host)


@pytest.mark.parametrize(("host", "loopback"), [("127.1.2.3", True), ("::1", True), ("[::1]", True), ("0.0.0.0", False)])
def test_loopback_is_told_from_other_addresses(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_given_values_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDO_SLACK_SIGNING_SECRET", "")
    given: dict[str, Any] = {"slack_signing_secret": None, "env": "development"}
    assert Settings.load(**given).development


def test_a_heartbeat_goes_out_over_https_and_its_address_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, {"HEARTBEAT_URL": "https://monitor.example/ping/c0ffee"})
    assert "c0ffee" not in f"{settings!r} {settings.listing()}"


@pytest.mark.parametrize("url", ["http://monitor.example/ping", "monitor.example", "ftp://monitor.example"])
def test_any_other_heartbeat_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with pytest.raises(ConfigurationError, match="RONDO_HEARTBEAT_URL"):
        load(monkeypatch, {"HEARTBEAT_URL": url})


def test_a_monitor_on_this_machine_is_for_development(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "http://127.0.0.1:9/ping"
    with pytest.raises(ConfigurationError, match="RONDO_HEARTBEAT_URL"):
        load(monkeypatch, {"HEARTBEAT_URL": url})
    assert load(monkeypatch, DEV | {"HEARTBEAT_URL": url}).heartbeat_url is not None
