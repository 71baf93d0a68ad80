#!/usr/bin/env bash
# Starts and stops throw-away PostgreSQL clusters for the tests: one with TLS (a self-signed certificate) and one without.
#
#   postgres.sh start DIR   starts them unless they run, and prints the exports that the tests read
#   postgres.sh stop DIR    stops them and removes everything
#
# DIR only remembers where the clusters are; they live in a directory of their own, since the socket's path has to be short and
# PostgreSQL, which does not run as root, has to reach it. As root the clusters run as the user `postgres`.
set -euo pipefail

fail() {
    echo "postgres.sh: $*" >&2
    exit 1
}

usage() {
    fail "usage: postgres.sh start|stop DIR"
}

# Runs a command as the clusters' owner.
owned() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

binaries() {
    local found
    found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    if [ -z "$found" ] && command -v pg_config >/dev/null; then
        found=$(pg_config --bindir)
    fi
    [ -x "$found/initdb" ] || fail "PostgreSQL's server programs were not found; install the package postgresql"
    echo "$found"
}

# Starts the cluster in $1 on a free port and says which. Taking the port is the only sure way to know that it is free.
launch() {
    local cluster=$1 port
    for _ in $(seq 20); do
        port=$(shuf -i 20000-32000 -n 1)
        if owned "$bin/pg_ctl" --pgdata "$cluster/data" --log "$cluster/log" --wait --timeout 30 \
            --options "-p $port -k $cluster" start >/dev/null 2>&1; then
            echo "$port"
            return
        fi
        # One that is merely slow goes on starting, and would be in the way of the next try.
        owned "$bin/pg_ctl" --pgdata "$cluster/data" --mode immediate stop >/dev/null 2>&1 || true
    done
    tail -n 20 "$cluster/log" >&2
    fail "the cluster in $cluster did not start"
}

# Makes a cluster in $1 whose superuser `ferrogw` has the password $2.
create() {
    local cluster=$1 password=$2
    printf '%s' "$password" | owned tee "$cluster/password" >/dev/null
    owned "$bin/initdb" --pgdata "$cluster/data" --username ferrogw --pwfile "$cluster/password" --auth scram-sha-256 \
        --encoding UTF8 --locale C.UTF-8 --no-sync >/dev/null
    owned tee -a "$cluster/data/postgresql.conf" >/dev/null <<'CONF'
listen_addresses = '127.0.0.1'
max_connections = 400
fsync = off
full_page_writes = off
CONF
}

enable_tls() {
    local data=$1/data
    owned openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -out "$data/server.crt" -keyout "$data/server.key" 2>/dev/null
    owned chmod 600 "$data/server.key"
    echo "ssl = on" | owned tee -a "$data/postgresql.conf" >/dev/null
}

running() {
    [ -f "$dir/home" ] && [ -f "$dir/exports" ] || return 1
    local home
    home=$(cat "$dir/home")
    for kind in tls plain; do
        owned "$bin/pg_ctl" --pgdata "$home/$kind/data" status >/dev/null 2>&1 || return 1
    done
}

start() {
    if ! running; then
        stop
        local home password tls plain
        mkdir -p "$dir"
        home=$(owned mktemp -d "${TMPDIR:-/tmp}/ferrogw-postgres.XXXXXX")
        echo "$home" >"$dir/home"
        password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
        owned mkdir "$home/tls"
        create "$home/tls" "$password"
        owned cp -r "$home/tls" "$home/plain"
        enable_tls "$home/tls"
        tls=$(launch "$home/tls")
        plain=$(launch "$home/plain")
        {
            echo "export FERROGW_TEST_POSTGRES=postgres://ferrogw:$password@127.0.0.1:$tls/postgres"
            echo "export FERROGW_TEST_POSTGRES_PLAIN=postgres://ferrogw:$password@127.0.0.1:$plain/postgres"
        } >"$dir/exports"
    fi
    cat "$dir/exports"
}

stop() {
    [ -f "$dir/home" ] || return 0
    local home
    home=$(cat "$dir/home")
    for kind in tls plain; do
        if [ -d "$home/$kind/data" ]; then
            owned "$bin/pg_ctl" --pgdata "$home/$kind/data" --mode immediate --wait stop >/dev/null 2>&1 || true
        fi
    done
    case $home in
    */ferrogw-postgres.*) rm -rf "$home" ;;
    esac
    rm -f "$dir/home" "$dir/exports"
}

[ $# -eq 2 ] || usage
dir=$2
bin=$(binaries)
case $1 in
start) start ;;
stop) stop ;;
*) usage ;;
esac
