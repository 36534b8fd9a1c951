#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# refused.sh CXX INCLUDE_DIR: a call whose request is an aggregate does not compile, with a diagnostic; with a constructor it does.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
compile() {
    LC_ALL=C "$1" -std=c++20 -I"$2" -fsyntax-only $3 "$here/aggregate_parameter.cpp" 2>&1
}

output=$(compile "$1" "$2" -DWITH_CONSTRUCTOR) || { echo "$output"; echo "does not compile with a constructor"; exit 1; }
if output=$(compile "$1" "$2" ''); then
    echo "compiles although the request is an aggregate"
    exit 1
fi
echo "$output" | grep -F "an aggregate must not be a parameter of an awaited call" ||
    { echo "$output"; echo "the diagnostic is missing"; exit 1; }
