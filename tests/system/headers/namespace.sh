#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# namespace.sh VERSION SOURCE_DIR: fails when the library's inline namespace is not vMAJOR_MINOR of its version, or when
# a file of the library opens namespace yunhu without the macro.
set -eu
wanted=v$(echo "$1" | cut -d . -f 1,2 | tr . _)
cd "$2"
grep -q "inline namespace $wanted {" include/yunhu/config.hpp || { echo "config.hpp does not open $wanted" && exit 1; }
if grep -rnE '^namespace yunhu' include src --include='*.hpp' --include='*.cpp' | grep -v config.hpp | grep -v src/tools; then
    echo "open it by YUNHU_NAMESPACE_BEGIN" && exit 1
fi
