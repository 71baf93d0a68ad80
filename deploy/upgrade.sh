#!/usr/bin/env bash
# Puts new images into a running composition without an interruption: the control plane first, which understands older workers, then
# one worker after the other, each only when its successor is ready. Build or pull the images before. The balancer stays: a newer image
# of it takes `docker compose up --detach --no-deps gateway`, which breaks what is under way.
#
#   docker compose build && deploy/upgrade.sh
#
# COMPOSE is the Compose program with its options (`docker compose`), FERROGW_TAG the new images' tag.
set -euo pipefail
cd "$(dirname "$0")/.."

read -ra compose <<<"${COMPOSE:-docker compose}"

workers() { "${compose[@]}" ps -q data-plane; }

await_healthy() { # container
    local state
    for _ in $(seq 120); do
        state=$(docker inspect --format '{{.State.Health.Status}}' "$1") || return 1
        [[ $state != healthy ]] || return 0
        sleep 1
    done
    echo "upgrade: container $1 is $state after two minutes. Nothing more was replaced." >&2
    return 1
}

grow() { # number of workers
    "${compose[@]}" up -d --no-build --no-deps --no-recreate --scale "data-plane=$1" data-plane
}

"${compose[@]}" up -d --no-build --no-deps control-plane
await_healthy "$("${compose[@]}" ps -q control-plane)" || exit 1

mapfile -t old < <(workers)
for worker in "${old[@]}"; do
    mapfile -t before < <(workers)
    grow $((${#old[@]} + 1))
    successor=$(comm -13 <(printf '%s\n' "${before[@]}" | sort) <(workers | sort))
    await_healthy "$successor" || {
        # Left there, it would be taken for an old one by the next try.
        docker logs --tail 20 "$successor" >&2 || true
        docker rm --force "$successor" >/dev/null || true
        exit 1
    }
    docker stop --time 30 "$worker" >/dev/null
    docker rm "$worker" >/dev/null
    echo "upgrade: ${worker:0:12} was replaced by ${successor:0:12}"
done
