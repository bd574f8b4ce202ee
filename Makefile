# `make` lists the targets. Whatever a target prints about setting up goes to standard error.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help demo up test faults bench judge lint types format contract lock clean

BIN := .venv/bin
RUN := .venv/.kesu-run
DEV := .venv/.kesu-dev
UV ?= build/uv/bin/uv
COMPILE = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --custom-compile-command 'make lock'
# What litestar asks for to make up examples in documents: half as large as all of the services, and never loaded by them.
UNUSED = --no-emit-package polyfactory --no-emit-package faker

help: ## 列出所有目标 | list the targets
	@awk -F ' ## | *\\| ' '/^[a-z]+:.* ## /{split($$1, t, ":"); printf "  make %-9s %s\n                 %s\n", t[1], $$2, $$3}' Makefile

demo: $(RUN) ## 一条命令看全流程：装好、起服务、送投诉、过几周、出小结 | the whole flow in one command, ending in a summary
	@$(BIN)/kesu demo $(ARGS)

up: $(RUN) ## 实时运行，直到 Ctrl-C | run in real time until Ctrl-C
	@$(BIN)/kesu up $(ARGS)

test: $(DEV) lint types ## 全部检查与测试 | every check and every test
	@$(BIN)/pytest $(ARGS)

faults: $(DEV) ## 注入六十多个故障，核对每件投诉（需要 Docker）| inject sixty faults and compare every complaint (needs Docker)
	@$(BIN)/pytest tests/faults -m long -o faulthandler_timeout=1200 $(ARGS)

bench: $(DEV) ## 量一量：每件投诉的 CPU、延迟、吞吐（真 Kafka：ARGS="--broker kafka"）| measure CPU per complaint, latency, throughput (real Kafka: ARGS="--broker kafka")
	@$(BIN)/kesu bench $(ARGS)

judge: $(DEV) ## 研判与标注相符多少（DATA=放标注的文件夹）| how well the judgement agrees with labels (DATA=the folder that holds them)
	@$(BIN)/kesu judge $(if $(DATA),--data $(DATA)) $(ARGS)

lint: $(DEV) ## 代码风格与导入方向 | style, and which way imports point
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports --no-logo >.venv/.lint-imports 2>&1 || { cat .venv/.lint-imports >&2; exit 1; }

types: $(DEV) ## 类型（mypy --strict）| types (mypy --strict)
	@$(BIN)/mypy --no-error-summary

format: $(DEV) ## 按风格改写 | rewrite in the house style
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

contract: $(DEV) ## 重新生成 docs/contract，不兼容则拒绝 | write docs/contract anew; refuses a breaking change
	@$(BIN)/python -m kesu.contract $(ARGS)

lock: $(UV) ## 更新依赖锁文件 | update the lock files
	@echo 'setuptools>=77' | $(COMPILE) --extra embedded pyproject.toml - --output-file requirements.lock >/dev/null
	@$(COMPILE) --extra embedded --group dev --constraints requirements.lock pyproject.toml --output-file requirements-dev.lock >/dev/null
	@$(COMPILE) --constraints requirements.lock $(UNUSED) pyproject.toml --output-file requirements-image.lock >/dev/null

clean: ## 删除虚拟环境与缓存 | remove the virtual environment and caches
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN): requirements.lock pyproject.toml deploy/set-up.sh
	@sh deploy/set-up.sh requirements.lock $@ >&2

$(DEV): requirements-dev.lock $(RUN)
	@sh deploy/set-up.sh requirements-dev.lock $@ >&2

build/uv/bin/uv:
	@python3 -m venv build/uv && build/uv/bin/python -m pip install --quiet uv >&2
