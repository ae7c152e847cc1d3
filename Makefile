# Every developer verb. `make help` lists them; `make demo` and `make test` do their own set-up.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CODE := vocabulary chassis services gateway uem proto bench containers k8s
TESTS := tests
# one process more than cores, for tests wait for disks
PROCESSES := -n $(shell $(PYTHON) -c 'import os; print(min(4, 1 + (os.cpu_count() or 1)))')
PARALLEL := $(PROCESSES) --dist loadfile# the tests of a file in one of them: a stack is brought up once
COVERED := $(addsuffix /,$(addprefix tests/,chassis contracts gateway security services uem vocabulary))

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev locks demo up down test check fmt lint types arch proto contracts bench faults scenarios simulate fuzz migration containers k8s cluster drill

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "python3 is missing: install Python 3.11 or newer"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old: Python 3.11 or newer is needed (make PYTHON=/path/to/python3.11 …)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "python3 lacks venv: install the package python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# a lock names everything, so nothing is resolved: a release newer than the lock cannot interfere
$(VENV)/.base: $(VENV)/bin/python requirements/base.lock requirements/analytics.lock pyproject.toml
	@echo "installing what the product stands on (base, analytics)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/base.lock -r requirements/analytics.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.base requirements/dev.lock requirements/ops.lock
	@echo "installing what the checks need (dev, ops)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/ops.lock
	@touch $@

setup: $(VENV)/.base ## install what the product needs into .venv
setup-dev: $(VENV)/.dev ## install what the checks need too

locks: $(VENV)/.dev ## recompile requirements/*.lock from *.in
	@for name in base build service analytics dev ops containers; do \
	  $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --no-emit-index-url \
	    --no-emit-trusted-host --no-emit-find-links --allow-unsafe \
	    -o requirements/$$name.lock requirements/$$name.in || exit 1; done

demo: $(VENV)/.base ## play one real emergency through the whole system
	@$(BIN)/python -m uem demo

up: $(VENV)/.base ## start the embedded stack with a playground city
	@$(BIN)/python -m uem up --sample

down: $(VENV)/.base ## stop the embedded stack
	@$(BIN)/python -m uem down

test: $(VENV)/.dev ## run every test
	@$(BIN)/python -m pytest -q $(PARALLEL)

check: $(VENV)/.dev lint types arch proto contracts-check coverage proofs ## what CI runs: lint, types, architecture, contracts, every test with its coverage floor

.PHONY: coverage proofs contracts-check
# what runs in the tests' own process; generated examples are the same each time: red is red again
coverage: $(VENV)/.dev
	@$(BIN)/python -m pytest -q $(PROCESSES) --dist worksteal --hypothesis-profile=check --cov --cov-report=term:skip-covered --cov-fail-under=80 $(COVERED)

# whole stacks, simulated faults, generated requests, the shape of the code: coverage would only slow them
proofs: $(VENV)/.dev
	@$(BIN)/python -m pytest -q $(PARALLEL) --hypothesis-profile=check $(filter-out $(COVERED) tests/__pycache__/,$(wildcard tests/*/))

fmt: $(VENV)/.dev ## format the code
	@$(BIN)/ruff format $(CODE) $(TESTS) && $(BIN)/ruff check --fix --quiet $(CODE) $(TESTS)

lint: $(VENV)/.dev ## style, complexity, banned calls
	@$(BIN)/ruff format --check --quiet $(CODE) $(TESTS) || { echo "run \`make fmt\`"; exit 1; }
	@$(BIN)/ruff check $(CODE) $(TESTS)

types: $(VENV)/.dev ## mypy, strict
	@$(BIN)/mypy vocabulary contracts chassis services gateway uem bench containers tests
	@$(BIN)/mypy proto/generate.py
	@$(BIN)/mypy k8s/render.py

arch: $(VENV)/.dev ## who may import whom
	@$(BIN)/lint-imports --no-cache

proto: $(VENV)/.dev ## lint the event contracts and refuse breaking changes
	@cd proto && ../$(BIN)/buf lint
	@cd proto && ../$(BIN)/buf breaking --against released.binpb

contracts: $(VENV)/.dev ## regenerate contracts/, docs/asyncapi.yaml, docs/openapi/, gateway/schema.graphql
	@$(BIN)/python proto/generate.py
	@$(BIN)/python -m uem contracts

contracts-check: $(VENV)/.dev
	@$(BIN)/python proto/generate.py --check
	@$(BIN)/python -m uem contracts --check

bench: $(VENV)/.dev ## every benchmark, side by side with its floor, ratios printed
	@for file in bench/*.py; do case $$file in */__init__.py) ;; *) echo "== $$file"; $(BIN)/python -m bench.$$(basename $$file .py) || exit 1;; esac; done

faults: $(VENV)/.dev ## real faults, about 20 minutes on a busy machine: kills, pauses, lost and full disks, power cuts, a restore; figures printed
	@$(BIN)/python -m pytest -q -s -p no:xdist -m "long or not long" tests/faults

$(VENV)/.containers: $(VENV)/.dev requirements/containers.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/containers.lock
	@touch $@

containers: $(VENV)/.containers ## images built, the compose stack run, played, killed and paused; needs a Docker engine, or root to start one
	@$(BIN)/python -m pytest -q -s -rs -p no:xdist -m "long or not long" tests/containers

cluster: $(VENV)/.dev ## smoke tests on the cluster of KUBECONFIG: applied twice, rolled out under load, pods and database lost
	@$(BIN)/python -m pytest -q -s -rs -p no:xdist -m "long or not long" tests/cluster

drill: $(VENV)/.dev ## backup and restore for real: dumped, destroyed, brought back; an instant from the archive
	@$(BIN)/python -m pytest -q -s -p no:xdist -m "long or not long" tests/faults/test_backup.py tests/faults/test_restore.py

k8s: $(VENV)/.dev ## render the overlays of k8s/ again (needs kubectl)
	@$(BIN)/python k8s/render.py

scenarios: $(VENV)/.dev ## play the scenarios that make check leaves out, a few minutes each, and hold them to their figures
	@$(BIN)/python -m pytest -q -s -p no:xdist -m long tests/e2e

simulate: $(VENV)/.dev ## play 10,000 seeded schedules of faults against the chassis' decisions
	@$(BIN)/python -m tests.simulation --schedules 10000 $(if $(seed),--seed $(seed))

fuzz: $(VENV)/.dev ## requests drawn from the contracts, with a new seed: make fuzz seed=1 examples=200
	@export UEM_FUZZ_SEED=$(or $(seed),$$RANDOM$$RANDOM) UEM_FUZZ_EXAMPLES=$(or $(examples),50); \
	  echo "make fuzz seed=$$UEM_FUZZ_SEED examples=$$UEM_FUZZ_EXAMPLES"; \
	  $(BIN)/python -m pytest -q $(PARALLEL) tests/fuzz tests/services/analytics/test_fuzz.py

migration: $(VENV)/.dev ## write a migration: make migration s=org m="add x"
	@$(BIN)/python -m uem migration $(s) "$(m)"
