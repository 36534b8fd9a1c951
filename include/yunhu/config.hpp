// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

// Marks the symbols that a shared library exports; all others have hidden visibility.
#if defined(__GNUC__)
#define YUNHU_EXPORT __attribute__((visibility("default")))
#else
#define YUNHU_EXPORT
#endif

// Every symbol carries the minor version: two versions of the library may be linked into one program.
#define YUNHU_NAMESPACE_BEGIN                                                                                          \
    namespace yunhu {                                                                                                  \
    inline namespace v0_2 {
#define YUNHU_NAMESPACE_END                                                                                            \
    }                                                                                                                  \
    }
