#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0
#
# shared.sh BUILD_DIR FOLDER INCLUDE_DIR VERSION CXX CMAKE_OPTION...: installs the shared libraries that were built in
# BUILD_DIR, checks their exported names, and builds and runs a program with them, by CMake and by pkg-config.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$1 folder=$2 include=$3 version=$4 cxx=$5
shift 5
rm -rf "$folder"
cmake --install "$build" --prefix "$folder/prefix"
set -- "$@" "-DCMAKE_PREFIX_PATH=$folder/prefix"
library=$(find "$folder/prefix" -name libyunhu.so)
[ -n "$library" ] && [ -z "$(find "$folder/prefix" -name '*.a')" ] || { echo "no shared library was installed" && exit 1; }
sh "$here/exported.sh" "$include" "$library" "${library%.so}_testing.so"
sh "$here/consume.sh" "$here/installed" "$folder/build" "$@"
sh "$here/pkg_config.sh" "$folder/prefix" "$version" "$cxx"
