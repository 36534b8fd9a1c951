// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/secret.hpp>

namespace tools {

/// Takes the token out of the command line (`--token X`, `--token=X`) or, if it has none, out of the environment
/// (YUNHU_TOKEN), before any parser copies it. Both are overwritten: other users of the machine can read a command
/// line, and a child process inherits the environment. In the command line `*` stands in its place. Empty: none.
[[nodiscard]] yunhu::secret take_token(int argc, char** argv);

} // namespace tools
