# Two commands: `make app` runs the app, `make test` checks everything. Both make their own environment first. `make test-all` takes nearly
# twice as long, for the whole stories and further cases that are marked as exhaustive.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BIOME := node_modules/.bin/biome
# Three processes for two cores: tests wait half of their time, for browsers and workers. Files that take longest
# come first (tests/conftest.py).
PYTEST = $(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder
SOURCES := genmodels deploy pages tests benchmarks train.py streamlit_app.py

.PHONY: app test test-all bytecode lint types biome js node chromium gallery

app: $(VENV)/.app
	$(BIN)/streamlit run streamlit_app.py

# Most is tested in a minute and a half by: pytest -n 2 -m "not browser and not slow"
test: lint types js chromium bytecode
	$(PYTEST) -m "not exhaustive"

test-all: lint types js chromium bytecode
	$(PYTEST)

# What tests import is compiled by one process while types are checked, not by three at once afterwards.
bytecode: $(VENV)/.test
	@$(BIN)/python -m pytest --collect-only --quiet >/dev/null

# All pretrained models as web pages that need no server: gallery/index.html lists them.
gallery: $(VENV)/.app $(BIOME)
	$(BIN)/python -m genmodels.export.web.gallery gallery

lint: $(VENV)/.test biome
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/lint-imports

types: $(VENV)/.test
	$(BIN)/mypy

# Biome lints and formats JavaScript and CSS, Node tests what needs no browser. Where they cannot be had a line says so, which in CI is
# a failure.
biome: $(BIOME)
	@if [ -x $(BIOME) ]; then $(BIOME) check --error-on-warnings; \
	else echo "Biome could not be installed (npm ci tells why): JavaScript is not linted."; [ -z "$$CI" ]; fi

$(BIOME): package-lock.json | node
	@if command -v npm >/dev/null && npm ci --silent --fetch-retries=1 --no-audit --no-fund; then touch $@; fi

js: | node
	@if command -v node >/dev/null; then node --test --test-reporter=spec tests/js/*.test.mjs; \
	else echo "There is no Node here: JavaScript is not tested."; [ -z "$$CI" ]; fi

node:
	@command -v npm >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	     && export DEBIAN_FRONTEND=noninteractive && apt-get update -q && apt-get install -y -q --no-install-recommends nodejs npm; } \
	|| true

# Debian's browser without windows, which takes less of the processor, where that can be installed; else the whole one, or Playwright's
# own; without any, the browser tests say so. After Node: apt-get runs once at a time.
chromium: $(VENV)/.test | node
	@command -v chromium-headless-shell >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	     && export DEBIAN_FRONTEND=noninteractive && apt-get update -q && apt-get install -y -q chromium-headless-shell; } \
	|| command -v chromium >/dev/null \
	|| $(BIN)/playwright install chromium \
	|| echo "No Chromium could be installed: the browser tests will be skipped."

$(VENV)/.app: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check --no-compile -q -r requirements.txt
	touch $@

$(VENV)/.test: $(VENV)/.app requirements-dev.txt
	$(BIN)/pip install --disable-pip-version-check --no-compile -q -r requirements-dev.txt
	touch $@
