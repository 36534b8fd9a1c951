// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <filesystem>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// Who the emulator is: a CA of its own and a server certificate for localhost that the CA has signed. All PEM.
struct identity {
    std::string ca;
    std::string certificate;
    std::string key; ///< of `certificate`; the CA's own key is forgotten
};

/// Makes new keys (EC P-256) and certificates, valid for ten years from yesterday.
/// Throws `boost::system::system_error`.
[[nodiscard]] identity make_identity();

/// Writes `text` so that a reader sees the old file or the whole new one. Throws `boost::system::system_error`.
void write_atomically(const std::filesystem::path& file, std::string_view text);

} // namespace testing::detail
YUNHU_NAMESPACE_END
