#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# sh bench/smoke.sh BUILD: runs each native peer in the build directory BUILD, then each script in this folder, for a few
# calls, and checks their output; that a peer detects a refusal; that no file and no process remains. Fails when a
# program is missing that a script needs; only the peers in other languages may be absent, and are named then.
set -euf
build=$(cd "${1:?the build directory}" && pwd)
bin=$build/bin
cd "$(dirname "$0")"
. ./server.sh

PATH=$PATH:/usr/sbin:/sbin
export PATH
for program in nginx openssl jq curl taskset setpriv valgrind strace; do
    command -v "$program" >/dev/null || { echo "$program is missing" >&2 && exit 1; }
done
make_work_folder

wrong() {
    echo "$*" >&2
    exit 1
}

start_server "$work"
server=$server_pid
for name in yunhu lower_bound beast_flat beast_loop beast_tcp_stream libcurl; do
    [ -x "$bin/peer-$name" ] || wrong "peer-$name was not built"
    "$bin/peer-$name" --port "$server_port" --ca-file "$work/ca.pem" --connections 3 --calls 50 --warm-up 10 \
        >"$work/line.json" || wrong "peer-$name failed"
    jq -e --arg name "$name" '.name == $name and .calls == 50 and .connections == 3 and .cpu_us_per_call > 0
        and .calls_per_second > 0 and .peak_rss_kb > 0' "$work/line.json" >/dev/null ||
        wrong "peer-$name printed: $(cat "$work/line.json")"
    # With any other CA the call must fail.
    if "$bin/peer-$name" --port "$server_port" --ca-file "$work/other.pem" --connections 1 --calls 1 --warm-up 0 \
        >"$work/line.json" 2>&1; then
        wrong "peer-$name accepts any certificate"
    fi
done

# A server that refuses with HTTP 404, and one that answers 200 with a code that is no success.
for refusing in 404 "200 '$(printf '\012\004\020\002\032\000')'"; do
    stop_server
    server_reply="return $refusing;"
    start_server "$work"
    for name in yunhu lower_bound beast_flat beast_loop beast_tcp_stream libcurl; do
        code=0
        timeout 60 "$bin/peer-$name" --port "$server_port" --ca-file "$work/ca.pem" --connections 1 --calls 1 \
            --warm-up 0 >"$work/line.json" 2>&1 || code=$?
        [ "$code" -eq 1 ] || wrong "peer-$name ends with $code instead of 1 after a refusal: $refusing"
    done
done
stop_server
server_reply=

# The scripts, with the programs of the build. They create their folders in ours, and must remove them.
export SETUP=no BUILD="$build" TMPDIR="$work/tmp"
mkdir "$TMPDIR"

sh peers.sh --calls 200 --connections 4 --rounds 2 --json "$work/rows.json" >"$work/table.txt" ||
    wrong "peers.sh failed"
cat "$work/table.txt"
jq -e '(map(.name) | sort) == (["yunhu", "lower_bound", "beast_flat", "beast_loop", "beast_tcp_stream", "libcurl", "go",
                                "undici"] | sort)
    and all(.[]; has("instructions_per_call")
        and if .absent then .name == "go" or .name == "undici" else .cpu_us_per_call > 0 and .ratio_to_ours > 0 end)
    and (map(select(.name == "yunhu"))[0].ratio_to_ours == 1)' "$work/rows.json" >/dev/null ||
    wrong "peers.sh: $(cat "$work/rows.json")"
for name in $(jq -r '.[].name' "$work/rows.json"); do
    grep -q "^$name " "$work/table.txt" || wrong "$name is not in the table"
done

PEERS="yunhu lower_bound" sh peers.sh --calls 10 --connections 1 --rounds 1 --instructions --json "$work/rows.json" \
    >/dev/null || wrong "peers.sh --instructions failed"
jq -e 'length == 2 and all(.[]; .instructions_per_call > 1000 and .instructions_ratio_to_ours > 0)' \
    "$work/rows.json" >/dev/null || wrong "peers.sh --instructions: $(cat "$work/rows.json")"

sh figures.sh --trial --no-notes --json "$work/figures.json" || wrong "figures.sh failed"
jq -e 'length > 15 and all(.[]; .value >= 0 and (.ratio == null or .ratio > 0))
    and (map(select(.name == "heap allocations per call"))[0].value > 0)' "$work/figures.json" >/dev/null ||
    wrong "yunhu-figures printed: $(cat "$work/figures.json")"
CALLS=5 sh figures.sh --instructions >"$work/out" || wrong "figures.sh --instructions failed"
grep -Eq '[0-9]{4,} / [0-9]{4,} = [0-9]' "$work/out" || wrong "figures.sh --instructions: $(cat "$work/out")"

CALLS=300 sh profile.sh >"$work/out" || wrong "profile.sh failed"
for part in 'TLS (OpenSSL)' 'TLS (our side)' '  transport' '  endpoints' '  runtime' '  http' '100.0 %  all' 'recvfrom'; do
    grep -qF "$part" "$work/out" || wrong "profile.sh does not print $part: $(cat "$work/out")"
done

sh transfers.sh --trial >"$work/out" || wrong "transfers.sh failed"
grep -Eq '^up / curl with md5sum: +[0-9.]+$' "$work/out" || wrong "transfers.sh: $(cat "$work/out")"

if ls "$TMPDIR" | grep -E '^(tmp\.|yunhu-transfers)'; then # what node and npm keep there is theirs
    wrong "a script does not remove its folder"
fi
if kill -0 "$server" 2>/dev/null; then
    wrong "nginx is still running"
fi
