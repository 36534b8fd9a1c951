#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# sh src/packaging/deb.sh: builds the Debian packages for the Debian that this is (12 or 13); installs what that needs.
# Prints where they are: apt-get install ./build/package/packages/*.deb. Can be called from anywhere, again and again.
set -eu
cd "$(dirname "$0")/../.."
. examples/setup.sh

install_missing $(build_packages) dpkg-dev file
rm -rf build/package/packages
cmake --workflow --preset package
rm -rf build/package/packages/_CPack_Packages
ls "$PWD"/build/package/packages/*.deb
