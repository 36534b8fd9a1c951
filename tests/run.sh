#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# sh tests/run.sh [--all] [--preset NAME]... [-- CTEST_OPTION...]
# Installs what is missing (Debian 12 or 13), builds the tests and runs them, once, optimised (preset release).
# --all: before, all tests but those of the programs under AddressSanitizer and UndefinedBehaviorSanitizer, the cases of a
# program in one process, those that use several threads under ThreadSanitizer (preset tsan), and the fuzzers for 20
# seconds each (preset fuzz); besides, the benchmarks for a few calls each (in the build of the tests).
# --preset: that one instead, as often as given; asan: all tests, a process each.
# Stops at the first preset with a failure. Can be called from anywhere, again and again.
set -eu
cd "$(dirname "$0")/.."
. examples/setup.sh

presets=
all=OFF
while [ $# -gt 0 ]; do
    case $1 in
    --all) all=ON && shift ;;
    --preset) presets="$presets ${2:?--preset needs a name}" && shift 2 ;;
    --) shift && break ;;
    *) sed -n '5,12s/^# //p' "$0" >&2 && exit 2 ;;
    esac
done
[ $all = OFF ] || [ -z "$presets" ] || { echo "--all or --preset, not both" >&2 && exit 2; }

# The exposition format is checked by Prometheus' own promtool. Only that program is taken from the package: on Debian 12
# it is part of `prometheus`, which would also start a server; Debian 13 has it in a package of its own.
fetch_promtool() {
    if command -v promtool >/dev/null || [ -x build/tools/promtool ]; then return 0; fi
    mkdir -p build/tools
    (
        cd build/tools
        rm -f prom*.deb
        if ! download_promtool; then
            if [ "$(id -u)" -eq 0 ]; then apt-get update -q; else sudo apt-get update -q; fi
            download_promtool
        fi
        dpkg-deb --fsys-tarfile prom*.deb | tar -xO ./usr/bin/promtool >promtool.part
        chmod +x promtool.part
        mv promtool.part promtool
        rm -f prom*.deb
    )
}
download_promtool() {
    # Only the package that holds the program has it as a candidate: apt-cache knows before anything is downloaded.
    package=prometheus
    if apt-cache show promtool 2>/dev/null | grep -q '^Filename:'; then package=promtool; fi
    apt-get download -q "$package"
}

if [ $all = ON ]; then presets='asan tsan fuzz release'; fi
presets=${presets:-release}
more=
case " $presets " in *' fuzz '*) more='clang-19 libclang-rt-19-dev' ;; esac
case "$all $presets " in
ON* | *' bench '*)
    more="$more libncurses-dev libbenchmark-dev libcurl4-openssl-dev nginx-light openssl jq util-linux valgrind strace"
    ;;
esac
install_missing $(build_packages) $(test_packages) $more
fetch_promtool

# GCC 12's sanitizers can't cope with the address space layout of newer kernels.
fixed_layout=
if setarch -R true 2>/dev/null; then fixed_layout='setarch -R'; fi

for preset in $presets; do
    # With the benchmarks built beside the tests, the library is optimised only once.
    bench=
    [ "$preset" != release ] || bench=-DYUNHU_BUILD_BENCH=$all
    programs=
    if [ "$preset" = asan ] && [ $all = ON ]; then
        programs='-DYUNHU_BUILD_EXAMPLES=OFF -DYUNHU_TESTS_BY_PROGRAM=ON'
    elif [ "$preset" = asan ]; then
        programs='-DYUNHU_BUILD_EXAMPLES=ON -DYUNHU_TESTS_BY_PROGRAM=OFF'
    fi
    cmake --preset "$preset" -DYUNHU_BUILD_TESTS=ON -DYUNHU_UNITY_TESTS=ON $bench $programs
    cmake --build --preset "$preset" --parallel "$(nproc)"
    # Tests wait for each other's processes and for timers: one more than there are processors.
    $fixed_layout ctest --preset "$preset" --parallel "$(($(nproc) + 1))" "$@"
done
