# Cœur de Données : `make` seul affiche l'aide.
PYTHON ?= python3
PORT ?= 8501
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
RUNTIME := requirements.txt
DEV := requirements.txt requirements-dev.txt
FAST := not browser and not server and not screens and not live and not deep
FULL := not live and not deep

# Installs only when the requirement files differ from those of the last install that succeeded.
# $(1) = stamp, $(2) = files compared, $(3) = file handed to pip
install = cat $(2) | cmp -s - .venv/$(1) || { $(PIP) -r $(3) && cat $(2) > .venv/$(1); }

.DEFAULT_GOAL := help
# Set, it would have the tests compiled anew at each run: as long as running them.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help run test check lint deep faults bench docs refresh format venv browser node system
.PHONY: validata pygeoapi addok

help: ## Affiche cette aide
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: venv ## Lance le tableau de bord sur http://127.0.0.1:8501 (PORT=8502 pour un autre port)
	@$(call install,.run,$(RUNTIME),requirements.txt)
	@echo "Cœur de Données : http://127.0.0.1:$(PORT) (Ctrl+C pour arrêter)"
	@exec $(BIN)/python -m streamlit run app.py --server.port $(PORT)

test: venv browser validata pygeoapi addok ## Lance tous les tests, navigateur compris
	@CHROMIUM="$(CHROMIUM)" $(BIN)/python -m pytest -q -n 2 --dist loadfile -m "$(FULL)"

check: lint ## Style, types et tests sans navigateur ni serveur (moins de 90 s)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "$(FAST)"

lint: venv ## Style et types seulement
	@$(call install,.dev,$(DEV),requirements-dev.txt)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet . && $(BIN)/mypy

deep: venv browser validata pygeoapi addok ## Formes longues des tests, écrit deep.json
	@CHROMIUM="$(CHROMIUM)" ACV_DEEP_REPORT=deep.json $(BIN)/python -m pytest -q -m deep

faults: venv ## Affiche la matrice sources × pannes
	@$(call install,.dev,$(DEV),requirements-dev.txt)
	@$(BIN)/python -m pytest -q -s tests/connectors/test_faults.py

bench: venv validata ## Mesure recherche, page d'une ville et programme, écrit bench.json
	@$(call install,.dev,$(DEV),requirements-dev.txt)
	@$(BIN)/python tests/bench/bench.py

docs: venv ## Régénère docs/datasets.md, docs/indicators.md et docs/connectors.md
	@$(call install,.run,$(RUNTIME),requirements.txt)
	@$(BIN)/python -m diagnostics.documentation

refresh: venv ## Récupère les données d'un territoire (CODE=46042)
	@$(call install,.run,$(RUNTIME),requirements.txt)
	@test -n "$(CODE)" || { echo "Indiquez un code : make refresh CODE=46042" >&2; exit 2; }
	@$(BIN)/python -m connectors refresh $(CODE)

format: venv ## Met le code en forme
	@$(call install,.dev,$(DEV),requirements-dev.txt)
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

venv: .venv/bin/pip

# pip is the last thing venv writes: an interrupted creation is started again.
.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 ou plus récent est nécessaire (PYTHON=... pour en choisir un autre)." >&2; exit 2; }
	@$(PYTHON) -m venv .venv

# Programs that clash with ours and with each other, only ever run beside it: each in a folder of its
# own, installed when its file changed. Without one, the tests that call it are skipped by name.
validata pygeoapi addok: %: requirements-%.txt
	@cmp -s requirements-$@.txt .venv-$@/.installed || \
	  { { [ -x .venv-$@/bin/pip ] || $(PYTHON) -m venv .venv-$@; } && \
	    .venv-$@/bin/python -m pip install --quiet --disable-pip-version-check \
	      -r requirements-$@.txt && \
	    cp requirements-$@.txt .venv-$@/.installed; } || \
	  echo "$@ n'a pas pu être installé." >&2

# System programs by apt-get when root; Chromium else comes from CHROMIUM=, PATH or Playwright's own.
# Without one of them the tests that need it are skipped by name.
browser: venv node system
	@$(call install,.dev,$(DEV),requirements-dev.txt)
	@[ -n "$(CHROMIUM)" ] || command -v chromium >/dev/null || \
	  $(BIN)/python -m playwright install chromium || \
	  echo "Chromium n'a pas pu être installé." >&2

system:
	@[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0; \
	wanted=$$(grep -v '^#' system-packages.txt); \
	[ -z "$(CHROMIUM)" ] || wanted=$$(echo "$$wanted" | grep -v '^chromium$$'); \
	for name in $$wanted; do dpkg -s $$name >/dev/null 2>&1 || missing="$$missing $$name"; done; \
	[ -z "$$missing" ] || { apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; } || \
	  echo "Programmes non installés :$$missing." >&2

# The packages that only tests and data builds read; their absence skips those tests by name.
node: package.json
	@command -v npm >/dev/null || exit 0; \
	cmp -s package.json node_modules/.package.json || \
	  { npm install --silent --no-audit --no-fund && cp package.json node_modules/.package.json; } || \
	  echo "Les paquets npm des tests n'ont pas pu être installés." >&2
