// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "targets.hpp"

#include "fields.hpp"
#include "text_input.hpp"

#include <sstream>
#include <string_view>

namespace cli {
namespace {

// Without a comment, which begins a line or follows a blank (an id may have a `#` in it), and without blanks around.
std::string_view content_of(std::string_view line) {
    constexpr std::string_view blanks = " \t\r";
    for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
        if (at == 0 || blanks.find(line[at - 1]) != std::string_view::npos) {
            line = line.substr(0, at);
            break;
        }
    }
    const std::size_t begin = line.find_first_not_of(blanks);
    return begin == std::string_view::npos ? std::string_view()
                                           : line.substr(begin, line.find_last_not_of(blanks) + 1 - begin);
}

} // namespace

std::vector<yunhu::chat> read_targets(const std::string& path, std::vector<std::size_t>& lines) {
    std::istringstream file(read_text("targets", path));
    std::vector<yunhu::chat> targets;
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (const std::string_view target = content_of(line); !target.empty()) {
            targets.push_back(parse_chat("targets, line " + std::to_string(number), target));
            lines.push_back(number);
        }
    }
    if (targets.empty()) {
        throw bad_field("targets", "the file has no conversation");
    }
    return targets;
}

} // namespace cli
