#!/usr/bin/env bash
# Packs programs that are built already into images, in seconds. What `docker compose build` makes is compiled in a container.
#
#   scripts/images.sh FOLDER [NAME …]     FOLDER such as target/release; NAME of ferrogw-data-plane, ferrogw-control-plane, ferrogw
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
for name in "$@"; do
    [[ -x $folder/$name ]] || { echo "images: $folder/$name is not built" >&2; exit 1; }
    strip --strip-debug -o "$context/bin/$name" "$folder/$name" 2>/dev/null || cp "$folder/$name" "$context/bin/$name"
done
for name in "$@"; do
    target=${name#ferrogw-}
    docker build --quiet --file deploy/Dockerfile --target "$target" --tag "$name:${FERROGW_TAG:-local}" \
        --build-arg BUILDER=debian:bookworm-slim --build-arg BINARIES=bin "$context" >"$context.log" 2>&1 || { cat "$context.log" >&2; exit 1; }
    echo "$name:${FERROGW_TAG:-local}"
done
