#!/usr/bin/env bash
# Runs a command with throw-away PostgreSQL clusters: `scripts/with-postgres.sh cargo test`.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=.run/postgres-$$
trap 'tests/setup/postgres.sh stop "$folder"; rm -rf "$folder"' EXIT
exports=$(tests/setup/postgres.sh start "$folder")
eval "$exports"
export FERROGW_TEST_REQUIRE_POSTGRES=1
"$@"
