#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# hidden.sh CXX INCLUDE_DIR HEADER...: fails when a header includes, directly or not, a library that must be hidden.
set -eu
cxx=$1 include=$2
shift 2
hidden='/(boost/beast|boost/json|boost/asio/ssl|openssl|google/protobuf)([./]|$)|\.pb\.h$'

# The files that a header includes, one per line, according to the compiler.
included() {
    "$cxx" -std=c++20 -I"$include" -M -x c++ "$1" | tr -s ' \\' '\n\n' | grep '^/'
}

# The search must find known headers: otherwise the test could pass with a broken search.
for known in boost/beast/core.hpp boost/asio/ssl.hpp boost/json.hpp openssl/ssl.h google/protobuf/message_lite.h; do
    echo "#include <$known>" | "$cxx" -std=c++20 -M -x c++ - | tr -s ' \\' '\n\n' | grep -Eq "$hidden" ||
        { echo "the search does not find <$known>"; exit 1; }
done

status=0
for header in "$@"; do
    files=$(included "$header")
    echo "$files" | grep -q "/$(basename "$header")\$" || { echo "$header: its includes can't be read"; exit 1; }
    if found=$(echo "$files" | grep -E "$hidden"); then
        echo "$header includes"
        echo "$found" | head -n 5
        status=1
    fi
done
[ $status -ne 0 ] || echo "$# headers, none includes a hidden library"
exit $status
