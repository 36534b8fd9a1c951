#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# sh bench/peers.sh [--connections N] [--calls N] [--rounds N] [--ids] [--instructions] [--json FILE]
# Compares our client with other HTTPS clients: the same calls to one local nginx, interleaved, several rounds; prints a
# table of medians. --ids: each response has another header section, as from servers that number their responses. --instructions: also
# user-space instructions per call, by callgrind, at 8 connections. Installs what it needs (Debian 12 or 13) and builds;
# SETUP=no takes what is there. PEERS="yunhu lower_bound" runs these only; BUILD=DIR uses another build directory.
set -euf
cd "$(dirname "$0")/.."
. examples/setup.sh
. bench/server.sh

connections=64 calls=100000 rounds=5 ids= instructions= json=
while [ $# -gt 0 ]; do
    case $1 in
    --connections) connections=${2:?--connections needs a number} && shift 2 ;;
    --calls) calls=${2:?--calls needs a number} && shift 2 ;;
    --rounds) rounds=${2:?--rounds needs a number} && shift 2 ;;
    --ids) ids=1 && shift ;;
    --instructions) instructions=1 && shift ;;
    --json) json=${2:?--json needs a file} && shift 2 ;;
    *) sed -n '5,9s/^# //p' "$0" >&2 && exit 2 ;;
    esac
done
case $connections:$calls:$rounds in *[!0-9:]* | 0:* | *:0:* | *:0) echo "numbers above 0, please" >&2 && exit 2 ;; esac

build=${BUILD:-build/bench}
wanted=${PEERS:-yunhu lower_bound beast_flat beast_loop beast_tcp_stream libcurl go undici}
make_work_folder

is_wanted() { case " $wanted " in *" $1 "*) ;; *) return 1 ;; esac; }

# absent NAME REASON: a peer that can't run stays in the table.
absent() {
    jq -n --arg name "$1" --arg why "$2" '{name: $name, absent: $why}' >>"$work/absent.json"
    missing_peers="$missing_peers $1 "
    echo "$1 is not there: $2" >&2
}

install_optional() {
    is_wanted libcurl && install_missing libcurl4-openssl-dev
    if is_wanted go; then
        command -v go >/dev/null || install_missing golang-go
        install_missing golang-google-protobuf-dev protoc-gen-go
    fi
    if is_wanted undici && ! command -v npm >/dev/null; then install_missing nodejs npm; fi
    if [ -n "$instructions" ] && ! command -v valgrind >/dev/null; then install_missing valgrind; fi
}

# With Debian's packages only: GOPATH, no modules, no network.
build_go() {
    command -v go >/dev/null || { absent go "no Go here (package golang-go)" && return 0; }
    mkdir -p "$work/go/src/peer/wire"
    cp bench/peers/go/main.go "$work/go/src/peer"
    if ! protoc -I "$work" --go_out="$work/go/src" --go_opt=Mmsg.proto=peer/wire msg.proto 2>"$work/go.log"; then
        absent go "no protobuf for Go here (package protoc-gen-go): $(tail -n 1 "$work/go.log")"
    elif ! GO111MODULE=off GOPATH="$work/go:/usr/share/gocode" go build -o "$work/peer-go" peer 2>"$work/go.log"; then
        absent go "it does not build (package golang-google-protobuf-dev): $(tail -n 1 "$work/go.log")"
    fi
}

build_undici() {
    command -v npm >/dev/null || { absent undici "no npm here (packages nodejs, npm)" && return 0; }
    mkdir "$work/undici"
    for file in main.js package.json package-lock.json; do cp "bench/peers/undici/$file" "$work/undici"; done
    if ! (cd "$work/undici" && npm ci --ignore-scripts --silent --no-audit --no-fund) >"$work/npm.log" 2>&1; then
        absent undici "npm can't fetch it: $(tail -n 1 "$work/npm.log")"
    fi
}

# run NAME CONNECTIONS CALLS WARM_UP [UNDER...]: one run of one peer; prints its line of JSON.
run() {
    name=$1
    set -- --port "$server_port" --ca-file "$work/ca.pem" --connections "$2" --calls "$3" --warm-up "$4"
    case $name in
    go) set -- "$work/peer-go" "$@" --user-agent "$agent" ;;
    undici) set -- node "$work/undici/main.js" "$@" --user-agent "$agent" --proto "$work/msg.proto" ;;
    *) set -- $under "$build/bin/peer-$name" "$@" ;;
    esac
    GOMAXPROCS=1 $on_client_core setpriv --pdeathsig KILL "$@"
}

# Of CALLS calls after a warm-up, when all connections are open: from meter::begin to meter::end.
instructions_of() {
    rm -f "$work/callgrind.out" "$work/callgrind.out.1"
    under="valgrind --tool=callgrind --callgrind-out-file=$work/callgrind.out
        --zero-before=yunhu::bench::meter::begin* --dump-before=yunhu::bench::meter::end*"
    run "$1" 8 "$2" 500 >/dev/null 2>"$work/callgrind.log" || { cat "$work/callgrind.log" >&2 && return 1; }
    under=
    sed -n 's/^summary: //p; s/^totals: //p' "$work/callgrind.out.1" | tail -n 1
}

count_instructions() {
    for name in $present; do
        case $name in
        go | undici)
            echo "$name: its instructions are not measured (a JIT or a runtime of its own under valgrind)" >&2
            continue
            ;;
        esac
        short=$(instructions_of "$name" 500)
        long=$(instructions_of "$name" 1500)
        jq -n --arg name "$name" --argjson n "$(((long - short) / 1000))" '{name: $name, instructions: $n}' \
            >>"$work/instructions.json"
    done
}

under= missing_peers=
[ "${SETUP:-}" = no ] || install_optional || true
set_up yunhu_peers jq
server_ids=$ids
start_server "$work"
agent=yunhu-cpp/$(sed -n 's/.* version = "\(.*\)".*/\1/p' include/yunhu/version.hpp)
# As the API has it: its texts are strings. (Ours are `bytes`, so that one bad text can't spoil a page.)
sed 's/\bbytes\b/string/' proto/yunhu/msg.proto >"$work/msg.proto"
is_wanted go && build_go
is_wanted undici && build_undici
is_wanted libcurl && [ ! -x "$build/bin/peer-libcurl" ] && absent libcurl "no libcurl to build it with"
touch "$work/absent.json" "$work/runs.json" "$work/instructions.json"
present=
for name in $wanted; do
    case $missing_peers in *" $name "*) ;; *) present="$present $name" ;; esac
done

round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    for name in $present; do
        echo "round $round of $rounds: $name" >&2
        if ! run "$name" "$connections" "$calls" $((connections * 150)) >"$work/line" 2>"$work/run.log"; then
            cat "$work/run.log" >&2
            echo "$name failed" >&2
            exit 1
        fi
        cat "$work/line" >>"$work/runs.json"
    done
done
[ -z "$instructions" ] || count_instructions

jq -n --slurpfile runs "$work/runs.json" --slurpfile absent "$work/absent.json" \
    --slurpfile counted "$work/instructions.json" -f bench/peers/rows.jq >"$work/rows.json"
[ -z "$json" ] || cp "$work/rows.json" "$json"
echo
echo "$calls calls over $connections connections, TLS 1.3, medians of $rounds rounds${ids:+, each response with its own id}; \
the server is $(nginx -v 2>&1 | sed 's/.*: //'), one worker${on_server_core:+ on a core of its own}"
jq -r -f bench/peers/table.jq "$work/rows.json"
