#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# pkg_config_outbox.sh PREFIX VERSION NAME CXX [FLAG...]: builds a program with the outbox outside the tree, with
# pkg-config alone, and runs it. NAME: yunhu-outbox or yunhu-outbox-postgres. The first is also linked with --static; what
# Debian's libpq would need for that is not part of libpq-dev.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=$1 version=$2 name=$3
shift 3
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name yunhu.pc)")
export PKG_CONFIG_PATH
[ "$(pkg-config --modversion "$name")" = "$version" ]
[ "$(pkg-config --modversion yunhu-outbox)" = "$version" ]
links='plain --static'
if [ "$name" != yunhu-outbox ]; then
    links=plain
    set -- "$@" -DWITH_POSTGRES
fi
# libpq is for those who ask for it.
case "$(pkg-config --libs yunhu-outbox)" in *-lpq*) echo "yunhu-outbox brings libpq" && exit 1 ;; esac
program=$(mktemp)
trap 'rm -f "$program"' EXIT
library_path=$(pkg-config --variable=libdir yunhu)
# Compiled once: only the links differ.
# shellcheck disable=SC2046: several words each
"$@" -std=c++20 -c "$here/outbox.cpp" $(pkg-config --cflags "$name") -o "$program.o"
trap 'rm -f "$program" "$program.o"' EXIT
for how in $links; do
    [ $how = --static ] || how=
    # shellcheck disable=SC2046,SC2086: several words each
    "$@" "$program.o" $(pkg-config --libs $how "$name") -o "$program"
    LD_LIBRARY_PATH=$library_path "$program"
done
