# Each target does its own set-up: a fresh machine needs Python 3.11+ and make, nothing else.
# The newest that suits; `python3` alone may be an older one.
PYTHON ?= $(firstword $(foreach each,python3.14 python3.13 python3.12 python3.11 python3,$(shell command -v $(each) 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check bench killtest lock setup clean

setup: $(STAMP)

$(STAMP): requirements/dev.txt requirements/build.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $(STAMP)

demo: setup
	$(BIN)/ventanilla demo $(if $(PACK),--pack $(PACK))

test: setup
	$(BIN)/python -m pytest

check: setup
	$(BIN)/python -m tools.gates

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
