#!/usr/bin/env bash
# Builds ferrogw with the quick profile (optimised, no LTO) and starts it in the foreground.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/deps.sh run
if [[ ! -x target/quick/ferrogw ]]; then
    echo "Building ferrogw for the first time. That takes about a quarter of an hour on two cores, less on more; later starts take seconds."
    echo "(This build is optimised but skips link-time optimisation; \`make build\` makes the real thing.)"
fi
# Without the page ferrogw is whole but for what a browser shows.
scripts/dashboard.sh >&2 || echo "The dashboard could not be built; ferrogw starts without it." >&2
cargo build --profile quick -p ferrogw
exec target/quick/ferrogw
