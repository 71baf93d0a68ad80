#!/usr/bin/env bash
# A container engine for the tests: the one that runs, or a Docker Engine of our own under a temporary directory.
#
#   engine.sh start DIR     starts one unless one runs, and prints the exports that reach it
#   engine.sh images DIR    provides the base images: pulled where a registry answers, made with debootstrap where none does
#   engine.sh rust DIR      provides the image that deploy/Dockerfile compiles in, likewise
#   engine.sh compose DIR   prints the Compose commands that work here, one a line
#   engine.sh plugin DIR    builds Compose v2 into .tools/bin where it is missing and Go is installed
#   engine.sh stop DIR      stops what `start` started and removes everything that was in it; an engine that was found stays
#
# DIR only remembers where the engine is: its socket's path has to be short. Where no engine can run, the script says why and
# exits with 75.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

fail() {
    echo "engine.sh: $*" >&2
    exit 1
}

impossible() {
    echo "no container engine: $*" >&2
    exit 75
}

reachable() { timeout 20 docker info >/dev/null 2>&1; }

# The engine that `start` started, if it still runs.
ours() {
    [[ -f $dir/home ]] || return 1
    home=$(<"$dir/home")
    DOCKER_HOST=unix://$home/socket reachable
}

launch() {
    home=$(mktemp -d "${TMPDIR:-/tmp}/ferrogw-engine.XXXXXX")
    echo "$home" >"$dir/home"
    setsid dockerd --data-root "$home/data" --exec-root "$home/run" --pidfile "$home/pid" --host "unix://$home/socket" \
        --storage-driver overlay2 </dev/null >"$home/log" 2>&1 &
    local child=$!
    for _ in $(seq 150); do
        DOCKER_HOST=unix://$home/socket reachable && return 0
        kill -0 "$child" 2>/dev/null || break
        sleep 0.2
    done
    local why
    why=$(grep -v 'level=info' "$home/log" | tail -n 1)
    stop
    impossible "dockerd does not start here: ${why:-it does not answer}"
}

start() {
    mkdir -p "$dir"
    if ours; then
        :
    elif reachable; then
        return 0 # the environment leads to it already
    else
        [[ $(uname -s) == Linux ]] || impossible "dockerd needs Linux; start an engine yourself"
        ((EUID == 0)) || impossible "none runs, and only root can start one"
        grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null || impossible "this kernel has no overlay file system"
        "$root/scripts/deps.sh" engine >&2 || impossible "its packages cannot be installed"
        launch
    fi
    echo "export DOCKER_HOST=unix://$home/socket"
}

# Everything in it is ours: containers end first, so that nothing is left of them when the engine is gone.
stop() {
    [[ -f $dir/home ]] || return 0
    local home pid left
    home=$(<"$dir/home")
    pid=$(cat "$home/pid" 2>/dev/null || true)
    if [[ -n $pid ]] && kill -0 "$pid" 2>/dev/null; then
        left=$(DOCKER_HOST=unix://$home/socket docker ps -aq 2>/dev/null || true)
        # shellcheck disable=SC2086 # one word per container
        [[ -z $left ]] || DOCKER_HOST=unix://$home/socket docker rm -f $left >/dev/null 2>&1 || true
        kill "$pid" 2>/dev/null || true
        for _ in $(seq 100); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
    fi
    case $home in
    */ferrogw-engine.*)
        awk -v home="$home/" 'index($2, home) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r -n 1 umount -l
        rm -rf "$home"
        ;;
    esac
    rm -f "$dir/home"
}

# An image by the name that our files give it. What cannot be pulled is made from this machine's own package mirror.
provide() { # name, command that makes it …
    local name=$1
    shift
    docker image inspect "$name" >/dev/null 2>&1 && return 0
    timeout 300 docker pull --quiet "$name" >/dev/null 2>&1 && return 0
    echo "engine.sh: $name cannot be pulled and is made here"
    "$@" "$name"
}

# The mirror and the settings of this machine's own apt; they go into images that never leave it.
mirror() {
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' | awk '$2 == "bookworm" && $3 == "main" { print $1; exit }'
}

