# Everything that is done with the portal on one machine. `make help` lists it.
# Needs Python 3.11 or later, make and the network; uv is fetched where the machine has none.

PYTHON ?= python3
PORT ?= 8000
ITEMS ?= 10000
DOCUMENTS ?= 20000
VAR_DIR ?= $(CURDIR)/var
export VAR_DIR PORT

PY := .venv/bin/python
MANAGE := $(PY) manage.py
# What the demonstration is made from: when it changes, the steps that make it run again, and keep what was written.
SOURCES := $(shell find portal knowledge networks experiences search locale static -type f ! -name '*.pyc' ! -name '*.mo' ! -name '*~' 2>/dev/null)
DEMO := DEMO=1 $(MANAGE)
step = @printf '\033[1m[%s/7]\033[0m %s\n' $(1) $(2)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo reset serve test check messages bench corpus pictures

help: ## List what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1 /p' $(MAKEFILE_LIST) | while read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

# --- The environment ------------------------------------------------------------------------------------------------
# uv makes .venv from its lock file. Where the machine has no uv, it comes from PyPI into .venv itself (hence --inexact: it must
# not remove itself).

define sync
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || command -v uv >/dev/null || \
		{ echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3 …" >&2; exit 1; }
	@command -v uv >/dev/null || [ -x .venv/bin/uv ] || $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "This Python makes no environments. On Debian: apt install python3-venv. Or install uv." >&2; exit 1; }
	@if command -v uv >/dev/null; then uv sync --frozen --inexact $(1); else \
		{ [ -x .venv/bin/uv ] || { $(PYTHON) -m venv .venv && .venv/bin/python -m pip install --quiet --disable-pip-version-check uv; }; } && \
		.venv/bin/uv sync --frozen --inexact $(1); fi
	@touch $@
endef

.venv/.for-demo: uv.lock pyproject.toml
	$(call step,1,"Python packages in .venv")
	$(call sync,--no-dev --quiet)

.venv/.for-work: uv.lock pyproject.toml
	$(call sync,)
	@touch .venv/.for-demo

# --- The demonstration ----------------------------------------------------------------------------------------------

demo: $(VAR_DIR)/.demo-made ## Start the demonstration on http://127.0.0.1:8000 (PORT=… for another)
	@exec env $(DEMO) demo --end-with-parent

$(VAR_DIR)/.demo-made: .venv/.for-demo $(SOURCES)
	@mkdir -p $(VAR_DIR)
	$(call step,2,"Tables of the database")
	@$(DEMO) migrate --verbosity 0
	$(call step,3,"Catalogues of translations and files for browsers")
	@$(DEMO) compile_catalogues
	@$(DEMO) collectstatic --no-input --verbosity 0
	$(call step,4,"Vocabularies$(comma) thesaurus$(comma) groups$(comma) workflow")
	@$(DEMO) set_up
	$(call step,5,"Demonstration content")
	@$(DEMO) load_demo
	$(call step,6,"Index of the search")
	@$(DEMO) search_rebuild
	$(call step,7,"Ready")
	@touch $@

comma := ,

reset: ## Delete all data of the demonstration: the next `make demo` begins anew
	@$(PYTHON) -c "import fcntl, os, sys; p = '$(VAR_DIR)/demo.lock'; os.path.exists(p) and fcntl.flock(open(p), fcntl.LOCK_EX | fcntl.LOCK_NB)" 2>/dev/null || \
		{ echo "The demonstration is running: end it first (Ctrl-C in its terminal)." >&2; exit 1; }
	rm -rf $(VAR_DIR)/portal.sqlite3* $(VAR_DIR)/cache $(VAR_DIR)/files $(VAR_DIR)/media $(VAR_DIR)/mail $(VAR_DIR)/search $(VAR_DIR)/log $(VAR_DIR)/.demo-made

serve: $(VAR_DIR)/.demo-made ## Start one development server that reloads changed code (no worker, no drainer)
	@exec env DEBUG=1 $(MANAGE) runserver $(PORT)

corpus: $(VAR_DIR)/.demo-made ## Add synthetic items to the demonstration, to measure with (ITEMS=10000)
	$(DEMO) corpus $(ITEMS)
	$(DEMO) search_rebuild

bench: $(VAR_DIR)/.demo-made .venv/.for-work ## Print the figures of docs/performance.md (DOCUMENTS=20000 straight into the engines)
	@$(DEMO) bench --documents $(DOCUMENTS)

# --- Work on the code -----------------------------------------------------------------------------------------------

# One process more than a small machine has cores: browsers are waited for. Modules go in the order that
# tests/conftest.py gives them.
test: .venv/.for-work ## Run all tests that need no service; browser tests where there is a Chromium
	@DEMO=1 $(MANAGE) compile_catalogues
	@env -u VAR_DIR $(PY) -m pytest -n $${TEST_PROCESSES:-3} --dist loadfile --no-loadscope-reorder $(ARGS)

# Line breaks after headings; addresses that are the same in all languages; the page for when nothing else works.
TEMPLATE_RULES_LEFT_OUT := H015,D018,D004

check: .venv/.for-work ## Lint, types, migrations, catalogues, deployment
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m djlint --lint --quiet --ignore $(TEMPLATE_RULES_LEFT_OUT) portal knowledge networks experiences search
	@DEMO=1 $(MANAGE) compile_catalogues
	$(DEMO) makemigrations --check --dry-run
	env -u VAR_DIR $(PY) -m pytest -q tests/test_locales.py tests/test_architecture.py tests/test_docs.py
	env DEMO= SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))') BASE_URL=https://portal.example ALLOWED_HOSTS=portal.example $(MANAGE) check --deploy --fail-level WARNING

messages: .venv/.for-work ## Collect the sentences to translate into locale/ (needs gettext), and compile them
	$(DEMO) makemessages --all --no-obsolete --no-wrap --no-location --ignore '.venv/*' --ignore 'tests/*'
	$(DEMO) compile_catalogues

pictures: .venv/.for-work ## Take the pictures of the README from the demonstration that runs (needs a Chromium)
	$(PY) -m tests.browser.pictures http://127.0.0.1:$(PORT)
