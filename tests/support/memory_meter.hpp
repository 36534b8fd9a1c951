// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace yunhu::test {

/// Peak heap memory of the calling thread, counted by `operator new` and `operator delete`. It replaces both in the
/// whole program, so only programs that link `yunhu_memory_meter` have it.
class memory_meter {
public:
    /// Starts at the memory that is allocated now.
    memory_meter();
    /// The largest increase since then, in bytes.
    [[nodiscard]] std::size_t peak() const noexcept;

private:
    std::ptrdiff_t base_;
};

} // namespace yunhu::test
