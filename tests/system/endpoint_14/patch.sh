#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# patch.sh SOURCE_DIR TREE: copies the files that endpoint_14.patch changes to TREE and applies it there.
set -eu
patch_file=$(cd "$(dirname "$0")" && pwd)/endpoint_14.patch
rm -rf "$2"
sed -n 's|^+++ b/||p' "$patch_file" | while read -r file; do
    mkdir -p "$2/$(dirname "$file")"
    cp "$1/$file" "$2/$file"
done
# A place that has moved too far: adapt the patch.
patch --quiet --no-backup-if-mismatch -p1 -d "$2" < "$patch_file"
