#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# sh bench/profile.sh [PEER]
# Where a call's user-space instructions go, by layer (yunhu, our client) or by function (any PEER of bench/peers.sh that
# is a native program); and its system calls. Installs what it needs (Debian 12 or 13) and builds; SETUP=no takes what is
# there. BUILD=DIR uses another build directory, CALLS=N sets the number of calls.
set -euf
cd "$(dirname "$0")/.."
. examples/setup.sh
. bench/server.sh

peer=${1:-yunhu} build=${BUILD:-build/bench} calls=${CALLS:-2000}
make_work_folder

set_up "peer-$peer" valgrind strace
start_server "$work"

run() {
    set -- "$build/bin/peer-$peer" --port "$server_port" --ca-file "$work/ca.pem" "$@"
    $under "$@"
}

under="valgrind --tool=callgrind --callgrind-out-file=$work/callgrind.out
    --zero-before=yunhu::bench::meter::begin* --dump-before=yunhu::bench::meter::end*"
run --connections 8 --calls "$calls" --warm-up 500 >/dev/null 2>"$work/log" || { cat "$work/log" >&2 && exit 1; }

echo "user-space instructions per call by layer, 8 connections, of $calls calls"
awk -v calls="$calls" -f bench/layers.awk "$work/callgrind.out.1"
echo
echo "the same by function, callees included (in all $calls calls)"
callgrind_annotate --inclusive=yes --threshold=100 "$work/callgrind.out.1" | grep '%)' | grep -v '???:0x' |
    sed 's/ \[\/[^]]*\]//; s/ \.\/[^:]*:/ /; s/???://' | cut -c 1-160 | sed -n '1,60p'
echo
echo "the same by function, callees excluded"
callgrind_annotate --threshold=100 "$work/callgrind.out.1" | grep '%)' | grep -v '(100.0%)' |
    sed 's/???://; s/ \[\/[^]]*\]//; s/^\( *[^ ]* *([^)]*)\) *\.\/[^:]*:/\1  /' | cut -c 1-160 | sed -n '1,40p'

echo
echo "system calls per call, 64 connections: the difference of $((calls * 6)) and $calls calls"
for n in "$calls" "$((calls * 6))"; do
    under="strace -f -c -o $work/strace.$n"
    run --connections 64 --calls "$n" --warm-up 0 >/dev/null
done
awk -v calls="$((calls * 5))" '
    FNR > 2 && $4 ~ /^[0-9]+$/ && $NF != "total" { if (FNR == NR) few[$NF] = $4; else many[$NF] = $4 }
    END { for (s in many) if (many[s] - few[s] > calls / 100) printf "%7.2f  %s\n", (many[s] - few[s]) / calls, s }' \
    "$work/strace.$calls" "$work/strace.$((calls * 6))" | sort -rn
