# Two commands: `make app` runs the app, `make test` checks everything. Both make their own environment first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := genmodels deploy pages tests benchmarks train.py streamlit_app.py

.PHONY: app test lint types chromium

app: $(VENV)/.app
	$(BIN)/streamlit run streamlit_app.py

# Three processes for two cores: tests wait half of their time, for browsers and workers. Files with a browser or
# with slow tests come first (tests/conftest.py). Most is tested in a minute by: pytest -n 2 -m "not browser and not slow"
test: lint types chromium
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.test
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

types: $(VENV)/.test
	$(BIN)/mypy

# Debian's browser where that can be installed, else Playwright's own; without either, the browser tests say so.
chromium: $(VENV)/.test
	@command -v chromium >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	     && export DEBIAN_FRONTEND=noninteractive && apt-get update -q && apt-get install -y -q chromium; } \
	|| $(BIN)/playwright install chromium \
	|| echo "No Chromium could be installed: the browser tests will be skipped."

$(VENV)/.app: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check -q -r requirements.txt
	touch $@

$(VENV)/.test: $(VENV)/.app requirements-dev.txt
	$(BIN)/pip install --disable-pip-version-check -q -r requirements-dev.txt
	touch $@
