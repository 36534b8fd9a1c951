// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

namespace bench {

/// Style sheet of the page; light or dark by the reader's system.
extern const std::string_view page_style;
/// Script of the page: shows values under the pointer. Without `<` and `&`, so that the page is well-formed XML.
extern const std::string_view page_script;

} // namespace bench
