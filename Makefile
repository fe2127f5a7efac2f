# Two commands do all the set-up on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: help demo test check fix bench accuracy people soak fuzz samples clean

help:  ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(VENV)/.run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(PIP) -e '.[dev]'
	@touch $@

demo: $(VENV)/.run  ## install, read samples/ into output/, say where to look
	$(BIN)/extract run samples/files -o output
	@echo
	@echo "Look at output/reports.csv, output/wide.csv, output/checks.csv and output/problems.csv,"
	@echo "or at one report:  $(BIN)/extract show samples/files/docx/官方格式.docx"

check: $(VENV)/.dev  ## style, types
	$(BIN)/ruff check src tests samples bench tools training
	$(BIN)/ruff format --check src tests samples bench tools training
	$(BIN)/mypy

fix: $(VENV)/.dev  ## put right what style can put right
	$(BIN)/ruff check --fix src tests samples bench tools training
	$(BIN)/ruff format src tests samples bench tools training

test: $(VENV)/.dev system check  ## style, types and all tests
	$(BIN)/python -m pytest -q -n 2

.PHONY: system
system:
	@sh tools/system_packages.sh

bench: $(VENV)/.dev  ## accuracy and speed on archives made afresh, as JSON lines
	$(BIN)/python bench/bench.py

accuracy: $(VENV)/.dev system  ## numbers from pictures, beside general tools, as JSON lines
	$(BIN)/python bench/accuracy.py

soak: $(VENV)/.dev  ## runs killed 50 times, a run over 20,000 reports, a lost worker of a cluster: figures into docs/reliability.md
	$(BIN)/python bench/soak.py kills --write docs/reliability.md
	$(BIN)/python bench/soak.py cluster --write docs/reliability.md
	$(BIN)/python bench/soak.py cores --write docs/reliability.md
	$(BIN)/python bench/soak.py scale --templates 200 --write docs/reliability.md

fuzz: $(VENV)/.dev  ## 10,000 mutated files: figures into docs/reliability.md
	$(BIN)/python bench/fuzz.py --write docs/reliability.md

people: $(VENV)/.dev  ## planted contradictions found, and the time that comparing takes, as JSON lines
	$(BIN)/python bench/people.py

samples: $(VENV)/.dev  ## make samples/files and samples/truth again
	$(BIN)/python samples/make_samples.py

clean:  ## remove the environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