make_debian() { # name
    local folder uri
    command -v debootstrap >/dev/null || "$root/scripts/deps.sh" engine >&2 || impossible "debootstrap cannot be installed"
    uri=$(mirror)
    [[ -n $uri ]] || impossible "no registry answers, and apt knows no mirror of Debian 12 to make images from"
    folder=$(mktemp -d "${TMPDIR:-/tmp}/ferrogw-base.XXXXXX")
    debootstrap --variant=minbase --include=ca-certificates bookworm "$folder" "$uri" >"$folder.log" 2>&1 \
        || { tail -n 5 "$folder.log" >&2; fail "debootstrap failed"; }
    # As in the official image: nothing is flushed to disk that a build can make again, and nothing is installed that only people read.
    echo force-unsafe-io >"$folder/etc/dpkg/dpkg.cfg.d/container"
    printf 'path-exclude /usr/share/%s/*\n' doc man locale >>"$folder/etc/dpkg/dpkg.cfg.d/container"
    apt-config dump | grep -E '^Acquire::(Check|http|https|Retries)' >"$folder/etc/apt/apt.conf.d/90machine" || true
    cp /etc/ssl/certs/ca-certificates.crt "$folder/etc/ssl/certs/"
    rm -rf "$folder"/var/cache/apt/archives/*.deb "$folder"/usr/share/{doc,man,locale}/*
    tar -C "$folder" -c . | docker import --change 'CMD ["bash"]' - "$1" >/dev/null
    rm -rf "$folder" "$folder.log"
}

make_postgres() { # name
    docker build --quiet --tag "$1" "$here/images/postgres" >/dev/null
}

# For compiling in a container: this machine's own toolchain, since there is none to download either.
make_rust() { # name
    local context sysroot
    context=$(mktemp -d "${TMPDIR:-/tmp}/ferrogw-rust.XXXXXX")
    sysroot=$(cd "$root" && rustc --print sysroot)
    cp "$here/images/rust/Dockerfile" "$(command -v rustup)" "$context"
    cp -a "$sysroot" "$context/toolchain"
    docker build --quiet --tag "$1" --build-arg TOOLCHAIN="$(basename "$sysroot")" "$context" >/dev/null
    rm -rf "$context"
}

base() { sed -n "s|^ *image: *\($1:.*\)|\1|p" "$root/docker-compose.yml" | head -n 1; }

images() {
    provide debian:bookworm-slim make_debian
    provide "$(base postgres)" make_postgres
}

compose() {
    ! docker compose version >/dev/null 2>&1 || echo "docker compose"
    ! command -v docker-compose >/dev/null || echo "docker-compose"
    [[ ! -x $root/.tools/bin/docker-compose ]] || echo "$root/.tools/bin/docker-compose"
}

# Compose v2 as a program of its own, from the Go module proxy.
plugin() {
    ! docker compose version >/dev/null 2>&1 && [[ ! -x $root/.tools/bin/docker-compose ]] || return 0
    command -v go >/dev/null || { echo "engine.sh: no Go, so no Compose v2" >&2; return 0; }
    local folder
    folder=$(mktemp -d "${TMPDIR:-/tmp}/ferrogw-compose.XXXXXX")
    GOBIN=$folder go install github.com/docker/compose/v2/cmd@v2.32.4
    mkdir -p "$root/.tools/bin"
    mv "$folder/cmd" "$root/.tools/bin/docker-compose"
    rm -rf "$folder"
}

[[ $# -eq 2 ]] || fail "usage: engine.sh start|images|rust|compose|plugin|stop DIR"
dir=$2
case $1 in
start) start ;;
stop) stop ;;
images | rust | compose | plugin)
    ! ours || export DOCKER_HOST=unix://$home/socket
    case $1 in
    images) images ;;
    rust) provide "$(sed -n 's/^ARG BUILDER=//p' "$root/deploy/Dockerfile")" make_rust ;;
    *) "$1" ;;
    esac
    ;;
*) fail "unknown verb $1" ;;
esac
