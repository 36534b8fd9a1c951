#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# cost.sh [ROUNDS]: the cost of compiling a user's file with all 13 calls, compared with including Asio, SSL and Beast.
# Best of ROUNDS (5), alternating. CXX selects the compiler. Fails above 300 MB, unless a newer compiler needs more for
# both and the file needs at most 0.6 of the reference: time depends on the machine, memory does not.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-5}
limit_mb=300
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# Adds "seconds kilobytes" of one compilation to a file.
compile() {
    /usr/bin/time -a -o "$out/$1" -f '%U %S %M' \
        "${CXX:-c++}" -std=c++20 -O2 -I"$here/../../../include" -c "$here/$1.cpp" -o "$out/$1.o"
}

for _ in $(seq "$rounds"); do
    compile all_calls
    compile beast_alone
done

best() {
    awk '{ s = $1 + $2; if (NR == 1 || s < t) t = s; if (NR == 1 || $3 < m) m = $3 } END { printf "%.2f %.0f\n", t, m / 1024 }' "$out/$1"
}
read -r ours_s ours_mb <<END
$(best all_calls)
END
read -r beast_s beast_mb <<END
$(best beast_alone)
END
printf '%-40s %6s s %6s MB\n' 'all 13 calls, <yunhu/client.hpp>' "$ours_s" "$ours_mb" \
    'including Asio, SSL and Beast alone' "$beast_s" "$beast_mb"
awk -v a="$ours_s" -v b="$beast_s" 'BEGIN { printf "ratio %.2f\n", a / b }'
[ "$ours_mb" -le "$limit_mb" ] || [ $((ours_mb * 10)) -le $((beast_mb * 6)) ] || { echo "more than $limit_mb MB"; exit 1; }
