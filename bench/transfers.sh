#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# sh bench/transfers.sh [--trial]
# Uploads and downloads over loopback by TLS, beside curl on the same file and the same server, in one run:
# the peak memory above an idle program's, the hash, CPU per MiB and its ratio to curl's; and the p99 of sends at a fixed
# rate with and without 200 uploads at once. Downloads come from an nginx, uploads go to an nginx that takes the storage's
# requests and stores their bytes. curl does not name a content, so it is shown twice: as it is, and with the md5sum that
# an upload's key is made of.
# RATE: sends a second (default 1000); UPLOAD_RATE: bytes a second of each upload beside them (default 40000).
# SIZE: MiB of the file (default 1024). ROUNDS: default 3. --trial: 24 MiB, one round, no limits.
# BUILD: the folder of a build with -DYUNHU_BUILD_BENCH=ON (default build/bench).
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build/bench}
size=${SIZE:-1024} rounds=${ROUNDS:-3} trial=no uploads=200
if [ "${1:-}" = --trial ]; then size=24 rounds=1 trial=yes uploads=8; fi
PATH=$PATH:/usr/sbin:/sbin
yunhu=$build/bin/yunhu
work=$(mktemp -d "${TMPDIR:-/tmp}/yunhu-transfers-XXXXXX")
nginx_pid=
emulator_pid=
trap 'for pid in $nginx_pid $emulator_pid; do kill "$pid" 2>/dev/null || :; done; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

on_client_core= on_server_core=
if [ "$(nproc)" -ge 2 ]; then on_client_core="taskset -c 0" on_server_core="taskset -c 1"; fi

# ---- An nginx as the media hosts, the storage and the API's token endpoint.
mkdir "$work/media" "$work/parts"
head -c "$((size * 1048576))" /dev/urandom >"$work/media/big.bin"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=transfers \
    -addext 'subjectAltName=DNS:*.jwznb.com,DNS:*.qiniup.com,DNS:*.jwzhd.com,DNS:api.qiniu.com' \
    -keyout "$work/key.pem" -out "$work/cert.pem" 2>"$work/openssl"
policy=$(printf '{"scope":"chat68-file","deadline":4102444800}' | base64 -w0)
as=
[ "$(id -u)" -ne 0 ] || as='user root;'
for attempt in 1 2 3 4 5 6 7 8; do
    port=$((20000 + ($$ * 7 + attempt * 997) % 12000))
    cat >"$work/nginx.conf" <<END
daemon off;
$as
pid $work/nginx.pid;
error_log $work/error.log;
worker_processes 1;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path $work/body; proxy_temp_path $work/proxy; fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi; scgi_temp_path $work/scgi;
    client_max_body_size 0;
    client_body_buffer_size 1m;
    default_type application/octet-stream;
    sendfile on;
    keepalive_requests 1000000;
    server {
        listen 127.0.0.1:$port ssl;
        server_name _;
        ssl_certificate $work/cert.pem;
        ssl_certificate_key $work/key.pem;
        ssl_protocols TLSv1.3;
        root $work/media;
        location = /v1/misc/qiniu-token2 {
            default_type application/json;
            return 200 '{"code":1,"data":{"token":"AK:c2ln:$policy"},"msg":"success"}';
        }
        location = /v1/misc/setting { default_type application/json; return 200 '{"code":1,"data":{},"msg":"success"}'; }
        location = /v4/query { return 404; }
        # {1: {1: 123456, 2: 1, 3: "success"}}
        location = /v1/msg/send-message { default_type application/x-protobuf; return 200 '$(printf '\012\017\010\300\304\007\020\001\032\007success')'; }
        # A part: its bytes are stored by nginx's DAV; the response of a PUT has no body, so curl and we talk to the
        # location that reads the whole body and then answers.
        location ~ ^/buckets/[^/]+/objects/[^/]+/uploads\$ {
            default_type application/json;
            return 200 '{"uploadId":"U","expireAt":4102444800}';
        }
        location ~ ^/buckets/[^/]+/objects/[^/]+/uploads/U\$ {
            default_type application/json;
            return 200 '{"key":"k"}';
        }
        location ~ ^/buckets/[^/]+/objects/[^/]+/uploads/U/[0-9]+\$ {
            client_body_in_file_only clean;
            proxy_pass http://127.0.0.1:$((port + 1));
            proxy_set_body '';
            proxy_method POST;
        }
    }
    server {
        listen 127.0.0.1:$((port + 1));
        location / { default_type application/json; return 200 '{"etag":"E"}'; }
    }
}
END
    rm -f "$work/nginx.pid"
    $on_server_core nginx -c "$work/nginx.conf" -p "$work" 2>"$work/nginx.err" &
    nginx_pid=$!
    while [ ! -s "$work/nginx.pid" ] && kill -0 "$nginx_pid" 2>/dev/null; do sleep 0.05; done
    [ ! -s "$work/nginx.pid" ] || break
    nginx_pid=
