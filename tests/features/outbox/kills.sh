#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# kills.sh [TIMES]: kills an outbox's workers so often at named points, and as often at random; 100 by default. The tests
# of ctest do a slice of it.
set -eu
cd "$(dirname "$0")/../../.."
cmake --preset release
cmake --build --preset release --target outbox_kill_tests
YUNHU_OUTBOX_KILLS="${1:-100}" exec build/release/bin/outbox_kill_tests
