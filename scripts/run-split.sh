#!/usr/bin/env bash
# The split deployment on this machine: a control plane on a throw-away PostgreSQL, and two workers. Ctrl-C ends all of it.
#
#   PORT (8080) and the next that the control plane has not are the workers'; FERROGW_ADMIN_ADDR and FERROGW_GRPC_ADDR its own.
#   What providers are reached with (credentials, OLLAMA_HOST …) is taken from the environment; without any, the demo provider answers.
set -euo pipefail
cd "$(dirname "$0")/.."

port=${PORT:-8080}
admin=${FERROGW_ADMIN_ADDR:-127.0.0.1:8081}
grpc=${FERROGW_GRPC_ADDR:-127.0.0.1:50051}
run=.run/split
second=$((port + 1))
# The control plane's usual address is beside the first worker's.
[[ $admin == *":$second" ]] && second=$((port + 2))
children=()

finish() {
    trap - EXIT INT TERM
    ((${#children[@]})) && kill -TERM "${children[@]}" 2>/dev/null
    wait
    tests/setup/postgres.sh stop "$run/postgres"
    rm -rf "$run"
}

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# Waits until an address answers with success, as long as all children live.
await() { # what, url, curl's arguments …
    local what=$1 url=$2
    shift 2
    for _ in $(seq 300); do
        curl --silent --fail --output /dev/null --max-time 2 "$@" "$url" && return 0
        for child in "${children[@]}"; do
            kill -0 "$child" 2>/dev/null || { echo "run-split: a process ended; the ends of the logs follow" >&2; tail -n 5 "$run"/*.log >&2; exit 1; }
        done
        sleep 0.1
    done
    echo "run-split: $what does not answer at $url; the ends of the logs follow" >&2
    tail -n 5 "$run"/*.log >&2
    exit 1
}

start() { # name, command with its environment …
    local name=$1
    shift
    env "$@" </dev/null >"$run/$name.log" 2>&1 &
    children+=($!)
}

admin_call() { # method, path, body
    curl --silent --show-error --fail-with-body --request "$1" --header "Authorization: Bearer $master" \
        --header 'Content-Type: application/json' --data "$3" "http://$admin$2"
}

# A model to try, of those for conversation that a worker lists: one that the catalog has for a first try, if there is one.
first_model() { # url
    local listed
    listed=$(curl --silent --show-error --fail --header "Authorization: Bearer $key" "$1/v1/models" | grep -o '{[^{}]*}' |
        grep -v '"mode":"\(embedding\|other\)"' | sed -n 's/.*"id":"\([^"]*\)".*/\1/p') || return 0
    sed -n 's/^first_model = "\(.*\)"$/\1/p' config/catalog/*.toml | grep -m 1 -Fxf <(echo "$listed") || echo "${listed%%$'\n'*}"
}

scripts/deps.sh split
[[ -x target/quick/ferrogw-data-plane ]] ||
    echo "Building the two planes for the first time. That takes about a quarter of an hour on two cores; later starts take seconds."
# Without the page the control plane is whole but for what a browser shows.
scripts/dashboard.sh >&2 || echo "The dashboard could not be built; the control plane starts without it." >&2
cargo build --profile quick -p ferrogw-control-plane -p ferrogw-data-plane

trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$run"
chmod 700 "$run"
exports=$(tests/setup/postgres.sh start "$run/postgres")
eval "$exports"
dsn="$FERROGW_TEST_POSTGRES?sslmode=require"
master=$(random)
token=$(random)

start control-plane MASTER_KEY="$master" FERROGW_JOIN_TOKEN="$token" FERROGW_ADMIN_ADDR="$admin" FERROGW_GRPC_ADDR="$grpc" \
    FERROGW_DATA_DIR="$run/control-plane" FERROGW_GENERATE_CONFIG=true \
    CONFIG_STORE_BACKEND=postgres CONFIG_STORE_DSN="$dsn" API_KEY_STORE_BACKEND=postgres API_KEY_STORE_DSN="$dsn" \
    REQUEST_LOG_STORE_BACKEND=postgres REQUEST_LOG_STORE_DSN="$dsn" target/quick/ferrogw-control-plane
await "the control plane" "http://$admin/admin/config/history" --header "Authorization: Bearer $master"

key=$(admin_call POST /admin/keys '{"name":"run-split","scopes":["inference"]}' | grep -o 'sk-ferro-[A-Za-z0-9]*')

for worker in "$port" "$second"; do
    start "worker-$worker" PORT="$worker" FERROGW_CONTROL_PLANE="http://$grpc" FERROGW_JOIN_TOKEN="$token" \
        FERROGW_DATA_DIR="$run/worker-$worker" target/quick/ferrogw-data-plane
done
for worker in "$port" "$second"; do
    await "the worker" "http://127.0.0.1:$worker/readyz"
done

model=$(first_model "http://127.0.0.1:$second")
cat <<TEXT

  control plane   http://$admin/admin     (gRPC on $grpc, PostgreSQL with TLS behind it)
  dashboard       http://$admin/dashboard     (sign in with the admin key)
  workers         http://127.0.0.1:$port/v1   http://127.0.0.1:$second/v1
  admin key       $master
  inference key   $key
  logs            $run/*.log

TEXT
# Where a configuration lets every name through, none is listed.
[[ -z $model ]] || cat <<TEXT
curl -s http://127.0.0.1:$second/v1/chat/completions -H 'Authorization: Bearer $key' -H 'Content-Type: application/json' -d '{"model":"$model","messages":[{"role":"user","content":"Say hello"}]}'

TEXT
echo "Ctrl-C ends all of it and removes its data."
# Until Ctrl-C, or until one of them ends, which is worth to be told.
wait -n || true
echo "run-split: a process ended; the ends of the logs follow" >&2
tail -n 5 "$run"/*.log >&2
exit 1
