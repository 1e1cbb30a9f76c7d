# make demo   the main job, shown from end to end on this machine (no account, no root)
# make test   every test: lint, types, unit, property and laboratory tests
# make check  the fast part of it, without name servers
# make lab    a miniature internet on loopback, to play with
# make bench  the figures of benchmarks/, against peers
# make smoke  the installed command on Debian's own Python

PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test check lint types format lab lab-packages bench smoke constraints clean

demo: $(VENV)/.runtime
	@$(BIN)/dns-migrator demo

test: lint types lab-packages
	$(BIN)/python -m pytest -n auto -m "not lab"
	$(BIN)/python -m pytest -m lab

check: lint types
	$(BIN)/python -m pytest -n auto -m "not lab"

lint: $(VENV)/.development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.development
	$(BIN)/mypy

format: $(VENV)/.development
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lab: $(VENV)/.development lab-packages
	@$(BIN)/python -m tests.lab

# Real name servers and PostgreSQL for the tests. Without root they are used where they are there already.
lab-packages:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then sh tools/lab_packages.sh; fi

bench: $(VENV)/.development lab-packages
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.calls --octodns
	$(BIN)/python -m benchmarks.checks

smoke:
	@sh tools/smoke.sh

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "dns-migrator needs Python 3.11 or later, and none was found." >&2; exit 1; }
	@$(PYTHON) tools/make_venv.py $(VENV)
	@touch $@

$(VENV)/.runtime: pyproject.toml constraints.txt | $(VENV)/.python
	@echo "Installing dns-migrator into $(VENV) ..." >&2
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.development: pyproject.toml constraints.txt | $(VENV)/.python $(VENV)/.runtime
	@echo "Installing what the tests need ..." >&2
	@$(PIP) install --upgrade "pip>=25.1"
	@$(PIP) install --constraint constraints.txt --group dev
	@touch $@

# Freezes what is installed: run it in a fresh environment after changing a dependency.
constraints: $(VENV)/.development
	$(BIN)/python -m pip freeze --exclude-editable --exclude pip --exclude setuptools > constraints.txt

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
