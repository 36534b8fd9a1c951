#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# settings.sh PREFIX CXX [FLAG...]: a program whose settings change the layout of types does not link with the library,
# and the linker names both settings. The same program with the library's settings links.
set -eu
prefix=$1
shift
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name yunhu.pc)")
export PKG_CONFIG_PATH
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '#include <yunhu/client.hpp>\nint main() {}\n' >"$folder/main.cpp"

# links COMPILER_AND_FLAGS...: with the library.
links() {
    # shellcheck disable=SC2046: several words each
    LC_ALL=C "$@" -std=c++20 -w "$folder/main.cpp" $(pkg-config --cflags --libs yunhu) -o "$folder/main" 2>"$folder/errors"
}

links "$@" || { cat "$folder/errors" && exit 1; }
status=0
# Setting, and what the linker says of it.
while read -r setting name; do
    # shellcheck disable=SC2086: several words
    if links "$@" $setting; then
        echo "links with $setting" && status=1
    elif ! grep 'undefined reference to .*library_was_built_with' "$folder/errors" | grep -qF "$name"; then
        echo "with $setting the linker does not name $name:" && cat "$folder/errors" && status=1
    fi
done <<'END'
-fno-rtti rtti<false>
-DBOOST_ASIO_ENABLE_HANDLER_TRACKING asio_handler_tracking<true>
-DBOOST_ASIO_DISABLE_THREADS asio_threads<false>
-DBOOST_ASIO_DISABLE_EPOLL asio_epoll<false>
-DBOOST_ASIO_DISABLE_EVENTFD asio_eventfd<false>
-DBOOST_ASIO_HAS_IO_URING asio_io_uring<true>
-D_GLIBCXX_DEBUG glibcxx_debug<true>
END
exit $status
