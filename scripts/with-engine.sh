#!/usr/bin/env bash
# Runs a command with a container engine: the one that runs, or one of our own that is gone afterwards. Where none can run, says why
# and succeeds, unless FERROGW_TEST_REQUIRE_ENGINE is set.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=.run/engine-$$
trap 'tests/setup/engine.sh stop "$folder"; rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

skipped() {
    echo "skipped: $* cannot be run here, for the reason above"
    [[ -z ${FERROGW_TEST_REQUIRE_ENGINE:-} ]]
}

exports=$(tests/setup/engine.sh start "$folder") || { (($? == 75)) || exit 1; skipped "$@"; exit; }
eval "$exports"
export FERROGW_ENGINE_DIR=$folder
tests/setup/engine.sh images "$folder" || { (($? == 75)) || exit 1; skipped "$@"; exit; }
"$@"
