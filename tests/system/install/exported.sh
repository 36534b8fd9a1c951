#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0
#
# exported.sh INCLUDE_DIR LIBRARY...: a shared library exports names of the public headers, and no internal ones.
set -eu
include=$1
shift
names=$(mktemp)
trap 'rm -f "$names"' EXIT
for library in "$@"; do
    nm -D --defined-only "$library" | c++filt >"$names"
    python3 - "$library" "$include" "$names" <<'END'
import pathlib, re, sys
library, include, names = sys.argv[1:4]
public = set()
for header in pathlib.Path(include).rglob("*.hpp"):
    public |= set(re.findall(r"\w+", header.read_text()))
wrong, ours = [], 0
for line in pathlib.Path(names).read_text().splitlines():
    kind, name = re.fullmatch(r"\S+ (\w) (.*)", line).groups()
    inner = [part for path in re.findall(r"\byunhu::v\d+_\d+::([\w:~]+)", name) for part in re.findall(r"\w+", path)]
    ours += bool(inner)
    hidden = [part for part in inner if part not in public]
    # Templates and inline functions of other libraries are weak: the dynamic linker merges all copies.
    foreign = not inner and kind not in "WVu"
    if hidden or foreign or "google::protobuf" in name or re.search(r"\byunhu::(?!v\d)", name):
        wrong.append(f"{name} {hidden}")
print(f"{library}: {ours} names of the library")
print("\n".join(wrong[:40]))
sys.exit(f"{len(wrong)} names must be hidden" if wrong else "nothing is exported" if ours < 10 else 0)
END
done
