#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# hardened.sh READELF PRESETS CONFIG PROGRAM...: each program is position-independent, has all its relocations read-only
# before main, no executable stack, and in an optimised build stack protectors and checked functions of the C library;
# and the packages are compiled so as a whole, with the library.
set -eu
readelf=$1 presets=$2 config=$3
shift 3

wrong() {
    echo "$*" >&2
    exit 1
}

for program in "$@"; do
    "$readelf" -hW "$program" | grep -q 'Type: *DYN' || wrong "$program is not position-independent"
    segments=$("$readelf" -lW "$program")
    case $segments in *GNU_RELRO*) ;; *) wrong "$program: no RELRO" ;; esac
    if echo "$segments" | grep 'GNU_STACK' | grep -q 'RWE'; then wrong "$program: executable stack"; fi
    "$readelf" -dW "$program" | grep -Eq 'BIND_NOW|FLAGS_1.*NOW' || wrong "$program: lazy binding, so RELRO is partial"
    if [ "$config" = Release ] || [ "$config" = RelWithDebInfo ]; then
        "$readelf" --dyn-syms -W "$program" | grep -q '__stack_chk_fail' || wrong "$program: no stack protectors"
        "$readelf" --dyn-syms -W "$program" | grep -Eq '__[a-z_]+_chk(@|$)' || wrong "$program: _FORTIFY_SOURCE is not in"
    fi
done

for flag in -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fstack-clash-protection -Wl,-z,relro -Wl,-z,now; do
    grep -q -e "$flag" "$presets" || wrong "the preset of the packages lacks $flag"
done
