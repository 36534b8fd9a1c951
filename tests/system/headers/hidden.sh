#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# hidden.sh CXX INCLUDE_DIR HEADER...: fails when a header includes, directly or not, what the library hides.
set -eu
cxx=$1 include=$2
shift 2
hidden='/(boost/beast|boost/json|boost/asio/ssl|openssl|google/protobuf)([./]|$)|\.pb\.h$'

# The files that a header includes, one a line, as the compiler sees them.
included() {
    "$cxx" -std=c++20 -I"$include" -M -x c++ "$1" | tr -s ' \\' '\n\n' | grep '^/'
}

# What must be found is found: without this the test could pass by finding nothing at all.
for known in boost/beast/core.hpp boost/asio/ssl.hpp boost/json.hpp openssl/ssl.h google/protobuf/message_lite.h; do
    echo "#include <$known>" | "$cxx" -std=c++20 -M -x c++ - | tr -s ' \\' '\n\n' | grep -Eq "$hidden" ||
        { echo "the search does not see <$known>"; exit 1; }
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
[ $status -ne 0 ] || echo "$# headers, none includes what the library hides"
exit $status
