#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# curl.sh EMULATOR: what curl sends by itself, against the program.
set -eu
emulator=$1
dir=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null || :; rm -rf "$dir"' EXIT

fail() {
    echo "curl.sh: $1" >&2
    exit 1
}

"$emulator" --port 0 --token T --ca-out "$dir/ca.pem" --journal "$dir/journal" >"$dir/out" 2>&1 </dev/null &
pid=$!
until grep -q '^gateway ' "$dir/out"; do
    kill -0 "$pid" || fail "the emulator has ended: $(cat "$dir/out")"
    sleep 0.05
done
url=$(sed -n 's/^listening on //p' "$dir/out")
# An interim response that does not come would keep curl waiting for longer than the whole request may take.
ask() {
    curl --silent --show-error --cacert "$dir/ca.pem" --max-time 30 --expect100-timeout 60 --header 'token: T' "$@"
}

body='{"msgId":"a","chatId":"big","chatType":2}'
unknown='{"code":-1,"msg":"消息不存在"}'
test "$(ask --data "$body" "$url/v1/msg/delete")" = "$unknown" || fail "a form's content-type"
test "$(ask --compressed --data "$body" "$url/v1/msg/delete")" = "$unknown" || fail "--compressed"
test "$(ask --header 'Transfer-Encoding: chunked' --data "$body" "$url/v1/msg/delete")" = "$unknown" || fail "chunked"
test "$(ask --http1.0 --data "$body" "$url/v1/msg/delete")" = "$unknown" || fail "HTTP/1.0"
test "$(ask --header 'Expect: 100-continue' --data "$body" "$url/v1/msg/delete")" = "$unknown" || fail "Expect"
# More than 1 MiB: curl asks for the interim response by itself.
{ printf '{"msgId":"' && head -c 1200000 /dev/zero | tr '\0' x && printf '","chatId":"big","chatType":2}'; } >"$dir/large"
test "$(ask --data-binary "@$dir/large" "$url/v1/msg/delete")" = "$unknown" || fail "a large body"
ask --head "$url/v1/msg/delete" | grep -q '^HTTP/1.1 404' || fail "HEAD"
test "$(ask --data '{' "$url/v1/msg/delete")" = '{"code":1100,"msg":"参数错误: body: not a JSON object"}' || fail "the reason"
# The journal is there while the emulator runs.
test "$(wc -l <"$dir/journal")" -eq 8 || fail "the journal"
kill -0 "$pid" || fail "the emulator has ended"
