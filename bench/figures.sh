#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# sh bench/figures.sh [--instructions] [OPTION...]
# Figures of our client that the table of peers can't show: allocations, memory, handshakes, decoding, latency, shards.
# --instructions: only a reconnect's, counted by callgrind. Options as `yunhu-figures --help` says: --only NAME...,
# --json FILE, --trial. Installs what it needs (Debian 12 or 13) and builds; SETUP=no takes what is there. BUILD=DIR uses
# another build directory, CALLS=N counts instructions over so many reconnects.
set -euf
cd "$(dirname "$0")/.."
. examples/setup.sh
. bench/server.sh

build=${BUILD:-build/bench} calls=${CALLS:-100}
make_work_folder

# Of a reconnect and the call that needs it, at the port PORT.
instructions_at() {
    valgrind --tool=callgrind --callgrind-out-file="$work/callgrind.out" \
        --zero-before='yunhu::bench::meter::begin*' --dump-before='yunhu::bench::meter::end*' \
        "$build/bin/peer-yunhu" --port "$1" --ca-file "$work/ca.pem" --closing --connections 1 --calls $((calls + 1)) \
        --warm-up 20 >/dev/null 2>"$work/callgrind.log" || { cat "$work/callgrind.log" >&2 && return 1; }
    echo $(($(sed -n 's/^summary: //p; s/^totals: //p' "$work/callgrind.out.1" | tail -n 1) / calls))
}

if [ "${1:-}" = --instructions ]; then set_up peer-yunhu valgrind; else set_up yunhu-figures; fi
start_server "$work"
if [ "${1:-}" = --instructions ]; then
    resumed=$(instructions_at "$server_close_port")
    full=$(instructions_at "$server_full_port")
    echo "reconnect with TLS resumption / with a full handshake, user-space instructions: $resumed / $full =" \
        "$(awk "BEGIN { printf \"%.2f\", $resumed / $full }")"
    exit 0
fi
worker=$(cat "/proc/$server_pid/task/$server_pid/children" 2>/dev/null || echo 0)
$on_client_core setpriv --pdeathsig KILL "$build/bin/yunhu-figures" --port "$server_port" \
    --closing-port "$server_close_port" --closing-full-port "$server_full_port" --ca-file "$work/ca.pem" \
    --server-pid "$((worker))" "$@"
