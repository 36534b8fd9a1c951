#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# another_boost.sh PREFIX SOURCE FOLDER CMAKE_OPTION...: a library that was built with another version of Boost is
# not found, and CMake reports the reason.
set -eu
prefix=$1 source=$2 folder=$3
shift 3
rm -rf "$folder"
mkdir -p "$folder"
cp -r "$(dirname "$(find "$prefix" -name yunhuConfig.cmake)")" "$folder/package"
sed -i -E 's/set\(yunhu_boost "[0-9.]+"\)/set(yunhu_boost "1.99")/' "$folder/package/yunhuConfig.cmake"
grep -q 'yunhu_boost "1.99"' "$folder/package/yunhuConfig.cmake"
if cmake -S "$source" -B "$folder/build" "-Dyunhu_DIR=$folder/package" "$@" >"$folder/out" 2>&1; then
    echo "found, although it was built with another Boost" && exit 1
fi
tr -s ' \n' ' ' <"$folder/out" | grep -F 'yunhu was built with Boost 1.99' || { cat "$folder/out" && exit 1; }
