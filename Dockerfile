# Stage one makes wheels, every one of them checked against a hash in the locks.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN pip wheel --require-hashes --only-binary :all: --wheel-dir /wheels -r requirements.lock \
 && pip install --require-hashes --only-binary :all: -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY adapters adapters
COPY scheduler scheduler
COPY storage storage
COPY prompts prompts
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .

# Stage two holds Python, the wheels' contents and nothing to build with.
FROM python:3.13-slim
LABEL org.opencontainers.image.title="Rondo" org.opencontainers.image.licenses="Apache-2.0"
ENV PYTHONUNBUFFERED=1 PYTHONFAULTHANDLER=1
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --disable-pip-version-check --no-cache-dir --root-user-action=ignore --no-index --no-deps /wheels/*.whl \
 && groupadd --gid 10001 rondo \
 && useradd --uid 10001 --gid rondo --no-create-home --home-dir /data --shell /usr/sbin/nologin rondo \
 && install --directory --owner rondo --group rondo --mode 0750 /data
USER 10001:10001
# The default SQLite file lands here (mount a volume to keep it); with PostgreSQL nothing does.
WORKDIR /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# Asks this process only, never through a proxy of the environment; readiness (database, heartbeat) is /readyz.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:8080/healthz', timeout=3)"]
CMD ["rondo", "serve", "--host", "0.0.0.0", "--port", "8080"]
