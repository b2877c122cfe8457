# run · test · check · bench: each prepares what it needs and calls a real tool.
PYTHON ?= python3
BIN := .venv/bin
VAR := $(or $(STADTHAUS_VAR),var)
TEMPLATES := $(shell find stadthaus -path '*/templates/*' -name '*.html')
FRONT_END := $(shell find stadthaus/ui/front_end stadthaus/ui/fonts.py stadthaus/ui/management stadthaus/ui/templatetags -type f -not -name '*.pyc')
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: run test check bench lock
.DEFAULT_GOAL := run

run: .venv/run.stamp $(VAR)/front_end.stamp
	@$(BIN)/python tools/run.py

test: .venv/dev.stamp var/front_end.stamp
	@$(BIN)/python tools/browser.py
	$(BIN)/python -m pytest -n 2 $(PYTEST)

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy stadthaus tests tools benchmarks manage.py
	@$(BIN)/djade --check $(TEMPLATES)
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemigrations --check --dry-run

bench: .venv/dev.stamp var/front_end.stamp
	$(BIN)/python -m benchmarks $(BENCH)

# Locks hold names, versions and hashes, no address of an index.
lock: requirements.in requirements-dev.in requirements-node.in
	for name in requirements requirements-dev requirements-node; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			--no-emit-index-url $$name.in -o $$name.txt; done

.venv/run.stamp: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Where the machine has no npm, or a Node older than 20, Node comes as a Python package.
node_modules/.stamp: package-lock.json .npmrc .venv/run.stamp
	@command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.txt
	npm ci --silent
	@touch $@

# In the folder that STADTHAUS_VAR names; tests and benches always take it from var/.
%/front_end.stamp: node_modules/.stamp $(TEMPLATES) $(FRONT_END)
	@mkdir -p $*/front_end
	STADTHAUS_VAR=$(abspath $*) DJANGO_SETTINGS_MODULE=stadthaus.config.settings $(BIN)/python tools/run.py manage build_front_end
	@touch $@
