#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# bot_test.sh SOURCE BUILD_DIR CMAKE_OPTION...: builds the example of a bot as a separate project, and runs its test.
set -eu
source=$1 build=$2
shift 2
rm -rf "$build"
cmake -S "$source" -B "$build" "$@"
cmake --build "$build"
ctest --test-dir "$build" --output-on-failure --no-tests=error
