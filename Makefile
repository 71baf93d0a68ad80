# What a contributor does, by name. `make` alone lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Always the whole workspace: a selection of packages is built with features of its own, that is, once more.
WORKSPACE := --workspace

# The page in the browser and what builds it are for other machines and of another workspace, and have a target folder of their own.
WASM := --target-dir target/wasm
BUNDLE := --manifest-path dashboard/bundle/Cargo.toml
VERSION = $(shell sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)

.PHONY: help deps bench-deps dashboard dashboard-quick fmt lint lint-dashboard test test-unit test-integration test-browser test-recorded test-compose \
        test-compose-short test-coverage binaries docs \
        build build-cli run run-split bench bench-logs committed release-check release-dry-run

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## installs what is missing for building, running and testing
	@scripts/deps.sh

bench-deps: ## installs what `make bench` needs besides (nginx, wrk)
	@scripts/deps.sh bench

fmt: ## formats the Rust code
	@cargo fmt --all
	@cargo fmt $(BUNDLE)

lint: lint-dashboard ## formatting, Clippy and documentation with warnings as errors; licences when cargo-deny is installed
	cargo fmt --all -- --check
	cargo clippy $(WORKSPACE) --all-targets --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" cargo doc $(WORKSPACE) --no-deps --document-private-items --quiet
	@if command -v cargo-deny >/dev/null; then cargo deny --log-level warn check licenses bans sources; \
	 else echo "licences not checked: cargo-deny is not installed (cargo install cargo-deny --locked)"; fi

lint-dashboard: ## the same for the page in the browser and for what builds it, alone
	cargo fmt $(BUNDLE) -- --check
	cargo clippy -p ferrogw-dashboard --target wasm32-unknown-unknown $(WASM) --quiet -- -D warnings
	cargo clippy $(BUNDLE) $(WASM) --quiet -- -D warnings

test: deps dashboard binaries ## every test, with all set-up
	scripts/with-postgres.sh cargo test $(WORKSPACE)

test-unit: ## tests that need nothing but Rust
	cargo test $(WORKSPACE) --lib --bins

test-integration: deps dashboard binaries ## tests that need more: real processes, PostgreSQL, SDKs, recorded exchanges
	scripts/with-postgres.sh cargo test $(WORKSPACE) --test '*'

test-browser: deps dashboard binaries ## the dashboard in a real browser
	cargo test $(WORKSPACE) --test it browser

test-recorded: deps binaries ## recorded exchanges of real providers through the gateway; skips where they are absent
	cargo test $(WORKSPACE) --test recorded -- --nocapture

test-compose: deps binaries ## the composition on a container engine: up, faults under load, counted; skips where none can run
	@tests/setup/engine.sh plugin .run/engine
	scripts/with-engine.sh .tools/venv/bin/python tests/compose/run.py full

test-compose-short: deps binaries ## the same in short: up, two workers, two records, down
	scripts/with-engine.sh .tools/venv/bin/python tests/compose/run.py short

test-coverage: deps dashboard ## line coverage as a table and in target/llvm-cov/html
	@command -v cargo-llvm-cov >/dev/null || cargo install cargo-llvm-cov --locked
	@scripts/coverage.sh

docs: binaries ## writes the generated pages of the book anew
	UPDATE_DOCS=1 cargo test $(WORKSPACE) --test docs is_current

# Tests included, since what they depend on decides with which features everything is built.
binaries:
	cargo build $(WORKSPACE) --all-targets

dashboard: ## builds the page that the control plane's binary carries, in dashboard/dist
	@scripts/dashboard.sh

dashboard-quick: ## the same in seconds, for working on it: large and slow
	@scripts/dashboard.sh --quick

build: dashboard ## the four release binaries with the dashboard in them, in target/release
	cargo build --release -p ferrogw -p ferrogw-control-plane -p ferrogw-data-plane -p ferrogw-cli

build-cli: ## the command line tool alone, in bin/ferrogw-cli
	cargo build --release -p ferrogw-cli
	@mkdir -p bin && cp target/release/ferrogw-cli bin/ferrogw-cli

run: ## builds and starts ferrogw on PORT (8080)
	@scripts/run.sh

run-split: ## starts a control plane on PostgreSQL and two workers; Ctrl-C ends all
	@scripts/run-split.sh

bench: bench-deps build ## measures the gateway beside plain nginx
	@python3 bench/bench.py

bench-logs: build ## measures the dashboard's questions with ten million logged requests in PostgreSQL
	@python3 bench/logs.py

# What takes a moment comes first.
committed:
	@scripts/release.sh committed $(VERSION)

release-check: committed lint test build ## everything that has to hold before a release
	@scripts/release.sh check $(VERSION)

release-dry-run: build ## packs a release under target/release-dry-run; publishes nothing
	@scripts/release.sh pack $(VERSION)
