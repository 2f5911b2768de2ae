# Turnus. `make` lists the targets. Needed on the machine: make and Python 3.11 or newer with venv; nothing else.

VENV    := .venv
BIN     := $(VENV)/bin
WORKERS ?= 2
PYTEST  := $(BIN)/pytest --dist worksteal -n $(WORKERS)
PIP     := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input

# Processes that tests start compile nothing twice, whatever the environment says.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test check bench golden soak faults lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do \
	  printf '  make %-11s %s\n' "$$name" "$$text"; done

# ---- environment -----------------------------------------------------------------------------------------------------

$(BIN)/python:
	@python=$$(for name in python3.13 python3.12 python3.11 python3; do \
	  "$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done); \
	if [ -z "$$python" ]; then \
	  echo "Turnus needs Python 3.11 or newer with venv. Found: $$(python3 --version 2>&1)." >&2; \
	  echo "Debian and Ubuntu: apt install python3 python3-venv. Elsewhere: python.org or your package manager." >&2; \
	  exit 1; fi; \
	echo "Creating $(VENV) with $$python"; "$$python" -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing Turnus"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing the developers' tools"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.dev ## everything a developer needs, in .venv

lock: ## compile both lock files anew (needs uv)
	uv pip compile pyproject.toml $(LOCK_OPTIONS) --extra build -o requirements.lock
	uv pip compile pyproject.toml $(LOCK_OPTIONS) --extra build --extra dev -c requirements.lock -o requirements-dev.lock

LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --quiet \
  --custom-compile-command "make lock"

clean: ## remove caches and .venv; data in var/ stays
	-$(BIN)/python tools/postgres.py stop
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find src tests tools benchmarks -name __pycache__ -prune -exec rm -rf {} +

# ---- running ---------------------------------------------------------------------------------------------------------

demo: $(VENV)/.runtime ## a company with customers, contracts and invoices to look at
	@$(BIN)/turnus demo

demo-reset: $(VENV)/.runtime ## the same from scratch
	@$(BIN)/turnus demo --reset

# ---- proving ---------------------------------------------------------------------------------------------------------

check: setup ## style, types, import contracts, rules and sizes; under 90 seconds
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/rules.py
	$(BIN)/python tools/budgets.py

test: check ## check, all tests on SQLite, then what touches the database on PostgreSQL
	DATABASE_URL= $(PYTEST)
	DATABASE_URL="$$($(BIN)/python tools/postgres.py)" && export DATABASE_URL && \
	  $(BIN)/pytest --dist worksteal -n $$(($(WORKERS) + 1)) -m "database and not soak and not faults"  # one more: they wait for the server

golden: setup ## write the golden files anew; read the difference before committing it
	TURNUS_GOLDEN=write $(BIN)/pytest tests/golden
	git diff --stat -- tests/golden

soak: setup ## long random and simulation runs
	$(BIN)/pytest -m soak --hypothesis-profile=soak

faults: setup ## crashes, failing disks and lost connections on purpose
	$(BIN)/pytest -m faults

bench: setup ## every benchmark once; `.venv/bin/python -m benchmarks` lists them
	$(BIN)/python -m benchmarks all
