// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

namespace bench {

/// The page's style: light and dark, as the reader's system has it.
extern const std::string_view page_style;
/// The page's script: values under the pointer. Has no `<` and no `&`, so that the page is well-formed XML too.
extern const std::string_view page_script;

} // namespace bench
