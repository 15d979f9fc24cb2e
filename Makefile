# `make run` and `make test` are all anyone needs.
PYTHON ?= python3

.PHONY: run test env dev assets bench lint lock clean

run: env assets ## set up, load the demo city once, serve
	@.venv/bin/keshu demo
	@.venv/bin/keshu serve

env: ## only prepare .venv; the command is then .venv/bin/keshu
	@$(PYTHON) scripts/prepare_env.py run

dev:
	@$(PYTHON) scripts/prepare_env.py dev

assets:
	@.venv/bin/python scripts/prepare_assets.py

test: dev assets ## everything this machine can run; says what it skipped and why
	@.venv/bin/python scripts/run_tests.py

lint: dev
	@.venv/bin/python scripts/run_tests.py --only lint

bench: dev assets ## side by side with peers; writes bench/results/
	@.venv/bin/python bench/run.py

lock: ## rewrite the lock files; needs uv
	@requirements/lock.sh

clean:
	rm -rf .venv .venv-bench build node_modules
