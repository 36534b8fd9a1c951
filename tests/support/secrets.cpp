// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "secrets.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <string>

namespace yunhu::test {

bool reveals(const failure& about, std::string_view hidden) {
    std::ostringstream printed;
    printed << about << about.delivery << about.phase;
    const error thrown(about);
    const std::array<std::string, 7> texts{
        printed.str(), describe(about),      thrown.what(),         thrown.code().message(),
        about.detail,  about.code.message(), about.cause.message(),
    };
    return std::ranges::any_of(texts, [hidden](const std::string& t) { return t.find(hidden) != std::string::npos; });
}

} // namespace yunhu::test
