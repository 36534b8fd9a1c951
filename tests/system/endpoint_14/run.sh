#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# run.sh YUNHU EMULATOR: the programs with endpoint 14 know it everywhere.
set -eu
yunhu=$1 emulator=$2
out=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$out"' EXIT
unset LC_ALL LC_MESSAGES
export LANG=C

fail() {
    echo "$*"
    exit 1
}
# The output of a command has a text.
has() {
    wanted=$1
    shift
    "$@" > "$out/text" 2>&1 || fail "$*: exit code $?: $(cat "$out/text")"
    grep -qF -e "$wanted" "$out/text" || fail "$*: no \"$wanted\" in: $(cat "$out/text")"
}

# Help, options and completion.
has 'Pin a message' "$yunhu" --help
has '--seconds' "$yunhu" pin-msg --help
has 'yunhu pin-msg --chat group:big' "$yunhu" pin-msg --help
LANG=zh_CN.UTF-8 has '置顶消息' "$yunhu" --help
has 'pin-msg,--seconds' "$yunhu" completion bash
has 'pin-msg' "$yunhu" completion zsh

mkfifo "$out/url"
"$emulator" --strict --ca-out "$out/ca.pem" > "$out/url" &
server=$!
exec 3< "$out/url"
read -r _ _ url <&3
export YUNHU_BASE_URL="$url" YUNHU_CA_FILE="$out/ca.pem" YUNHU_TOKEN=test-token

# The call, its validation, the emulator's shape check, and batch.
pin() { "$yunhu" pin-msg --chat group:big --msg-id m1 --json "$@"; }
has '"code":1' pin --seconds 60
pin --seconds 0 > "$out/text" && fail 'seconds may be 0'
grep -qF 'seconds must be > 0' "$out/text" || fail "$(cat "$out/text")"
pin_lines() { echo '{"call":"pin-msg","chat":"group:big","msg_id":"m1","seconds":60}' | "$yunhu" batch; }
has '"ok":true' pin_lines
head='POST /v1/msg/pin-msg HTTP/1.1\r\nhost: here\r\ntoken: test-token\r\nconnection: close\r\n'
head="${head}content-type: application/x-protobuf\r\ncontent-length: 6\r\n\r\n"
status_of() { # of a request with that body
    printf "$head$1" |
        openssl s_client -quiet -verify_quiet -CAfile "$out/ca.pem" -connect "${url#https://}" 2> "$out/text" |
        sed -n '1s/^HTTP.1.1 \([0-9]*\).*/\1/p'
}
[ "$(status_of '\022\002m1\050\074')" = 200 ] || fail 'a request of the right shape is refused'
[ "$(status_of '\022\002m1\060\074')" = 400 ] || fail 'a request with an unknown field is accepted'
echo 'endpoint 14 works'
