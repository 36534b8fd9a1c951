#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# sh src/doc/reference.sh [FOLDER]: writes the reference of the public headers to FOLDER/html (default:
# build/reference); installs Doxygen where it is missing. Fails with any warning, and with a type that has no comment. Can be called from anywhere.
set -eu
case ${1:-} in
'') folder= ;;
/*) folder=$1 ;;
*) folder=$PWD/$1 ;;
esac
cd "$(dirname "$0")/../.."
. examples/setup.sh
command -v doxygen >/dev/null || install_missing doxygen

YUNHU_VERSION=$(sed -n 's/.*version = "\(.*\)".*/\1/p' include/yunhu/version.hpp)
YUNHU_REFERENCE=${folder:-$PWD/build/reference}
export YUNHU_VERSION YUNHU_REFERENCE
rm -rf "$YUNHU_REFERENCE/html"
mkdir -p "$YUNHU_REFERENCE"
doxygen src/doc/Doxyfile
for known in classyunhu_1_1client classyunhu_1_1testing_1_1emulator structyunhu_1_1send__message__request; do
    [ -s "$YUNHU_REFERENCE/html/$known.html" ] || { echo "the reference has no $known" >&2 && exit 1; }
done
# Once more, writing nothing: every type has a comment.
bare=$({ cat src/doc/Doxyfile && echo 'EXTRACT_ALL = NO
WARN_AS_ERROR = NO
GENERATE_HTML = NO'; } | doxygen - 2>&1 | grep 'Compound .* is not documented' || true)
if [ -n "$bare" ]; then
    echo "$bare" >&2
    exit 1
fi
echo "$YUNHU_REFERENCE/html/index.html"
