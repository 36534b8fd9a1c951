#!/bin/sh
# sh bench/smoke.sh BIN: runs each native peer in the folder BIN, and yunhu-figures, for a few calls, and checks what
# they print; that a peer notices a refusal; that nothing is left behind. Exit code 77: there is no nginx, openssl or jq.
set -euf
bin=$(cd "${1:?the folder of the programs}" && pwd)
cd "$(dirname "$0")"
. ./server.sh

PATH=$PATH:/usr/sbin:/sbin
for program in nginx openssl jq taskset setpriv; do
    command -v "$program" >/dev/null || { echo "$program is not here" && exit 77; }
done
make_work_folder

wrong() {
    echo "$*" >&2
    exit 1
}

start_server "$work"
server=$server_pid
for name in yunhu floor beast_flat beast_loop beast_tcp_stream libcurl; do
    if [ ! -x "$bin/peer-$name" ]; then
        [ "$name" = libcurl ] && echo "peer-libcurl was not built" && continue
        wrong "peer-$name was not built"
    fi
    "$bin/peer-$name" --port "$server_port" --ca-file "$work/ca.pem" --connections 3 --calls 50 --warm-up 10 \
        >"$work/line.json" || wrong "peer-$name failed"
    jq -e --arg name "$name" '.name == $name and .calls == 50 and .connections == 3 and .cpu_us_per_call > 0
        and .calls_per_second > 0 and .peak_rss_kb > 0' "$work/line.json" >/dev/null ||
        wrong "peer-$name printed: $(cat "$work/line.json")"
    cat "$work/line.json" >>"$work/runs.json"
    # Any other CA, and the call must fail.
    if "$bin/peer-$name" --port "$server_port" --ca-file "$work/other.pem" --connections 1 --calls 1 --warm-up 0 \
        >"$work/line.json" 2>&1; then
        wrong "peer-$name trusts everybody"
    fi
done
jq -n --slurpfile runs "$work/runs.json" --slurpfile absent /dev/null --slurpfile counted /dev/null \
    -f peers/rows.jq >"$work/rows.json"
jq -e 'length > 4 and all(.[]; .cpu_us_per_call > 0 and .ratio_to_ours > 0 and has("instructions_per_call"))
    and (map(select(.name == "yunhu"))[0].ratio_to_ours == 1)' "$work/rows.json" >/dev/null || wrong "rows.jq"
jq -r -f peers/table.jq "$work/rows.json"

# A server that refuses with HTTP 404, and one that answers 200 with a code that is no success.
for refusing in 404 "200 '$(printf '\012\004\020\002\032\000')'"; do
    stop_server
    server_reply="return $refusing;"
    start_server "$work"
    for name in yunhu floor beast_flat beast_loop beast_tcp_stream libcurl; do
        [ -x "$bin/peer-$name" ] || continue
        code=0
        timeout 60 "$bin/peer-$name" --port "$server_port" --ca-file "$work/ca.pem" --connections 1 --calls 1 \
            --warm-up 0 >"$work/line.json" 2>&1 || code=$?
        [ "$code" -eq 1 ] || wrong "peer-$name ends with $code instead of 1 after a refusal: $refusing"
    done
done
stop_server
server_reply=

start_server "$work"
"$bin/yunhu-figures" --port "$server_port" --closing-port "$server_close_port" --closing-full-port \
    "$server_full_port" --ca-file "$work/ca.pem" --trial --no-notes --json "$work/figures.json"
jq -e 'length > 15 and all(.[]; .value >= 0 and (.ratio == null or .ratio > 0))
    and (map(select(.name == "heap allocations per call"))[0].value > 0)' "$work/figures.json" >/dev/null ||
    wrong "yunhu-figures printed: $(cat "$work/figures.json")"

server=$server_pid
stop_server
if kill -0 "$server" 2>/dev/null; then
    wrong "nginx goes on"
fi
