"""What operators are handed is as the pages say: image, compose file, alarms, locks."""

import re
import tomllib

from prometheus_client.parser import text_string_to_metric_families

from tests.house.files import ROOT

ALERTS = ROOT / "docs" / "examples" / "alerts.yml"


def read(place: str) -> str:
    return (ROOT / place).read_text(encoding="utf-8")


def measured() -> set[str]:
    """The names under which Rondo's metrics are scraped, read from the code that makes them."""
    names = set()
    for place in ("adapters/health.py", "adapters/auditing.py", "adapters/app.py"):
        for kind, name in re.findall(r'\b(Counter|Gauge|Histogram)\(\s*"(rondo_\w+)"', read(place)):
            names |= (
                {name}
                if kind == "Gauge"
                else {f"{name}_total"}
                if kind == "Counter"
                else {f"{name}_{end}" for end in ("bucket", "sum", "count")}
            )
    assert len(names) > 10
    return names


def test_every_alarm_asks_for_metrics_that_exist() -> None:
    text = ALERTS.read_text(encoding="utf-8")
    alarms = re.findall(r"^ {6}- alert: (\w+)\n((?: {8}.*\n)+)", text, re.MULTILINE)
    assert len(alarms) >= 8
    for name, body in alarms:
        asked = set(re.findall(r"\brondo_\w+", body.partition("annotations:")[0]))
        assert asked or "up{" in body, name
        assert asked <= measured(), (name, asked - measured())
        assert all(part in body for part in ("expr:", "for:", "severity:", "summary:", "remedy:")), name


def test_an_alarm_on_what_grows_also_hears_of_the_first_of_its_kind() -> None:
    """The first refused message makes its series, which has not increased then: `increase` alone would say nothing."""
    text = re.sub(r"\s+", " ", ALERTS.read_text(encoding="utf-8"))
    grown = re.findall(r"increase\((\w+\{[^}]*\})\[(\w+)\]\)", text)
    assert len(grown) >= 3
    for series, window in grown:
        assert f"{series} unless {series} offset {window}" in text, series


def test_no_alarm_has_to_know_how_many_replicas_a_company_runs() -> None:
    (rule,) = re.findall(r"expr: (.*rondo_replicas.*)\n", ALERTS.read_text(encoding="utf-8"))
    assert rule == 'max(rondo_replicas) < scalar(count(up{job="rondo"}))'


def test_every_metric_is_explained_in_operations() -> None:
    page = read("docs/operations.md")
    for name in measured():
        family = re.sub(r"_(bucket|sum|count)$", "", name)
        assert f"`{family}" in page, family


def test_what_is_scraped_is_what_prometheus_reads() -> None:
    from adapters.clock import SystemClock
    from adapters.health import Metrics

    metrics = Metrics(clock=SystemClock(), outbox_states=dict, next_due=lambda: None)
    metrics.sent("slack", "arrived", 0.1)
    families = {one.name for one in text_string_to_metric_families(metrics.exposition().decode())}
    assert {"rondo_sends", "rondo_send_seconds"} <= families


def test_the_compose_file_has_no_default_secret() -> None:
    compose = read("compose.yaml")
    assert re.findall(r"POSTGRES_PASSWORD: (.+)", compose) == ["${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD in .env}"]
    assert not re.search(r"xox[bap]-|TOKEN: \S|SECRET: \S", compose)
    for hard in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"):
        assert hard in compose
    assert "5432:" not in compose.replace("@postgres:5432", "")  # the database is not published


def test_the_proxy_keeps_metrics_inside() -> None:
    compose = read("compose.yaml")
    assert re.search(r"@inside path .*/metrics.*/dev/\*", compose)
    assert "respond @inside 404" in compose


def test_the_image_holds_what_it_needs_and_no_history() -> None:
    docker = read("Dockerfile")
    copied = [word for line in re.findall(r"^COPY (?!--)(.+)$", docker, re.MULTILINE) for word in line.split()[:-1]]
    assert set(copied) == {
        "requirements.lock", "requirements-build.lock", "pyproject.toml", "README.md", "LICENSE",
        "bot", "adapters", "scheduler", "storage", "prompts",
    }  # fmt: skip
    final = docker.rpartition("FROM ")[2]
    assert "COPY" not in final
    assert re.search(r"^USER 10001:10001$", final, re.MULTILINE)
    assert "--require-hashes" in docker
    assert "HEALTHCHECK" in final
    assert not re.search(r"^(ARG|ENV) .*(TOKEN|SECRET|PASSWORD|KEY)", docker, re.MULTILINE)


def test_every_package_is_locked_by_hash() -> None:
    for lock in ("requirements.lock", "requirements-build.lock", "requirements-dev.lock"):
        text = read(lock)
        pinned = re.findall(r"^([a-z0-9][\w.\[\]-]*)==\S+", text, re.MULTILINE | re.IGNORECASE)
        assert pinned
        blocks = re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.MULTILINE)[1:]
        assert all("--hash=sha256:" in block for block in blocks if "==" in block.splitlines()[0]), lock
        assert "--index-url" not in text
    named = tomllib.loads(read("pyproject.toml"))["project"]["dependencies"]
    lock = read("requirements.lock").replace("[", "==")
    locked = {re.sub(r"[-_.]+", "-", name.lower()) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    for one in named:
        name = re.match(r"[\w.-]+", one)
        assert name is not None
        assert re.sub(r"[-_.]+", "-", name[0].lower()) in locked, one
