# Two commands on a fresh machine with python3 (3.11 or newer, with venv) and make:
#   make demo    runs the main job, start to end
#   make test    runs the tests

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
OUT    ?= demo
PINS   := requirements/dev.txt
READY  := $(VENV)/.ready
# Other people's libraries, as judges of ours, in an environment of their own.
JUDGES := .judges
JUDGES_READY := $(JUDGES)/.ready

# Compiled twins of the modules on a verdict's way, where there is a C compiler.
NATIVE := native/built/.built
SOURCES := $(wildcard native/*.py did/*.py credential/*.py revocation/*.py trust/*.py verifier/*.py)

.PHONY: help demo test lint fix bench judges pins clean

help:
	@sed -n 's/^#   \(make .*\)/\1/p' Makefile
	@echo "make lint     ruff and mypy over everything"
	@echo "make fix      what ruff can mend by itself"
	@echo "make bench    speed as ratios against raw signatures and against peers"
	@echo "make judges   other people's libraries, for bench and the judging tests"
	@echo "make pins     compile the pinned requirements anew (needs uv)"

$(READY): $(PINS) pyproject.toml
	@echo "Preparing $(VENV) (once) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(PINS)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(NATIVE): $(READY) $(SOURCES)
	@$(BIN)/python -m native --if-possible || true

demo: $(NATIVE)
	@$(BIN)/python -m examples.demo --out "$(OUT)"

test: $(NATIVE)
	@$(BIN)/python -m pytest $(or $(ARGS),-n auto)

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

fix: $(READY)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(NATIVE)
	@$(BIN)/python -m bench $(ARGS)

judges: $(JUDGES_READY)

$(JUDGES_READY): requirements/judges.txt tests/judges/npm/package.json
	@$(PYTHON) -m venv $(JUDGES)
	@$(JUDGES)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/judges.txt
	@if command -v npm >/dev/null; then npm ci --prefix tests/judges/npm --no-audit --no-fund --silent; fi
	@touch $@

pins:
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --no-annotate --no-config --extra dev pyproject.toml -o $(PINS)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --no-annotate --no-config requirements/judges.in -o requirements/judges.txt

clean:
	@rm -rf $(VENV) $(JUDGES) build native/built *.egg-info .mypy_cache .ruff_cache tests/judges/npm/node_modules
