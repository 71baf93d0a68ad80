#!/usr/bin/env bash
# Line coverage of the whole workspace, binaries that the end-to-end suite starts included.
set -euo pipefail
cd "$(dirname "$0")/.."

# One set of instrumented artefacts for the tests and for the binaries that they start, apart from the others: cargo does not see that they
# are instrumented, and would take them for fresh.
export CARGO_TARGET_DIR=$PWD/target/coverage
# shellcheck disable=SC1090
source <(cargo llvm-cov show-env --sh)
cargo llvm-cov clean --workspace
cargo build --workspace --all-targets
scripts/with-postgres.sh cargo test --workspace
cargo llvm-cov report --html --output-dir target/llvm-cov
cargo llvm-cov report
