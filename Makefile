# The commands of the house. `make run` is all that a newcomer needs; `make help` lists the rest.
PYTHON := .venv/bin/python
ARGS ?=
# The least share of lines and branches, in percent, that the whole suite must reach.
COVERAGE ?= 90

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

.PHONY: run
run: setup ## the whole portal in one process, on SQLite, with the demo in it (PORT=8000)
	@exec $(PYTHON) wsgi.py

.PHONY: setup
setup: ## install what `make run` needs and this machine lacks
	@tools/setup run

.PHONY: setup-test
setup-test: ## install what `make test` needs as well: PostgreSQL, Redis, Chromium
	@tools/setup test

.PHONY: test
test: setup-test ## all tests (ARGS="tests/domain -k clock" for some of them)
	@$(PYTHON) -m pytest -n 2 --dist=worksteal $(ARGS)

.PHONY: coverage
coverage: setup-test ## all tests once more, with the lines and branches that they reach (half as long again)
	@mkdir -p .cache/coverage
	@$(PYTHON) -m pytest -n 2 --dist=worksteal --cov --cov-report=term --cov-fail-under=$(COVERAGE)

.PHONY: drill
drill: setup-test ## impostors at every door, each beside an honest person (ARGS="codes" for some of them)
	@$(PYTHON) -m tests.drill $(ARGS)

.PHONY: check
check: setup-check ## all that is checked without running the portal
	@tools/check

.PHONY: bench
bench: setup-test ## the measurements, one JSON line each
	@$(PYTHON) -m bench $(ARGS)

.PHONY: services
services: ## PostgreSQL and Redis on loopback, for development; they stay until `make services-stop`
	@tools/setup services
	@$(PYTHON) tools/services.py start

.PHONY: services-stop
services-stop: ## stop them; what they hold stays under var/services
	@$(PYTHON) tools/services.py stop

.PHONY: assets
assets: ## build the front-end assets anew where assets/ changed
	@tools/assets

.PHONY: translations
translations: setup-check ## collect what is to be translated into app/translations/
	@$(PYTHON) tools/translations.py

.PHONY: check-translations
check-translations: setup-check ## whether every language says everything, with the same places and elements
	@$(PYTHON) tools/check_translations.py --complete

.PHONY: setup-check
setup-check:
	@tools/setup check

.PHONY: lock
lock: ## compile pyproject.toml into the pinned requirement files (ARGS=--upgrade for newer versions)
	@tools/lock $(ARGS)

.PHONY: clean
clean: ## remove what set-up made; var/, the portal's data, stays
	@rm -rf .venv .cache static/built
