# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# Rows -> a table in plain text.
def digits(n): if . == null then "-" else
    (. * pow(10; n) | round | tostring) as $s
    | if n == 0 then $s else
        (if ($s | length) <= n then ("0" * (n + 1 - ($s | length))) + $s else $s end) as $p
        | $p[:-n] + "." + $p[-n:] end end;
def left(n): . + (" " * (n - length) // "");
def right(n): (" " * (n - length) // "") + .;
("peer" | left(18)) + ("CPU us/call" | right(12)) + ("of it user" | right(12)) + ("calls/CPU-s" | right(13))
  + ("ratio to ours" | right(15)) + ("peak RSS MB" | right(13)) + ("instructions" | right(14)) + ("ratio" | right(8)),
(.[] | if .absent then (.name | left(18)) + "not there: " + .absent else
    (.name | left(18)) + (.cpu_us_per_call | digits(2) | right(12)) + (.user_us_per_call | digits(2) | right(12))
    + (.calls_per_cpu_second | digits(0) | right(13)) + (.ratio_to_ours | digits(2) | right(15))
    + (.peak_rss_kb / 1024 | digits(1) | right(13)) + (.instructions_per_call | digits(0) | right(14))
    + (.instructions_ratio_to_ours | digits(2) | right(8)) end)
