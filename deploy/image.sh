#!/bin/sh
# Inside deploy/Dockerfile's first stage: lays out the root file system of each image of PACKAGES under /image, from programs that are
# compiled here or, where BINARIES names a folder of the context, from those in it.
set -eu

target=$(uname -m)-unknown-linux-musl

compile() {
    export RUSTUP_TOOLCHAIN="${RUST_VERSION:-}" # the image's own, without the components that only developers need
    [ -n "$RUSTUP_TOOLCHAIN" ] || unset RUSTUP_TOOLCHAIN
    apt-get -qq update
    apt-get -qq install --no-install-recommends -y ca-certificates make musl-tools >/dev/null
    rustup target add "$target"
    case " $PACKAGES " in
    *" ferrogw-control-plane "* | *" ferrogw "*)
        # The dashboard is in these; npm has what makes it small.
        apt-get -qq install --no-install-recommends -y npm >/dev/null
        scripts/dashboard.sh
        ;;
    esac
    packages=
    for package in $PACKAGES; do packages="$packages -p $package"; done
    # shellcheck disable=SC2086 # one word per package
    cargo build --release --locked --target "$target" $packages
    BINARIES=target/$target/release
}

# The third parties' licence texts, each once, with the names of those that it is of.
notices() { # package
    registry=${CARGO_HOME:-$HOME/.cargo}/registry/src
    [ -d "$registry" ] || return 0
    cargo tree --locked --target "$target" -e normal --prefix none -f '{p}|{l}' -p "$1" | sort -u | while IFS='|' read -r package licence; do
        name=${package%% *}
        version=${package#* v}
        version=${version%% *}
        for folder in "$registry"/*/"$name-$version"; do
            [ -d "$folder" ] || continue
            echo "$name $version: $licence"
            find "$folder" -maxdepth 1 -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'notice*' \) | sort | while read -r text; do
                hash=$(sha256sum <"$text" | cut -c -16)
                echo "  text $hash"
                cp "$text" "/tmp/notices/$hash"
            done
        done
    done
    for text in /tmp/notices/*; do
        printf '\n---- text %s\n\n' "$(basename "$text")"
        cat "$text"
    done
}

# What a program that is not static asks for.
libraries() { # program, root
    ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
        mkdir -p "$2$(dirname "$library")"
        cp -L "$library" "$2$library"
    done
}

lay_out() { # package
    root=/image/$1
    mkdir -p "$root/usr/bin" "$root/etc/ssl/certs" "$root/usr/share/licenses/ferrogw"
    [ -f "$BINARIES/$1" ] || return 0
    cp "$BINARIES/$1" "$root/usr/bin/"
    libraries "$BINARIES/$1" "$root"
    [ ! -f /etc/ssl/certs/ca-certificates.crt ] || cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    echo 'ferrogw:x:65532:65532:ferrogw:/var/lib/ferrogw:/sbin/nologin' >"$root/etc/passwd"
    echo 'ferrogw:x:65532:' >"$root/etc/group"
    cp LICENSE "$root/usr/share/licenses/ferrogw/"
    if [ -n "${compiled:-}" ]; then
        rm -rf /tmp/notices && mkdir -p /tmp/notices
        notices "$1" >"$root/usr/share/licenses/ferrogw/THIRD-PARTY"
    fi
}

if [ -z "$BINARIES" ]; then
    compile
    compiled=yes
fi
mkdir -p /image/state/ferrogw
# All of them, since the classic builder builds every target on its way to the one that was asked for.
for package in ferrogw-data-plane ferrogw-control-plane ferrogw; do
    lay_out "$package"
done
