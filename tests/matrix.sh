#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# sh tests/matrix.sh [--folder FOLDER] [NAME]...
# Builds the library with each of the settings that users have, and with it a program outside the tree, which it runs:
# gcc (with several settings of the program), clang, c++23, lto, uring, plugins (three copies of the library in one
# program), alone (each source by itself, without precompiled headers: none lacks an include). Installs what is missing
# (Debian 12 or 13). Default: all. A static library each; shared ones, and settings that must not be mixed, are tested by
# `ctest -R install`. FOLDER (default: build/matrix) is reused.
set -eu
cd "$(dirname "$0")/.."
. examples/setup.sh
folder=build/matrix
if [ "${1:-}" = --folder ]; then
    folder=${2:?--folder needs a path}
    shift 2
fi
names=${*:-gcc clang c++23 lto uring plugins alone}
install_missing $(build_packages) clang-19 pkg-config liburing-dev zlib1g-dev libzstd-dev
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
program=tests/system/install/main.cpp

# library NAME CMAKE_OPTION...: builds and installs it, without optimisation unless the options say otherwise.
library() {
    name=$1
    shift
    cmake -G Ninja -S . -B "$folder/$name/library" -DYUNHU_BUILD_TESTS=OFF -DYUNHU_BUILD_EXAMPLES=OFF -DYUNHU_WERROR=ON \
        -DCMAKE_UNITY_BUILD=ON -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_INSTALL_PREFIX=$folder/$name/prefix" "$@" >"$folder/$name.log"
    cmake --build "$folder/$name/library" --parallel "$(nproc)" >>"$folder/$name.log" || { cat "$folder/$name.log" && exit 1; }
    cmake --install "$folder/$name/library" >>"$folder/$name.log"
}
# links NAME: what a program needs to link with that library.
links() {
    PKG_CONFIG_PATH=$(dirname "$(find "$folder/$1/prefix" -name yunhu.pc)") pkg-config --cflags --libs yunhu-testing
}
# passes NAME COMPILER_AND_FLAGS...: a program that is built so with that library succeeds.
passes() {
    name=$1
    shift
    # shellcheck disable=SC2046: several words
    "$@" -Wall -Wextra -Werror $(links "$name") -o "$folder/$name/program"
    "$folder/$name/program" >/dev/null
    echo "passed: $name: $*"
}

gcc_matrix() {
    library gcc
    # With the libraries after the sources, as the linker wants.
    for settings in -std=c++20 -std=c++23 '-std=c++20 -O2 -DNDEBUG' '-std=c++20 -DBOOST_ASIO_NO_DEPRECATED' \
        '-std=c++20 -D_GLIBCXX_ASSERTIONS' '-std=c++20 -fvisibility=hidden' '-std=c++20 -fno-strict-aliasing -fwrapv'; do
        passes gcc g++ $settings $program
    done
    passes gcc g++ -std=c++20 -DBOOST_ASIO_SEPARATE_COMPILATION $program tests/system/matrix/asio.cpp
    passes gcc clang++-19 -std=c++20 $program
}
clang_matrix() {
    library clang -DCMAKE_CXX_COMPILER=clang++-19
    passes clang clang++-19 -std=c++20 $program
    passes clang clang++-19 -std=c++23 $program
    passes clang g++ -std=c++20 $program
}
cxx23_matrix() {
    library c++23 -DCMAKE_CXX_STANDARD=23
    passes c++23 g++ -std=c++23 $program
    passes c++23 g++ -std=c++20 $program
}
alone_matrix() {
    library alone -DCMAKE_UNITY_BUILD=OFF -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DYUNHU_BUILD_EXAMPLES=ON
    passes alone g++ -std=c++20 $program
}
lto_matrix() {
    library lto -DCMAKE_BUILD_TYPE=Release -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON
    passes lto g++ -std=c++20 -O2 -flto=auto $program
}
# Asio's other reactor, as the only one: for the library and for the program.
uring_matrix() {
    uring='-DBOOST_ASIO_HAS_IO_URING -DBOOST_ASIO_DISABLE_EPOLL'
    library uring "-DCMAKE_CXX_FLAGS=$uring"
    # shellcheck disable=SC2046,SC2086: several words each
    g++ -std=c++20 $uring $program $(links uring) -luring -o "$folder/uring/program"
    g++ -std=c++20 $uring tests/system/matrix/has_uring.cpp -luring -o "$folder/uring/has_uring"
    if ! "$folder/uring/has_uring"; then
        echo "uring: builds; not run, the kernel refuses io_uring"
        return 0
    fi
    "$folder/uring/program" >/dev/null
    echo "passed: uring: g++ -std=c++20 $uring"
}
# Two shared objects that hold a copy of the library each, and a program with a third.
plugins_matrix() {
    [ -d "$folder/gcc/prefix" ] || library gcc
    mkdir -p "$folder/plugins"
    for plugin in one two; do
        # shellcheck disable=SC2046: several words
        g++ -std=c++20 -fPIC -shared "-DPLUGIN=send_of_$plugin" tests/system/matrix/plugin.cpp $(links gcc) \
            -o "$folder/plugins/$plugin.so"
    done
    # shellcheck disable=SC2046: several words
    g++ -std=c++20 tests/system/matrix/host.cpp $(links gcc) -ldl -o "$folder/plugins/program"
    "$folder/plugins/program" "$folder/plugins/one.so" send_of_one "$folder/plugins/two.so" send_of_two
    echo "passed: plugins"
}

for name in $names; do
    case $name in
    gcc | clang | lto | uring | plugins | alone) "${name}_matrix" ;;
    c++23) cxx23_matrix ;;
    *) sed -n '5,10s/^# //p' "$0" >&2 && exit 2 ;;
    esac
done
