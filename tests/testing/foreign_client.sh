#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# foreign_client.sh EMULATOR PROTOC PROTO_FOLDER: a client in Python against the program. It needs Debian's python3-httpx,
# python3-protobuf and python3-websockets.
set -eu
emulator=$1
protoc=$2
proto=$3
dir=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null || :; rm -rf "$dir"' EXIT

"$protoc" "--proto_path=$proto" "--python_out=$dir" yunhu/msg.proto yunhu/push.proto
"$emulator" --port 0 --account ada:1:token-of-ada --account ben:2:token-of-ben --bot 99:Bo --ca-out "$dir/ca.pem" \
    >"$dir/out" 2>&1 </dev/null &
pid=$!
until grep -q '^gateway ' "$dir/out"; do
    if ! kill -0 "$pid"; then
        cat "$dir/out" >&2
        exit 1
    fi
    sleep 0.05
done
PYTHONPATH=$dir PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$(dirname "$0")/foreign_client.py" \
    "$(sed -n 's/^listening on //p' "$dir/out")" "$(sed -n 's/^gateway //p' "$dir/out")" "$dir/ca.pem"
