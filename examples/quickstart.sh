#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# Installs what is missing (Debian 12 or 13), builds the quickstart and runs it. Can be called from anywhere, again and
# again.
set -eu
cd "$(dirname "$0")/.."
. examples/setup.sh

install_missing $(build_packages)
cmake --preset release -DYUNHU_BUILD_TESTS=OFF
cmake --build --preset release --target quickstart hello yunhu-emulator --parallel "$(nproc)"
exec build/release/bin/quickstart
