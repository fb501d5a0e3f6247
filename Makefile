# What a contributor needs; a machine with Python 3.11+ and make is enough.
#   make demo [PORT=8080]   the playground          make test    everything CI runs
#   make check              lint, types, imports    make bench   measure against the limits
#   make .venv              the environment only    make lock    renew the locks (UPGRADE=1: newest versions)
#   make docs               write rules, escalation, access, cli and gallery under docs/ from the code
#   make audit              ask for known holes in what is installed in production (needs the internet)
#   make site               build the documentation site into site/; a broken link is an error

PYTHON ?= python3
PORT ?= 8080
UPGRADE ?=
UV_VERSION := 0.13.9

BIN := .venv/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
# Only what is there: a fresh clone has all of it, a half-built branch may not.
CODE := $(wildcard bot adapters scheduler storage prompts tests benchmarks)

.DEFAULT_GOAL := test
.DELETE_ON_ERROR:
.PHONY: .venv demo test check bench docs site audit lock clean

.venv: .venv/.installed

# Two stamps: a changed lock installs packages, a changed pyproject.toml only renews the link to this folder.
# What they say goes to standard error: `make bench` promises its standard output to machines.
# Both work in place (`make clean` first for an environment from nothing, or for another PYTHON).
.venv/.locked: requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Rondo needs Python 3.11 or newer, '$(PYTHON)' is: $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up .venv from requirements-dev.lock (about half a minute) ..." >&2
	@$(PYTHON) -m venv .venv >&2
	@$(PIP) --require-hashes --only-binary :all: -r requirements-dev.lock >&2
	@touch $@

.venv/.installed: .venv/.locked pyproject.toml
	@$(PIP) --no-deps --no-build-isolation -e . >&2
	@touch $@

demo: .venv
	$(BIN)/rondo demo --port $(PORT)

test: check
	$(BIN)/python -m pytest

check: .venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports

bench: .venv
	@$(BIN)/python -m benchmarks

docs: .venv
	$(BIN)/python -m tests.rulebook
	$(BIN)/python -m tests.access
	$(BIN)/python -m tests.machine
	$(BIN)/python -m tests.gallery
	$(BIN)/python -m tests.site

site: .venv
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --clean
	@echo "site/index.html: open it, or serve the folder (search needs a server): $(BIN)/python -m http.server -d site 8000"

# Not part of `make test`: what it says changes without a change of ours, and it needs the internet.
audit: .venv
	$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip --strict --progress-spinner off

lock:
	@set -eu; \
	  scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	  $(PYTHON) -m venv "$$scratch"; \
	  "$$scratch/bin/python" -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); \
	  export UV_CUSTOM_COMPILE_COMMAND="make lock"; \
	  compile="$$scratch/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)"; \
	  $$compile pyproject.toml --output-file requirements.lock; \
	  $$compile pyproject.toml --extra otel --group dev --constraints requirements.lock --output-file requirements-dev.lock; \
	  $$compile --group build --constraints requirements-dev.lock --output-file requirements-build.lock

clean:
	rm -rf .venv build dist site .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
