# Everything a newcomer needs. `make setup` once; each target sees to it itself when something has changed.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
PYTEST := $(PY) -m pytest
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help setup check format test endurance test-browser test-nginx bench bench-quick demo up messages clean

help:
	@echo "make setup         the virtual environment with everything in it"
	@echo "make demo          the Chifeng case, from import to published scorecards"
	@echo "make up            serve it at http://localhost:8000/ until Ctrl-C"
	@echo "make check         format, lint, types, layers, migrations, sizes"
	@echo "make test          all tests but the browser's"
	@echo "make endurance     the long forms of the walks and looks (hours)"
	@echo "make test-browser  the browser's tests (needs Debian's chromium)"
	@echo "make test-nginx    the site behind nginx (needs Debian's nginx-light)"
	@echo "make bench         the benchmarks, at the size of a province (hours); make bench-quick at a small one"
	@echo "make format        let ruff format the code and mend what it can"

setup: .venv/tests.stamp .venv/messages.stamp

demo: .venv/product.stamp .venv/messages.stamp
	@$(PY) manage.py demo

up: .venv/product.stamp .venv/messages.stamp
	@$(PY) manage.py up

check: setup
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy .
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) -m config.size_check

format: setup
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

test: setup
	$(PYTEST) -n 2 --ignore=tests/browser --ignore=tests/nginx $(ARGS)

endurance: setup
	$(PYTEST) tests/walks tests/browser -m endurance -s $(ARGS)

test-browser: setup
	$(PYTEST) tests/browser $(ARGS)

test-nginx: setup
	$(PYTEST) tests/nginx $(ARGS)

bench: .venv/bench.stamp
	$(PY) -m benchmarks.run $(ARGS)

bench-quick: .venv/bench.stamp
	$(PY) -m benchmarks.run --quick $(ARGS)

messages: setup
	$(PY) manage.py collect_messages
	$(PY) -m config.compile_messages

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@echo "Making .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv
	@$(PIP) install --upgrade pip

.venv/product.stamp: requirements.txt | .venv/bin/python
	@echo "Installing what the product needs"
	@$(PIP) install -r requirements.txt
	@touch $@

.venv/tests.stamp: tests/requirements.txt .venv/product.stamp
	@echo "Installing what the tests and checks need"
	@$(PIP) install -r tests/requirements.txt
	@touch $@

.venv/bench.stamp: benchmarks/requirements.txt .venv/messages.stamp
	@echo "Installing what the benchmarks compare with"
	@$(PIP) install -r benchmarks/requirements.txt
	@touch $@

.venv/messages.stamp: $(CATALOGUES) .venv/product.stamp
	@$(PY) -m config.compile_messages
	@touch $@
