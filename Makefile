# Python 3.11 (or later) and make are all this file needs. `make` alone tells what there is.
#
# .venv is ours: made here, filled from the lock files with their hashes checked, thrown away by `make clean`.
# Two stamps in it say what is installed (run: what the service needs; dev: the checks and tests too), so a second
# call does nothing, and an interrupted one is taken up again.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=
# Two test processes side by side, each with a PostgreSQL of its own; at an operator's server they would be in each
# other's way. For one test at a time: make test WORKERS=0 ARGS="-k word".
WORKERS ?= $(if $(HANDSCHLAG_DATABASE_URL),0,2)

.DEFAULT_GOAL := help
.PHONY: help run test check bench campaign million season format lock clean
.DELETE_ON_ERROR:

help: ## Tell what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## Set everything up and serve the six cities of 2006 as a live demo (Ctrl-C ends it)
	@exec $(BIN)/handschlag serve --demo $(ARGS)

test: check ## Set everything up, check and pass every test (ARGS="-k word" for some)
	@exec $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

campaign: $(VENV)/dev.stamp ## The long forms: laws by the thousand, a tampering campaign of 700 attacks (an hour)
	@HANDSCHLAG_LAWS=long HANDSCHLAG_ATTACKS=700 $(BIN)/python -m pytest tests/laws tests/auditor tests/journeys tests/relay \
		tests/services/api/test_openapi.py tests/services/relay tests/faults/test_webhooks_killed.py $(ARGS)

bench: $(VENV)/dev.stamp ## Measure ours beside what a user would take instead: a table, bench.json, bench.svg (half an hour)
	@exec $(BIN)/handschlag bench --out build/bench $(ARGS)

million: $(VENV)/dev.stamp ## Measure a log of a million records: signing, proofs, export, verifying (an hour or more)
	@exec $(BIN)/python -m tests.bench.million $(ARGS)

season: $(VENV)/dev.stamp ## Let a thousand hosts play on one service for ten minutes: pace, waiting, lags (a quarter of an hour)
	@exec $(BIN)/python -m tests.bench.season $(ARGS)

check: $(VENV)/dev.stamp ## Lint, formatting, types, floors, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

format: $(VENV)/dev.stamp ## Format the code and mend what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Hashes and versions, no addresses: whoever installs decides where from. hatchling and editables build the project
# itself, without isolation, so they are locked like the rest.
LOCK = $(VENV)/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml

lock: $(VENV)/made.stamp ## Write the lock files anew (needs a package index; UPGRADE=1 takes newer versions)
	@test -x $(VENV)/uv/bin/uv || { $(BIN)/python -m venv $(VENV)/uv && $(VENV)/uv/bin/python -m pip --quiet install uv; }
	@printf 'hatchling>=1.27\neditables>=0.5\n' > $(VENV)/build.in
	$(LOCK) $(VENV)/build.in $(if $(UPGRADE),--upgrade) --output-file requirements.lock
	$(LOCK) $(VENV)/build.in --group dev $(if $(UPGRADE),--upgrade) --constraints requirements.lock --output-file requirements-dev.lock

clean: ## Remove what was set up and cached (the data in .handschlag stay)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage build dist
	find domain infra services tests -name __pycache__ -type d -prune -exec rm -rf {} +

# pip compiles what it installs, and not what it leaves in place; where PYTHONDONTWRITEBYTECODE is set, every start would.
$(VENV)/run.stamp: requirements.lock pyproject.toml $(VENV)/made.stamp
	@echo "Installing what the service needs (a minute the first time) …"
	@$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q domain infra services
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	@echo "Installing what the checks and tests need …"
	@$(PIP) install --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

# An environment that works is kept, whoever made it; half of one is made anew.
$(VENV)/made.stamp:
	@if $(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then touch $@; exit 0; fi; \
	for python in $(PYTHON) python3 python3.11 python3.12 python3.13 python3.14 python; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Handschlag needs Python 3.11 or later; here is: $$(python3 --version 2>&1 || echo none)." >&2; \
		echo "Install one, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$(command -v "$$python") can't make environments: the module ensurepip is missing." >&2; \
		echo "Debian and Ubuntu keep it apart: apt-get install python3-venv (as root), then try again." >&2; exit 1; \
	fi; \
	"$$python" -m venv --clear $(VENV) && touch $@
