# Each target makes what it needs, the virtual environment included: on a fresh machine `make demo` is enough.
# GNU make 4.3. Needs python3 (3.11 or newer) with its venv module; PYTHON=… picks another interpreter.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help

# The demo writes its report here beside the screen, so that a crash (which also exits 1) is not taken for a NO-GO.
DEMO_REPORT := build/demo.json

# Each of its tests needs openssl and curl beside the lab.
PROVING_GROUND := tests/lab/test_proving_ground.py

.PHONY: help demo test test-peers exam lint types bench docs docs-check format clean

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.installed ## Diagnose a small Sametime deployment whose Android clients fail: ends in NO-GO.
	@mkdir -p $(dir $(DEMO_REPORT)); rm -f $(DEMO_REPORT)
	@status=0; $(BIN)/stdiag all --demo -o $(DEMO_REPORT) || status=$$?; \
	decision=$$($(BIN)/python -c 'import json, sys; print(json.load(open(sys.argv[1], "rb"))["verdict"]["decision"])' \
	  $(DEMO_REPORT) 2>/dev/null) || decision="no report"; \
	if [[ $$status -ne 1 || $$decision != no-go ]]; then \
	  echo "make demo: expected the demo to end in NO-GO (exit 1), got exit $$status and: $$decision" >&2; exit 1; \
	fi; \
	echo; echo "NO-GO is how this demo is meant to end. The same report as JSON: $(DEMO_REPORT)"

test: $(VENV)/.developing ## Unit and lab tests: loopback only, no server programs needed.
	$(BIN)/python -m pytest -n 2 --dist worksteal --ignore=$(PROVING_GROUND) tests/unit tests/lab

test-peers: $(VENV)/.developing ## Tests with real servers and programs: nginx, Apache, openssl, curl, Java.
	$(BIN)/python -m pytest tests/peers $(PROVING_GROUND)

exam: $(VENV)/.installed ## Every fault of the lab, diagnosed: the injected cause must come first.
	timeout 120 $(BIN)/stdiag lab exam

lint: $(VENV)/.developing ## Style and suspicious code.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.developing ## Put the source into the one style.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.developing ## Static types.
	$(BIN)/mypy

bench: $(VENV)/.developing ## Time and memory against their bounds, as ratios within one run.
	$(BIN)/python -m compileall -q src  # as pip does when it installs; the environment may forbid it at import
	$(BIN)/python -m tests.bench.bench

docs: $(VENV)/.installed ## Write the generated pages under docs/ anew.
	$(BIN)/python -m stdiag.catalogue.docs
	$(BIN)/python -m stdiag.cli.docs

docs-check: docs ## Fail when the committed pages are not the generated ones.
	@changes=$$(git status --porcelain -- docs); \
	if [[ -n $$changes ]]; then \
	  echo "$$changes"; echo "docs/ is not what the code generates: run \`make docs\` and commit the result" >&2; exit 1; \
	fi

clean: ## Remove the virtual environment and everything that was built.
	rm -rf $(VENV) build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests sample_certs -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "stdiag needs Python 3.11 or newer; name it with PYTHON=…: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }

# Stamps: installed again when the dependencies change, not each time.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/python -m compileall -q src
	@touch $@

# pip reads dependency groups (PEP 735) from 25.1 on, and a fresh Debian 12 has 23.0.
$(VENV)/.developing: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@
