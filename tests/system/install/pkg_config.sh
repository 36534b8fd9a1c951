#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# pkg_config.sh PREFIX VERSION CXX [FLAG...]: builds a program outside the tree with pkg-config alone, linked with
# and without --static, and runs it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=$1 version=$2
shift 2
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name yunhu.pc)")
export PKG_CONFIG_PATH
[ "$(pkg-config --modversion yunhu)" = "$version" ]
[ "$(pkg-config --modversion yunhu-testing)" = "$version" ]
program=$(mktemp)
trap 'rm -f "$program"' EXIT
library_path=$(pkg-config --variable=libdir yunhu)
for how in '' --static; do
    # shellcheck disable=SC2046,SC2086: several words each
    "$@" -std=c++20 "$here/main.cpp" $(pkg-config --cflags --libs $how yunhu-testing) -o "$program"
    LD_LIBRARY_PATH=$library_path "$program"
done
