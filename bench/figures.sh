#!/bin/sh
# sh bench/figures.sh [OPTION...]
# Figures of our client that a table of peers can't show: allocations, memory, handshakes, decoding, latency, shards.
# Options as `yunhu-figures --help` says: --only NAME..., --json FILE, --trial. Installs what it needs (Debian 12 or
# 13). BUILD=DIR uses another build directory.
set -euf
cd "$(dirname "$0")/.."
. examples/setup.sh
. bench/server.sh

build=${BUILD:-build/release}
work=$(mktemp -d)
leave() {
    stop_server
    rm -rf "$work"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

install_missing $(build_packages) nginx-light openssl util-linux
cmake --preset release -B "$build" -DYUNHU_BUILD_BENCH=ON
cmake --build "$build" --target yunhu-figures --parallel "$(nproc)"
start_server "$work"
$on_client_core setpriv --pdeathsig KILL "$build/bin/yunhu-figures" --port "$server_port" \
    --closing-port "$server_close_port" --closing-full-port "$server_full_port" --ca-file "$work/ca.pem" "$@"
