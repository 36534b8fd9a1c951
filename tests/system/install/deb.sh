#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# deb.sh BUILD_DIR FOLDER VERSION: makes Debian packages of the build, checks them, and unpacks them into
# FOLDER/root. tests/bare.sh, which needs root, checks that they install on a bare Debian.
set -eu
build=$1 folder=$2 version=$3
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
cpack --config "$build/CPackConfig.cmake" -G DEB -B "$folder" -D CPACK_DEBIAN_COMPRESSION_TYPE=none
for package in libyunhu-dev yunhu; do
    set -- "$package"_"$version"_*.deb
    [ $# -eq 1 ] && [ -f "$1" ] || { echo "no single $package of $version" && exit 1; }
    dpkg-deb --info "$1"
    dpkg-deb --extract "$1" root
    for file in copyright changelog.gz; do
        [ -s "root/usr/share/doc/$package/$file" ] || { echo "$package has no $file" && exit 1; }
    done
done
depends() { dpkg-deb --field "$1"_*.deb Depends | tr ',' '\n' | sed 's/^ *//; s/ (.*//' ; }
for wanted in 'libboost1\.[0-9]*-dev' 'libboost-json1\.[0-9]*-dev' 'libboost-url1\.[0-9]*-dev' libssl-dev libprotobuf-dev; do
    depends libyunhu-dev | grep -qx "$wanted" || { echo "libyunhu-dev does not depend on $wanted" && exit 1; }
done
for wanted in libc6 libstdc++6 'libssl3.*' 'libprotobuf-lite[0-9a-z]*' 'libboost-json1\.[0-9.]*' ca-certificates; do
    depends yunhu | grep -qx "$wanted" || { echo "yunhu does not depend on $wanted" && exit 1; }
done
cmp root/usr/share/doc/yunhu/copyright root/usr/share/doc/libyunhu-dev/copyright
[ "$(root/usr/bin/yunhu --version)" = "$version" ]
