# Each target does its own set-up: a fresh machine needs Python 3.11+ and make, nothing else.
# The tests also need Chromium: `test` finds the system's own or installs it with apt.
# The first that is new enough: `python3` alone may be an older one.
PYTHON ?= $(shell for each in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check pictures bench killtest setup clean

setup: $(STAMP)

$(STAMP): requirements/dev.txt requirements/build.txt pyproject.toml
	$(if $(PYTHON),,$(error Python 3.11 or newer is needed; name it with PYTHON=))
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $(STAMP)

demo: setup
	$(BIN)/ventanilla demo $(if $(PACK),--pack $(PACK))

test: setup
	$(BIN)/python -m tools.browser >/dev/null
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadgroup

check: setup
	$(BIN)/python -m tools.gates

killtest: setup
	$(BIN)/python -m pytest -m kill tests/kill

pictures: setup
	$(BIN)/python -m tests.browser.pictures

bench: setup
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
