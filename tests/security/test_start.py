"""Fail closed (RELIABILITY R15): whatever would leave Rondo open stops the start, with one line that names the setting."""

import base64
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from adapters.settings import ConfigurationError, Settings
from storage.engine import open_engine
from storage.migrate import migrate

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
SLACK = {"SLACK_SIGNING_SECRET": "s", "SLACK_BOT_TOKEN": "xoxb-1"}
TEAMS = {"TEAMS_APP_ID": "app", "TEAMS_APP_PASSWORD": "pw", "TEAMS_TENANT_ID": "t1"}
OAUTH = {"SLACK_SIGNING_SECRET": "s", "SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2"}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but the test's own."""
    for name in [name for name in os.environ if name.upper().startswith("RONDO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def refused(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> str:
    for name, value in values.items():
        monkeypatch.setenv(f"RONDO_{name}", value)
    with pytest.raises(ConfigurationError) as error:
        Settings.load()
    line = str(error.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({**SLACK, "SLACK_SIGNING_SECRET": ""}, "RONDO_SLACK_SIGNING_SECRET"),
        ({**SLACK, "SLACK_SIGNING_SECRET": " "}, "RONDO_SLACK_SIGNING_SECRET"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "RONDO_SLACK_SIGNING_SECRET"),
        ({**TEAMS, "TEAMS_APP_ID": ""}, "RONDO_TEAMS_APP_ID"),
        ({"TEAMS_APP_PASSWORD": "pw", "TEAMS_TENANT_ID": "t1"}, "RONDO_TEAMS_APP_ID"),
        ({**TEAMS, "TEAMS_APP_PASSWORD": ""}, "RONDO_TEAMS_APP_PASSWORD"),
        ({**TEAMS, "TEAMS_TENANT_ID": ""}, "RONDO_TEAMS_TENANT_ID"),
        ({**TEAMS, "TEAMS_ALLOW_ANONYMOUS": "true"}, "RONDO_TEAMS_ALLOW_ANONYMOUS"),
        ({"DEV_CLOCK": "true"}, "RONDO_DEV_CLOCK"),
        ({**OAUTH}, "RONDO_SECRET_KEY"),
        ({**OAUTH, "SECRET_KEY": "short"}, "RONDO_SECRET_KEY"),
        ({"ADMIN_TOKEN": ""}, "RONDO_ADMIN_TOKEN"),
        ({"TRUSTED_PROXIES": "0.0.0.0/0"}, "RONDO_TRUSTED_PROXIES"),
        ({"TRUSTED_PROXIES": "::/0"}, "RONDO_TRUSTED_PROXIES"),
        ({"TRUSTED_PROXIES": "proxy"}, "RONDO_TRUSTED_PROXIES"),
        ({"PRIVATE_HOSTS": "https://link"}, "RONDO_PRIVATE_HOSTS"),
        ({**SLACK, "SLACK_API_URL": "http://slack.com/api/"}, "RONDO_SLACK_API_URL"),
        ({**TEAMS, "TEAMS_OPENID_URL": "http://login.example/"}, "RONDO_TEAMS_OPENID_URL"),
        ({"HEARTBEAT_URL": "http://monitor.example/x"}, "RONDO_HEARTBEAT_URL"),
    ],
)
def test_what_would_be_open_stops_the_start(values: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert named in refused(monkeypatch, values)


@pytest.mark.parametrize("setting", [name.upper() for name in Settings.secrets()])
def test_a_secret_may_lie_in_a_file(setting: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    values = {"DATABASE_URL": "sqlite:///other.db", "SECRET_KEY": KEY, "HEARTBEAT_URL": "https://monitor.example/1"}
    secret = values.get(setting, "a-secret-of-some-length")
    file = tmp_path / "secret"
    file.write_text(f"{secret}\n")
    file.chmod(0o440)
    others = {**SLACK} if setting.startswith("SLACK") else {}
    if setting.startswith("SLACK_CLIENT"):
        others = {**OAUTH, "SECRET_KEY": KEY}
    if setting.startswith("TEAMS"):
        others = {**TEAMS}
    for name, value in others.items():
        if name != setting:
            monkeypatch.setenv(f"RONDO_{name}", value)
    if setting == "SLACK_APP_TOKEN":
        file.chmod(0o600)
        file.write_text("xapp-1-secret\n")
        secret = "xapp-1-secret"
        file.chmod(0o440)
    monkeypatch.setenv(f"RONDO_{setting}_FILE", str(file))
    settings = Settings.load()
    assert getattr(settings, setting.lower()).get_secret_value() == secret
    assert settings.warnings() == ()


@pytest.mark.parametrize("mode", [0o444, 0o644, 0o604, 0o666, 0o777])
@pytest.mark.parametrize("setting", ["SECRET_KEY", "ADMIN_TOKEN"])
def test_a_file_everybody_may_read_stops_the_start(
    setting: str, mode: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text(KEY)
    file.chmod(mode)
    line = refused(monkeypatch, {f"{setting}_FILE": str(file)})
    assert line.startswith(f"RONDO_{setting}_FILE: everybody on this machine may read ")
    assert KEY not in line


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "there is no file"), (b"", "holds no secret"), (b"\n \n", "holds no secret"), (b"\xff\xfe", "holds no secret"),
        (b"a\0b", "holds no secret"), (b"x" * 70_000, "holds no secret"),
    ],
)  # fmt: skip
def test_a_file_without_a_secret_stops_the_start(
    content: bytes | None, why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
        file.chmod(0o400)
    assert why in refused(monkeypatch, {"SECRET_KEY_FILE": str(file)})


def test_a_folder_an_empty_name_and_both_forms_stop_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "there is no file" in refused(monkeypatch, {"SECRET_KEY_FILE": str(tmp_path)})
    assert "set but empty" in refused(monkeypatch, {"SECRET_KEY_FILE": ""})
    assert "both set" in refused(monkeypatch, {"SECRET_KEY_FILE": "x", "SECRET_KEY": KEY})


def test_a_file_that_cannot_be_read_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A loop of links is unreadable for everybody, whoever runs the tests."""
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    line = refused(monkeypatch, {"SECRET_KEY_FILE": str(tmp_path / "a")})
    assert "there is no file" in line or "cannot be read" in line


def test_an_env_file_with_secrets_that_everybody_may_read_is_warned_of(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("RONDO_ADMIN_TOKEN=a-token-of-some-length\n")
    file.chmod(0o644)
    assert any("chmod 600 .env" in line for line in Settings.load().warnings())
    file.chmod(0o600)
    assert Settings.load().warnings() == ()


def rondo(*words: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **settings}
    command = [sys.executable, "-m", "adapters.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=60, check=False)


def test_a_database_newer_than_the_code_stops_the_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rondo.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    raw = create_engine(url)
    with raw.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_tomorrow'"))
    raw.dispose()
    for words in (("serve", "--port", "0", "--no-migrate"), ("serve", "--port", "0"), ("check",)):
        done = rondo(*words, folder=tmp_path, RONDO_DATABASE_URL=url)
        assert done.returncode == 1, words
        assert "newer" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_the_command_refuses_with_one_line_and_no_traceback(tmp_path: Path) -> None:
    done = rondo("serve", "--port", "0", folder=tmp_path, RONDO_SLACK_BOT_TOKEN="xoxb-canary", RONDO_SLACK_SIGNING_SECRET="")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "RONDO_SLACK_SIGNING_SECRET" in done.stderr
    assert "canary" not in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_is_one_line_and_nothing_is_begun(command: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = rondo(command, "--port", port, folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"rondo: --port {port}: something listens there already; stop it, or name another port.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_host_that_is_none_of_this_machine_is_one_line(tmp_path: Path) -> None:
    done = rondo("serve", "--host", "192.0.2.1", "--port", "0", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("rondo: --host 192.0.2.1: no address of this machine")
    assert done.stderr.count("\n") == 1


def test_what_keeps_the_server_from_beginning_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rondo.db'}"
    engine = open_engine(url)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TRIGGER full BEFORE INSERT ON pulse BEGIN SELECT RAISE(ABORT, 'no room'); END"))
    engine.dispose()
    done = rondo("serve", "--port", "0", folder=tmp_path, RONDO_DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "rondo: RONDO_DATABASE_URL: the database refuses: no room"
    assert "Traceback" not in done.stderr
