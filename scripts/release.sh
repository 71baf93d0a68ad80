#!/usr/bin/env bash
# What has to hold before a release, and a release packed for a look. Publishes nothing.
#
#   scripts/release.sh committed|check|pack VERSION
set -euo pipefail
cd "$(dirname "$0")/.."

verb=$1 version=$2
binaries=(ferrogw ferrogw-control-plane ferrogw-data-plane ferrogw-cli)

fail() {
    echo "release: $*" >&2
    exit 1
}

committed() {
    [[ -z $(git status --porcelain) ]] || fail "there are changes that are not committed"
}

check() {
    grep -qF "## [$version]" CHANGELOG.md || fail "CHANGELOG.md has no entry for $version"
    for binary in "${binaries[@]}"; do
        local said
        said=$("target/release/$binary" --version) || fail "target/release/$binary does not start"
        [[ $said == *" $version" ]] || fail "$binary says \`$said\`, Cargo.toml says $version"
    done
    committed
    echo "release: $version is ready"
}

pack() {
    local target name folder
    target=$(rustc -vV | sed -n 's/^host: //p')
    name=ferrogw-$version-$target
    folder=target/release-dry-run
    rm -rf "$folder"
    mkdir -p "$folder/$name"
    for binary in "${binaries[@]}"; do
        install -m 755 "target/release/$binary" "$folder/$name/"
    done
    install -m 644 LICENSE README.md CHANGELOG.md config.example.yaml "$folder/$name/"
    # The same sources make the same archive: fixed order, owner and time.
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" \
        -C "$folder" -c "$name" | gzip -n >"$folder/$name.tar.gz"
    (cd "$folder" && sha256sum "$name.tar.gz" "$name"/ferrogw* >SHA256SUMS)
    echo "release: packed, and published nowhere:"
    ls -l "$folder/$name.tar.gz" "$folder/SHA256SUMS"
}

case $verb in
committed) committed ;;
check) check ;;
pack) pack ;;
*) fail "unknown verb $verb; it is \`committed\`, \`check\` or \`pack\`" ;;
esac
