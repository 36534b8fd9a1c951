#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# consume.sh SOURCE BUILD_DIR CMAKE_OPTION...: builds a project that uses the library, and runs it.
set -eu
source=$1 build=$2
shift 2
rm -rf "$build"
cmake -S "$source" -B "$build" "$@"
cmake --build "$build"
"$build/consumer"
