#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# errors.sh SOURCE_DIR: the handbook's pages on errors have a section for every error code, in the same order, with
# something to do; tell of every delivery class and phase; and of nothing that there is not.
set -eu
cd "$1"
fail() { echo "$*" && exit 1; }

# enumerators NAME: of an enum class in error.hpp, one a line.
enumerators() {
    sed -n "/^enum class $1 /,/};/p" include/yunhu/error.hpp | sed -E 's,///.*,,; s/.*\{//' |
        grep -oE '[a-z][a-z0-9_]*' | sort -u
}
codes=$(enumerators errc)
[ "$(echo "$codes" | wc -l)" -ge 23 ] || fail "error.hpp can't be read: $codes"

sections() { sed -n 's/^### `\(.*\)`$/\1/p' "$1"; }
english=src/doc/handbook/errors.md chinese=src/doc/handbook/errors.zh-CN.md
for page in $english $chinese; do
    found=$(sections "$page" | grep -vx operation_aborted | sort)
    [ "$found" = "$codes" ] || { echo "$page:" && printf '%s\n%s\n' "$found" "$codes" | sort | uniq -u && exit 1; }
    for each in $(enumerators delivery) resolve connect tls write first_byte body backoff queue operation_aborted; do
        grep -q "\`$each\`" "$page" || fail "$page does not tell of $each"
    done
done
[ "$(sections $english)" = "$(sections $chinese)" ] || fail "the two pages differ in their order"

# Every section says what to do.
for page in "$english:**Do:**" "$chinese:**怎么办：**"; do
    awk -v todo="${page#*:}" '
        /^### / { if (name != "" && !does) { print name; bad = 1 } name = $2; does = 0 }
        index($0, todo) == 1 { does = 1 }
        END { if (!does) { print name; bad = 1 } exit bad }' "${page%%:*}" || fail "${page%%:*}: nothing to do"
done

# In both, the three groups name every code once, client_closed apart.
for page in $english $chinese; do
    grouped=$(awk '/^## /{ n++ } n == 2' "$page" | sed -n '/^\* /,/^$/p' | grep -oE '`[a-z_]+`' | tr -d '`' |
        grep -vx base_url | sort)
    [ "$grouped" = "$(echo "$codes" | grep -vx client_closed)" ] ||
        { echo "$page, groups:" && printf '%s\n%s\n' "$grouped" "$codes" | sort | uniq -u && exit 1; }
done
