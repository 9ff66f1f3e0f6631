# Everything a developer runs. A fresh machine needs only make and Python 3.11 or newer with venv and pip.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON_FOUND = $$(scripts/find-python.sh)
VENV := .venv/bin
export PATH := $(CURDIR)/$(VENV):$(PATH)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: runtime
runtime:
	@python="$(PYTHON_FOUND)" && "$$python" -m scripts.environment .venv

.PHONY: setup
setup: ## Make .venv with the project and its development tools (nothing to do when it is up to date)
	@python="$(PYTHON_FOUND)" && "$$python" -m scripts.environment .venv dev

.PHONY: demo
demo: runtime ## Serve the example, list it, run it, and show what came out
	@python -m scripts.demo $(ARGS)

.PHONY: test
test: setup ## Run the tests (ARGS="-k name" passes options to pytest)
	@python -m scripts.run_tests $(ARGS)

.PHONY: test-others
test-others: setup ## Run the tests on the other installed Pythons, 3.11 to 3.13, and on the oldest dependencies
	@python -m scripts.run_tests --others $(ARGS)

.PHONY: check
check: setup ## Format, lint, types, import rules, and generated code
	@scripts/check.sh

.PHONY: format
format: setup ## Format the code and fix what lint can fix
	@ruff check --fix .
	@ruff format .

.PHONY: protos
protos: setup ## Regenerate server/usercode_api from protos/
	@python -m scripts.protos

.PHONY: bench
bench: setup ## Run the benchmarks (ARGS passes options)
	@python -m benchmarks $(ARGS)

.PHONY: image
image: runtime ## Build the images usercode:base and usercode:example with docker or podman
	@python -m scripts.images

.PHONY: clean
clean: ## Remove environments, caches and built files
	rm -rf .venv .cache .demo .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
