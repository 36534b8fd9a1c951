# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# Sourced by the scripts that do their own set-up on a bare Debian 12 or 13. POSIX sh.

# What building the library, its programs and its tests needs; prints the packages' names.
build_packages() {
    case "$(. /etc/os-release && echo "${ID:-}${VERSION_ID:-}")" in
    debian12) boost=1.81 ;;
    debian13) if is_installed libboost1.83-dev; then boost=1.83; else boost=1.88; fi ;;
    *)
        echo "not Debian 12 or 13: nothing is installed; README.md says what is needed" >&2
        return 0
        ;;
    esac
    echo g++ cmake ninja-build "libboost$boost-dev" "libboost-json$boost-dev" "libboost-url$boost-dev" \
        libssl-dev libprotobuf-dev protobuf-compiler libcli11-dev libsqlite3-dev libpq-dev pkg-config libgtest-dev libgmock-dev \
        ca-certificates
}

# What running the tests needs besides.
test_packages() {
    # Debian 13's libcrypto.pc asks for -lzstd in a static link, and libssl-dev does not bring it.
    # curl and the Python packages are clients of the emulator; tinyproxy is a proxy and nginx a server that others wrote.
    # libpng is what the example picture_bot transforms pictures with; without it that is not built.
    echo time zsh pkg-config dpkg-dev file python3 doxygen tinyproxy-bin zlib1g-dev libzstd-dev \
        curl nginx-light libpng-dev python3-httpx python3-protobuf python3-websockets python3-yaml postgresql
}

is_installed() {
    dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -q '^installed$'
}

# install_missing PACKAGE...: installs what is not there, without questions; touches nothing when all is there.
install_missing() {
    missing=
    for package in "$@"; do
        is_installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -eq 0 ]; then as_root=; else as_root=sudo; fi
    echo "installing:$missing"
    $as_root apt-get update -q
    # The tests make servers of their own: none is started for the system.
    case "$missing " in *" postgresql "*)
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql-common
        $as_root sed -i 's/^#* *create_main_cluster .*/create_main_cluster = false/' \
            /etc/postgresql-common/createcluster.conf ;;
    esac
    # Never at the price of a package that somebody uses, such as another Boost.
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends --no-remove $missing
}
