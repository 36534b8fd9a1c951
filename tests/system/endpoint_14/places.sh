#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# places.sh: endpoint_14.patch is one change in each of five files.
set -eu
cd "$(dirname "$0")"
cat > "${TMPDIR:-/tmp}/places.$$" <<END
include/yunhu/client.hpp
include/yunhu/requests.hpp
proto/yunhu/msg.proto
src/endpoints/schema.hpp
tests/endpoints/golden_test.cpp
END
trap 'rm -f "${TMPDIR:-/tmp}/places.$$"' EXIT
sed -n 's|^+++ b/||p' endpoint_14.patch | sort | diff "${TMPDIR:-/tmp}/places.$$" -
hunks=$(grep -c '^@@' endpoint_14.patch)
[ "$hunks" -eq 5 ] || { echo "$hunks places, not 5"; exit 1; }
echo "5 places"
