#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# links.sh SOURCE_DIR [PREFIX]: every relative link of a page leads to a file; of the pages that were installed to PREFIX
# instead, if it is given.
set -eu
if [ -n "${2:-}" ]; then
    cd "$(dirname "$(find "$2" -name README.zh-CN.md)")"
    pages=$(echo *.md) fewest=10
else
    cd "$1"
    pages=$(echo README.md README.zh-CN.md .github/*.md src/README.md src/doc/*.md src/doc/*/*.md bench/*.md \
        tests/system/faults/*.md) fewest=30
fi
status=0 links=0
for page in $pages; do
    for link in $(grep -oE '\]\([^)#: ]+' "$page" | sed 's/^](//'); do
        links=$((links + 1))
        [ -e "$(dirname "$page")/$link" ] || { echo "$page: no $link" && status=1; }
    done
done
[ "$links" -ge "$fewest" ] || { echo "only $links links were found" && exit 1; }
exit $status
