#!/usr/bin/env bash
# Builds the dashboard into dashboard/dist, where the control plane's build takes it from. Does nothing while nothing has changed.
#
#   scripts/dashboard.sh [--quick]
#
# `--quick` is for working on the page: not optimised, not compressed.
set -euo pipefail
cd "$(dirname "$0")/.."

built=dashboard/dist/index.html
sources=(Cargo.lock rust-toolchain.toml .cargo/config.toml dashboard/Cargo.toml dashboard/src dashboard/page dashboard/style dashboard/bundle/src
    dashboard/bundle/Cargo.lock dashboard/bundle/package-lock.json control-plane/api/src config/src config/schema config/catalog config/build.rs)

is_current() {
    [[ -f $built && -f $built.br ]] && [[ -z $(find "${sources[@]}" -newer "$built" -print -quit) ]]
}

# Binaryen makes the page about a sixth smaller. It comes from npm, into this folder; without npm the page is as the compiler leaves it.
wasm_opt() {
    local program=dashboard/bundle/node_modules/binaryen/bin/wasm-opt
    local PATH=$PATH
    # The tests' own Node serves where the system has none.
    command -v npm >/dev/null || PATH=$PWD/.tools/venv/bin:$PATH
    if [[ ! -e $program ]] && command -v npm >/dev/null; then
        echo "dashboard: Binaryen into dashboard/bundle/node_modules" >&2
        local install=(npm --prefix dashboard/bundle ci --no-audit --no-fund --loglevel=error)
        "${install[@]}" >&2 || "${install[@]}" >&2 || true
    fi
    [[ -e $program ]] && command -v node >/dev/null && echo "$program"
}

options=("$@")
if [[ ${1-} != --quick ]]; then
    if is_current; then exit 0; fi
    if program=$(wasm_opt); then
        options+=(--wasm-opt "$program")
    else
        echo "dashboard: npm is not installed, so the page is not made as small as it could be" >&2
    fi
fi
scripts/deps.sh run
exec cargo run --quiet --locked --manifest-path dashboard/bundle/Cargo.toml --target-dir target/wasm -- "${options[@]}"
