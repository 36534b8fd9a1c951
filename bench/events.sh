#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# sh bench/events.sh [--instructions]
# Events of the push gateway: per second by an inbox and by a hand-written Beast loop (which does not reconnect, sort or
# remove duplicates), interleaved, three rounds; the delay from the server to the handler at 5,000 a second; the memory
# of an idle account. --instructions: also user-space instructions per event, by callgrind: the difference of two runs.
# Needs a build with -DYUNHU_BUILD_BENCH=ON: BUILD=DIR (default build/bench).
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build/bench}
work=$(mktemp -d)
trap 'exec 9>&-; rm -rf "$work"' EXIT
mkfifo "$work/in"

# serve OPTION...: starts the server, and sets port.
serve() {
    rm -f "$work/out"
    "$build/bin/events_server" --ca-file "$work/ca.pem" "$@" <"$work/in" >"$work/out" &
    exec 9>"$work/in"
    until [ -s "$work/out" ]; do sleep 0.1; done
    port=$(cat "$work/out")
}
end() { exec 9>&- && wait; }
# take PROGRAM EVENTS [UNDER...]: one run of it.
take() {
    program=$1 events=$2
    shift 2
    serve --events "$events"
    "$@" "$build/bin/events_$program" --port "$port" --ca-file "$work/ca.pem" --events "$events"
    end
}
instructions() { # instructions PROGRAM EVENTS
    take "$1" "$2" valgrind --tool=callgrind --callgrind-out-file="$work/callgrind" >/dev/null 2>"$work/valgrind"
    sed -n 's/.*Collected : *//p' "$work/valgrind"
}

for round in 1 2 3; do
    for program in inbox beast; do
        printf '%s %s: ' "$round" "$program"
        take "$program" 100000
    done
done
printf 'at 5,000 a second: '
serve --events 25000 --rate 5000
"$build/bin/events_inbox" --port "$port" --ca-file "$work/ca.pem" --events 25000
end
serve --accounts "${ACCOUNTS:-1000}"
"$build/bin/events_inbox" --port "$port" --ca-file "$work/ca.pem" --accounts "${ACCOUNTS:-1000}"
end
if [ "${1:-}" = --instructions ]; then
    for program in inbox beast; do
        few=$(instructions "$program" 2000)
        many=$(instructions "$program" 12000)
        each=$(((many - few) / 10000))
        eval "$program=$each"
        echo "instructions per event, $program: $each"
    done
    echo "inbox / beast: $((inbox * 100 / beast)) %"
fi
