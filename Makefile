# make run | test | test-deep | lint | bench      Everything they need is set up on the way.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test test-deep lint bench setup setup-tests setup-cluster setup-score

UV := uv==0.13.9
PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
# What asks another server other questions: the business folders, the door, every page once.
ON_DEBIAN := $(addprefix tests/,accounts applications audit consents coordination deliveries demands disputes enterprises evaluation handovers \
  institutions jobs joins loans matching notifications openapi oversight products reports storage supervision warnings workdays \
  data/test_door.py data/test_serve.py data/test_collecting.py web/test_market_pages.py web/test_url_matrix.py)
# Compiled modules are kept, whatever the shell says: else every process begins with compiling, two thirds of its start.
export PYTHONDONTWRITEBYTECODE :=
export PORT ?= 8000
export ONLY ?=
export ENTERPRISES ?=
export MONTHS ?=
export TIMES ?=

help:
	@echo 'make run        起整个平台（沙箱），地址 http://127.0.0.1:$(PORT)，PORT=… 可改'
	@echo 'make test       检查与测试（约 14 分钟）'
	@echo 'make test-deep  长时间的计数测试，以及对 Debian 的 PostgreSQL 15 的测试；EVERY_ROUND=1 再加最长的几样'
	@echo 'make lint       风格、类型、楼层、房规'
	@echo 'make bench      基准，ONLY=journey|data|province|cluster|door|score|report|market|supervision ENTERPRISES=N'

run: setup
	@exec .venv/bin/jinfuyun up

test: lint
	$(PYTEST) -n 2 --dist worksteal -m "not deep" --ignore tests/test_house.py

test-deep: setup-tests
	$(PYTEST) -n 2 --dist worksteal -m deep
	@sh deploy/need.sh postgres15
	bash tests/with_debian_postgres.sh $(PYTEST) -n 2 --dist worksteal -m "database and not deep and not browser" $(ON_DEBIAN)

lint: setup-tests
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	@.venv/bin/mypy & types=$$!; .venv/bin/lint-imports && $(PYTEST) tests/test_house.py || { kill $$types; exit 1; }; wait $$types

bench: setup setup-cluster setup-score
	@$(PYTHON) -m benchmarks

# --- set-up: only what changed since the last time ---

setup: .venv/.synced node_modules/.for-run

setup-tests: .venv/.synced node_modules/.for-tests setup-cluster setup-score .venv/.for-score-tests
	@sh deploy/need.sh chromium fonts

# For `jinfuyun nightly --engine spark`, and for the tests of it.
setup-cluster: .venv/.for-clusters
	@sh deploy/need.sh java17

# For `jinfuyun score fit`, and for the tests of it.
setup-score: .venv/.for-score

.venv/.made:
	@sh deploy/need.sh python3.11 venv
	@python3.11 -m venv --clear .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check '$(UV)'
	@touch $@

.venv/.synced: .venv/.made requirements.lock pyproject.toml
	@.venv/bin/uv pip sync --quiet --require-hashes --python $(PYTHON) requirements.lock
	@.venv/bin/uv pip install --quiet --python $(PYTHON) --no-build-isolation --no-deps -e .
	@touch $@

# Without build isolation: what builds it is locked as well.
.venv/.for-clusters: .venv/.synced requirements-cluster.lock
	@.venv/bin/uv pip install --quiet --require-hashes --no-deps --no-build-isolation --python $(PYTHON) -r requirements-cluster.lock
	@touch $@

.venv/.for-score: .venv/.synced requirements-score.lock
	@.venv/bin/uv pip install --quiet --require-hashes --no-deps --python $(PYTHON) -r requirements-score.lock
	@touch $@

.venv/.for-score-tests: .venv/.synced requirements-score-tests.lock
	@.venv/bin/uv pip install --quiet --require-hashes --no-deps --no-build-isolation --python $(PYTHON) -r requirements-score-tests.lock
	@touch $@

node_modules/.for-run: package-lock.json
	@sh deploy/need.sh npm
	@npm ci --omit=dev --ignore-scripts --silent
	@touch $@

node_modules/.for-tests: package-lock.json
	@sh deploy/need.sh npm
	@npm ci --ignore-scripts --silent
	@touch $@ node_modules/.for-run
