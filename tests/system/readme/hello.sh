#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# hello.sh EMULATOR HELLO: runs the README's first example against the emulator, as in the README.
set -eu
dir=$(mktemp -d)
"$1" --port 0 --token T --ca-out "$dir/ca.pem" >"$dir/out" &
emulator=$!
trap 'kill $emulator 2>/dev/null; wait $emulator 2>/dev/null; rm -rf "$dir"' EXIT
until grep -q '^listening on ' "$dir/out"; do
    kill -0 $emulator # fails if the emulator has ended
done
url=$(sed -n 's/^listening on //p' "$dir/out")
YUNHU_TOKEN=T YUNHU_BASE_URL=$url YUNHU_CA_FILE=$dir/ca.pem "$2" | grep 'sent .* newest 1 messages'
