#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# links.sh SOURCE_DIR: every relative link of a page leads to a file.
set -eu
cd "$1"
status=0 links=0
for page in README.md README.zh-CN.md .github/*.md src/README.md src/doc/*.md src/doc/*/*.md bench/*.md \
    tests/system/faults/*.md; do
    for link in $(grep -oE '\]\([^)#: ]+' "$page" | sed 's/^](//'); do
        links=$((links + 1))
        [ -e "$(dirname "$page")/$link" ] || { echo "$page: no $link" && status=1; }
    done
done
[ "$links" -ge 30 ] || { echo "only $links links were found" && exit 1; }
exit $status
