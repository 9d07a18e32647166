# The same words everywhere: here, in CI and in the docs. `make help` lists them.
PYTHON ?= python3
VENV := .venv/bin/python
# Servers of the tests, started once: PostgreSQL and Valkey from their wheels, unless
# DATABASE_URL and REDIS_URL name others.
WITH_SERVERS := $(VENV) -m rdv.embedded exec --profile test --
WITH_DEV_SERVERS := $(VENV) -m rdv.embedded exec --profile dev --
WITH_BENCH_SERVERS := $(VENV) -m rdv.embedded exec --profile bench --
JOBS ?= 2
ARGS ?=

export PORT E2E_FULL
export PYTHONUTF8 := 1
# Compiled once, not by each of the processes that the tests start, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run reset seed manage test lint fix tests e2e hostile bench pins docs icons messages

help: ## list the commands
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 12

setup: ; @$(PYTHON) rdv/bootstrap.py run
setup-dev: ; @$(PYTHON) rdv/bootstrap.py dev

run: setup ## start everything and print the address (PORT=8000); Ctrl-C stops it
	@exec $(VENV) -m rdv.supervisor

reset: setup ## forget the development data; the next `make run` loads the demo again
	@$(VENV) -m rdv.embedded reset --profile dev
	@rm -rf .local/mail .local/sms

seed: setup ## erase the development data and load the demo again (ARGS="--today 2026-11-23")
	@$(WITH_DEV_SERVERS) $(VENV) manage.py seed --replace $(ARGS)

manage: setup ## any command of Django (ARGS="shell")
	@$(WITH_DEV_SERVERS) $(VENV) manage.py $(ARGS)

test: lint tests ## set-up, linters, every test

tests: setup-dev ## the tests alone (ARGS="-k booking")
	@$(WITH_SERVERS) $(VENV) -m pytest -n $(JOBS) --dist worksteal --durations=20 $(ARGS)

lint: setup-dev ## ruff, mypy, djlint, import-linter
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m djlint --quiet --lint templates
	$(VENV) -c 'import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())' --no-logo
	DATABASE_URL=postgres:///none REDIS_URL=redis://none/0 $(VENV) -m mypy

fix: setup-dev ## format, and repair what the linters can
	$(VENV) -m ruff check --fix . || true
	$(VENV) -m ruff format .

e2e: setup-dev ## browser tests, with axe in both themes and at phone width
	@E2E_FULL=1 $(WITH_SERVERS) $(VENV) -m pytest tests/e2e -n $(JOBS) --dist worksteal --durations=20 $(ARGS)

hostile: setup-dev ## every field of every form alone, with each kind of hostile value
	@HOSTILE_FULL=1 $(WITH_SERVERS) $(VENV) -m pytest tests/permissions/test_hostile_posts.py \
		tests/permissions/test_hostile_addresses.py -n $(JOBS) --dist worksteal --durations=20 $(ARGS)

bench: setup-dev ## measure searches, public page, booking (docs/benchmarks.md)
	@$(WITH_BENCH_SERVERS) $(VENV) -m bench $(ARGS)

docs: setup-dev ## print again the documents that come from code
	$(VENV) -m rdv.settings.env > docs/environment.md
	$(VENV) -m agents.management.commands.permissions_doc > docs/permissions.md
	DJANGO_SETTINGS_MODULE=rdv.settings.test DATABASE_URL=postgres:///none REDIS_URL=redis://none/0 \
		$(VENV) manage.py messages_doc > docs/messages.md

icons: setup-dev ## print the sheet of the icons that templates name
	$(VENV) -m rdv.icons > static/css/dsfr-icons.css

messages: setup-dev ## collect the texts to translate, compile them (needs gettext)
	DJANGO_SETTINGS_MODULE=rdv.settings.test DATABASE_URL=postgres:///none REDIS_URL=redis://none/0 \
		$(VENV) manage.py makemessages --locale en --add-location file --no-obsolete \
		--ignore node_modules --ignore tests --ignore bench --ignore .venv --ignore .local
	msgfmt --check --output-file locale/en/LC_MESSAGES/django.mo locale/en/LC_MESSAGES/django.po

UV_COMPILE := .venv/bin/uv pip compile --generate-hashes --universal --python-version 3.11 -q --no-header
pins: setup-dev ## compile requirements/*.txt from pyproject.toml (needs the network)
	$(UV_COMPILE) pyproject.toml -o requirements/prod.txt
	$(UV_COMPILE) pyproject.toml --extra embedded -c requirements/prod.txt -o requirements/base.txt
	$(UV_COMPILE) pyproject.toml --extra embedded --extra dev -c requirements/base.txt -o requirements/dev.txt
	$(UV_COMPILE) requirements/bootstrap.in -o requirements/bootstrap.txt
	$(UV_COMPILE) requirements/node.in -o requirements/node.txt
