#!/usr/bin/env bash
# Packs programs that are built already into images, in seconds. What `docker compose build` makes is compiled in a container.
#
#   scripts/images.sh FOLDER [NAME …]     FOLDER such as target/release; NAME of ferrogw-data-plane, ferrogw-control-plane, ferrogw,
#                                         and ferrogw-gateway, the balancer, which has no program of ours
#
# The images are called NAME:TAG, TAG from FERROGW_TAG (local). The programs run on Debian 12's C library or a static one.
set -euo pipefail
cd "$(dirname "$0")/.."

(($# >= 1)) || { echo "usage: scripts/images.sh FOLDER [NAME …]" >&2; exit 1; }
folder=$1
shift
(($#)) || set -- ferrogw-data-plane ferrogw-control-plane ferrogw

context=$(mktemp -d "${TMPDIR:-/tmp}/ferrogw-images.XXXXXX")
trap 'rm -rf "$context" "$context.log"' EXIT
mkdir -p "$context/bin" "$context/deploy"
cp LICENSE "$context/"
cp deploy/image.sh "$context/deploy/"

build() { # name, arguments …
    local image=$1:${FERROGW_TAG:-local}
    shift
    docker build --tag "$image" "$@" >"$context.log" 2>&1 || { cat "$context.log" >&2; exit 1; }
    echo "$image"
}

for name in "$@"; do
    [[ $name != ferrogw-gateway ]] || continue
    [[ -x $folder/$name ]] || { echo "images: $folder/$name is not built" >&2; exit 1; }
    strip --strip-debug -o "$context/bin/$name" "$folder/$name" 2>/dev/null || cp "$folder/$name" "$context/bin/$name"
done
for name in "$@"; do
    if [[ $name == ferrogw-gateway ]]; then
        build "$name" deploy/gateway
    else
        build "$name" --file "$PWD/deploy/Dockerfile" --target "${name#ferrogw-}" \
            --build-arg BUILDER=debian:bookworm-slim --build-arg BINARIES=bin "$context"
    fi
done
