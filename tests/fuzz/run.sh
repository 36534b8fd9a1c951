#!/bin/bash
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# tests/fuzz/run.sh [seconds [fuzzer...]]: builds the fuzzers and runs all, or the given ones, for that many seconds of
# CPU time each (60): elapsed time means little on a busy machine. Prints the number of inputs and findings of each;
# fails when there is a finding. New corpus entries are kept in the build folder, and the next run starts with them.
# CXX: another clang.
set -euo pipefail
seconds=${1:-60}
[ $# -eq 0 ] || shift
cd "$(dirname "$0")/../.."
cmake --preset fuzz ${CXX:+"-DCMAKE_CXX_COMPILER=$CXX"} >/dev/null
cmake --build --preset fuzz
findings=build/fuzz/findings
TIMEFORMAT=%U

# fuzz NAME SECONDS: one run, with its output in a log. Prints the seconds of CPU time it used.
fuzz() {
    { time build/fuzz/bin/"$1" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$findings/$1/" "build/fuzz/tests/fuzz/corpus/$1" "tests/fuzz/seeds/$1" \
        >"$findings/$1.log" 2>&1 || true; } 2>&1
}

failed=0
printf '%-20s %14s %7s %9s %9s\n' fuzzer executions 'CPU s' coverage findings
[ $# -gt 0 ] || set -- $(basename -s .cpp tests/fuzz/fuzz_*.cpp)
for name; do
    mkdir -p "build/fuzz/tests/fuzz/corpus/$name" "$findings/$name"
    executions=0
    used=0
    while [ "$used" -lt "$seconds" ]; do
        elapsed=$(fuzz "$name" $((seconds - used)))
        used=$((used + ${elapsed%.*} + 1))
        ran=$(sed -n 's/^stat::number_of_executed_units: *//p' "$findings/$name.log")
        executions=$((executions + ${ran:-0}))
        if [ -z "$ran" ] || [ -n "$(ls "$findings/$name")" ]; then
            failed=1
            tail -n 40 "$findings/$name.log"
            break
        fi
    done
    coverage=$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$findings/$name.log" | tail -n 1)
    found=$(find "$findings/$name" -type f | wc -l)
    printf '%-20s %14s %7s %9s %9s\n' "$name" "$executions" "$used" "$coverage" "$found"
done
exit "$failed"
