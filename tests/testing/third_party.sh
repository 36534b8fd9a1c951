#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# sh tests/testing/third_party.sh python FOLDER [EMULATOR]
# sh tests/testing/third_party.sh node [EMULATOR]
# sh tests/testing/third_party.sh server [YUNHU]
# Clients that others wrote, as they are, against yunhu-emulator; their sources are not part of this project.
# python: yh_user_sdk (github.com/yyyytawa-org/yh_user_sdk) in FOLDER; needs Python 3.12 and Debian's python3-httpx,
# python3-protobuf and python3-websockets.
# node: a client made of npm's ws, undici and protobufjs, which are installed into a temporary folder.
# server: a gateway made of npm's ws and protobufjs, whose client is `yunhu listen`.
# EMULATOR and YUNHU (default: those of build/release/bin) are the programs. Not part of ctest, which must not need the network.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
usage() { sed -n '5,13s/^# //p' "$0" >&2 && exit 2; }
client=${1:-}
case $client in
python) [ $# -ge 2 ] && sdk=$(cd "$2" && pwd) && shift 2 || usage ;;
node | server) shift ;;
*) usage ;;
esac
dir=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || :; rm -rf "$dir"' EXIT

if [ "$client" = server ]; then
    cp -r "$here/third_party_server.mjs" "$root/proto" "$dir/"
    (cd "$dir" && npm install --silent --no-audit --no-fund --no-package-lock ws protobufjs >/dev/null)
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=gateway \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>"$dir/openssl"
    node "$dir/third_party_server.mjs" "${1:-$root/build/release/bin/yunhu}"
    exit
fi
emulator=${1:-$root/build/release/bin/yunhu-emulator}

"$emulator" --port 0 --account ada:1:token-of-ada --account ben:2:token-of-ben --bot 99:Bo --group big:Big:1,2 \
    --host-name '*.jwzhd.com' --ca-out "$dir/ca.pem" --journal "$dir/journal" >"$dir/out" 2>&1 </dev/null &
pid=$!
until grep -q '^gateway ' "$dir/out"; do
    kill -0 "$pid" || { cat "$dir/out" >&2 && exit 1; }
    sleep 0.05
done
base_url=$(sed -n 's/^listening on //p' "$dir/out")
gateway_url=$(sed -n 's/^gateway //p' "$dir/out")

case $client in
python)
    cp -r "$sdk/src/yh_user_sdk" "$dir/"
    # The code that it comes with is for a newer protobuf than Debian 13's.
    protoc "--proto_path=$dir/yh_user_sdk/proto/origin" "--python_out=$dir/yh_user_sdk/proto" \
        "$dir"/yh_user_sdk/proto/origin/*.proto
    SSL_CERT_FILE=$dir/ca.pem PYTHONPATH=$dir PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/third_party.py" \
        "${base_url##*:}"
    ;;
node)
    cp -r "$here/third_party.mjs" "$root/proto" "$dir/"
    (cd "$dir" && npm install --silent --no-audit --no-fund --no-package-lock ws undici protobufjs >/dev/null)
    NODE_EXTRA_CA_CERTS=$dir/ca.pem node "$dir/third_party.mjs" "$base_url" "$gateway_url"
    ;;
esac
