# One venv, two lock files: requirements.lock runs the desk, requirements-dev.lock also tests it.
PYTHON ?= python3
BIN := .venv/bin
ROOMS := api mailbot models tests

.PHONY: run setup test check bench bench-peers drill format letters lock schema clean

run: .venv/run
	@$(BIN)/python -m mailbot demo

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@$(PYTHON) -m venv .venv 2>/dev/null || .ci/python-venv $(PYTHON)

.venv/run: .venv/bin/python requirements-demo.lock
	@echo "Installing (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-demo.lock
	@touch $@

.venv/dev: .venv/bin/python requirements-dev.lock
	@echo "Installing what tests need (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/run

setup: .venv/dev

test: .venv/dev
	@.ci/servers
	$(BIN)/python -m pytest

check: .venv/dev
	$(BIN)/ruff format --check $(ROOMS)
	$(BIN)/ruff check $(ROOMS)
	$(BIN)/mypy $(ROOMS)
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/python -m api schema | diff api/schema.graphql -
	$(BIN)/python -m tests.schema_changes

bench: .venv/dev
	@.ci/servers
	$(BIN)/python -m tests.bench

# beside PostGraphile, which npm brings into the user's cache with a Node of its own
bench-peers: .venv/dev
	$(BIN)/python -m tests.bench peers

drill: .venv/dev
	@.ci/servers
	$(BIN)/python -m tests.drill

format: .venv/dev
	$(BIN)/ruff check --fix $(ROOMS)
	$(BIN)/ruff format $(ROOMS)

# every letter as it goes out, in three languages: the golden files tests compare with
letters:
	@for file in tests/models/golden/*.txt; do printf '\n======== %s\n' "$${file##*/}"; cat "$$file"; done

schema: .venv/dev
	$(BIN)/python -m api schema > api/schema.graphql

# needs uv; the locks name packages and hashes, no addresses
lock:
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --extra demo pyproject.toml -o requirements-demo.lock
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis
