// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <string>
#include <string_view>

// Names of files that a server or another user chose.
YUNHU_NAMESPACE_BEGIN
namespace storage {

/// A name without folders, control characters and what a shell or a file manager could take for something else; at
/// most 200 bytes, the suffix kept. Empty: nothing usable is left.
[[nodiscard]] std::string safe_file_name(std::string_view name);

/// The name in a `Content-Disposition`: `filename*` before `filename`; as it is written, not made safe. Empty: none.
[[nodiscard]] std::string disposition_file_name(std::string_view header);

/// `%41` -> `A`; what is no valid escape is kept.
[[nodiscard]] std::string percent_decode(std::string_view text);

/// The suffix without its dot: lower-case letters and digits, `jpg` for `jpeg`; empty: none.
[[nodiscard]] std::string suffix_of(std::string_view name);

} // namespace storage
YUNHU_NAMESPACE_END
