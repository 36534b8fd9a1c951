#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# kills.sh [TIMES]: kills an outbox's workers so often at named points, and as often at random; 100 by default. The same on
# PostgreSQL, with a fifth as many kills of the server and a tenth as many failovers to a synchronous standby, where its store is
# built; a fleet's workers half as often. The tests of ctest do a slice of it.
set -eu
cd "$(dirname "$0")/../../.."
cmake --preset release
cmake --build --preset release --target outbox_kill_tests fleet_kill_tests
times=${1:-100}
YUNHU_OUTBOX_KILLS=$times build/release/bin/outbox_kill_tests
YUNHU_FLEET_KILLS=$((times / 2)) build/release/bin/fleet_kill_tests
if cmake --build --preset release --target outbox_postgres_kill_tests; then
    YUNHU_OUTBOX_KILLS=$times build/release/bin/outbox_postgres_kill_tests
fi