done
[ -n "$nginx_pid" ] || { cat "$work/nginx.err" >&2 && exit 1; }

ours() { "$yunhu" "$@" --token T --ca-file "$work/cert.pem" --connect-to "*=127.0.0.1:$port" --json; }
# take NAME COMMAND...: CPU seconds and peak memory of a run go to $work/NAME.time.
take() {
    name=$1
    shift
    $on_client_core /usr/bin/time -a -o "$work/$name.time" -f '%U %S %M' "$@" >"$work/out" 2>"$work/err" ||
        { cat "$work/out" "$work/err" >&2 && echo "$name failed" >&2 && exit 1; }
}
by_curl() { curl --silent --show-error --fail --cacert "$work/cert.pem" --connect-to "::127.0.0.1:$port" "$@"; }
cat >"$work/curl_down" <<END
exec curl --silent --show-error --fail --cacert "$work/cert.pem" --connect-to "::127.0.0.1:$port" \
    --output "$work/copy.curl" https://chat-file.jwznb.com/big.bin
END
# One request with all of it: what curl does best.
cat >"$work/curl_up" <<END
exec curl --silent --show-error --fail --cacert "$work/cert.pem" --connect-to "::127.0.0.1:$port" \
    --header 'Expect:' --upload-file "$work/media/big.bin" --output "$work/answer" \
    https://upload-z2.qiniup.com/buckets/chat68-file/objects/a2V5/uploads/U/1
END
cat >"$work/curl_up_named" <<END
md5sum "$work/media/big.bin" >"$work/md5"
. "$work/curl_up"
END
idle=$(/usr/bin/time -f %M "$yunhu" --version 2>&1 >/dev/null | tail -n 1)
qetag=
for round in $(seq "$rounds"); do
    rm -f "$work"/copy*
    take down "$yunhu" download https://chat-file.jwznb.com/big.bin "$work/copy" --token T --ca-file "$work/cert.pem" \
        --connect-to "*=127.0.0.1:$port" --json
    qetag=$(sed -n 's/.*"hash":"\([^"]*\)".*/\1/p' "$work/out")
    cmp "$work/media/big.bin" "$work/copy"
    rm -f "$work"/copy*
    take curl_down sh "$work/curl_down"
    cmp "$work/media/big.bin" "$work/copy.curl"
    rm -f "$work"/copy*
    take up "$yunhu" upload "$work/media/big.bin" --kind file --token T --ca-file "$work/cert.pem" \
        --base-url https://chat-go.jwzhd.com --connect-to "*=127.0.0.1:$port" --json
    test "$qetag" = "$(sed -n 's/.*"hash":"\([^"]*\)".*/\1/p' "$work/out")" || { echo "the hashes differ" >&2 && exit 1; }
    take curl_up sh "$work/curl_up"
    take curl_up_named sh "$work/curl_up_named"
done

# The least CPU of the rounds: what others on the machine do only adds to it.
cpu() { sort -n "$work/$1.time" | awk -v mib="$size" '{ t = ($1 + $2) * 1e6 / mib; if (!n++ || t < best) best = t } END { printf "%.0f", best }'; }
peak() { awk '$3 > most { most = $3 } END { print most }' "$work/$1.time"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
echo "$size MiB, $rounds rounds; idle program: $idle KiB; hash $qetag"
echo "what        CPU us/MiB   peak KiB above idle"
for name in down curl_down up curl_up curl_up_named; do
    printf '%-15s %6s   %8s\n' "$name" "$(cpu $name)" "$(($(peak $name) - idle))"
done
head -c 524288 /dev/urandom >"$work/media/small.bin"
best() { # best UPLOADS: the least p99 of the rounds, in us
    for round in $(seq "$rounds"); do
        $on_client_core "$build/bin/sends_beside_uploads" --port "$port" --ca-file "$work/cert.pem" \
            --file "$work/media/small.bin" --rate "${RATE:-1000}" --seconds "$seconds" --uploads "$1" \
            --bytes-per-second "${UPLOAD_RATE:-40000}" | tee -a "$work/sends" >&2
    done
    sed -n "s/.* p99 \([0-9]*\)[. ].*/\1/p" "$work/sends" | sort -n | head -n 1
    rm "$work/sends"
}
seconds=${SECONDS_OF_SENDS:-10}
if [ $trial = yes ]; then seconds=1; fi
if [ -x "$build/bin/sends_beside_uploads" ]; then
    alone=$(best 0)
    beside=$(best "$uploads")
    echo "p99 of sends, ${RATE:-1000} a second: $alone us; beside $uploads uploads: $beside us; $(ratio "$beside" "$alone")"
fi
echo "down / curl:            $(ratio "$(cpu down)" "$(cpu curl_down)")"
echo "up / curl:              $(ratio "$(cpu up)" "$(cpu curl_up)")"
echo "up / curl with md5sum:  $(ratio "$(cpu up)" "$(cpu curl_up_named)")"
