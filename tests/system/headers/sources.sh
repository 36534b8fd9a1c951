#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# sources.sh SOURCE_DIR: every source file begins with the license, can be parsed by tools and has a limited length.
set -eu
cd "$1"
find CMakeLists.txt .ci include src tests examples bench proto -type f \
    \( -name '*.hpp' -o -name '*.cpp' -o -name '*.sh' -o -name '*.cmake' -o -name '*.proto' -o -name CMakeLists.txt \
    -o -path .ci/run \) -print0 | xargs -0 awk -v most_lines=520 '
    function wrong(text) { print text; status = 1 }
    function end_file() {
        if (file == "") return
        if (license != 2) wrong(file ": no license lines")
        if (lines > most_lines) wrong(file ": " lines " lines, more than " most_lines)
    }
    FNR == 1 { end_file(); file = FILENAME; license = 0; ++files }
    { lines = FNR }
    FNR <= 3 && /^(#|\/\/) (Copyright \(c\) 2026 The yunhu authors|SPDX-License-Identifier: BSL-1\.0)$/ { ++license }
    # ctags and clang-format do not read the nested form.
    /^ *namespace [a-z_:]*::inline/ { wrong(FILENAME ":" FNR ": open it by YUNHU_NAMESPACE_BEGIN") }
    END {
        end_file()
        if (files < 300) wrong("only " files " source files were found")
        if (!status) print files " files"
        exit status
    }'
