# Every chore of the project, one command each. `make` lists them.
PYTHON ?= python3
TOOLS  := $(CURDIR)/.venv/bin:$(CURDIR)/.tools/bin
export PATH := $(TOOLS):$(PATH)
# Compiled once, read ever after: the engine starts three Pythons a run.
unexport PYTHONDONTWRITEBYTECODE
# Tests and the demo never ask the outside for anything.
QUIET := PULUMI_SKIP_UPDATE_CHECK=true PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true
# How many files of tests run at a time: one more than there are processors, as some tests wait for clocks.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fmt golden bench clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what is needed into .venv, .tools and the cache
	@command -v git >/dev/null || { echo "setup: git is missing: install git"; exit 1; }
	@command -v $(PYTHON) >/dev/null || { echo "setup: $(PYTHON) is missing: install Python 3.11 or newer"; exit 1; }
	@PATH="$${PATH#$(TOOLS):}" $(PYTHON) engine/setup.py

demo: setup ## the main job on local sandbox accounts, from inventory to closed incident (KEEP=1 leaves it running)
	@$(QUIET) oncall demo $(if $(KEEP),--keep)

test: setup check ## everything the project holds itself to (WORKERS=1 runs one file of tests at a time)
	@$(QUIET) pytest -p xdist.plugin -p tests.beside -n $(WORKERS) --dist loadfile

check: setup
	ruff format --check .
	ruff check .
	mypy
	lint-imports

fmt: setup ## format the code and mend what can be mended by itself
	@ruff format . && ruff check --fix .

golden: setup ## write the golden files, the schema and the generated docs anew (read the diff before you commit)
	@UPDATE_GOLDEN=1 pytest -m "not e2e and not worker"

bench: setup ## measure the figures of benchmarks/README.md
	@$(QUIET) python -m benchmarks

clean: ## remove what was made in the checkout (the cache stays)
	rm -rf .venv .tools .sandbox dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
