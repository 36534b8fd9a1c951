# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# Lines of single runs -> one row a peer: medians, and the ratio to our client.
def median: sort | if length % 2 == 1 then .[(length - 1) / 2] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
($counted | map({key: .name, value: .instructions}) | from_entries) as $instructions
| ($runs | map(.name) | reduce .[] as $n ([]; if index($n) then . else . + [$n] end)) as $names
| [$names[] as $name | [$runs[] | select(.name == $name)]
   | { name: $name,
       cpu_us_per_call: (map(.cpu_us_per_call) | median),
       user_us_per_call: (map(.user_us_per_call) | median),
       instructions_per_call: $instructions[$name],
       calls_per_cpu_second: (1e6 / (map(.cpu_us_per_call) | median) | round),
       calls_per_second: (map(.calls_per_second) | median | round),
       peak_rss_kb: (map(.peak_rss_kb) | median),
       connections: .[0].connections,
       calls: .[0].calls,
       rounds: length,
       cpu_us_of_each_round: map(.cpu_us_per_call),
       absent: null }]
| (map(select(.name == "yunhu"))[0]) as $ours
| map(. + { ratio_to_ours: (if $ours then .cpu_us_per_call / $ours.cpu_us_per_call else null end),
            instructions_ratio_to_ours: (if $ours.instructions_per_call and .instructions_per_call
                                         then .instructions_per_call / $ours.instructions_per_call else null end) })
| . + ($absent | map({ name, absent, cpu_us_per_call: null, instructions_per_call: null, ratio_to_ours: null }))
