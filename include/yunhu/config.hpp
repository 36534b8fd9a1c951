// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

// Every symbol carries the minor version: two versions of the library may be linked into one program.
#define YUNHU_NAMESPACE_BEGIN                                                                                          \
    namespace yunhu {                                                                                                  \
    inline namespace v0_2 {
#define YUNHU_NAMESPACE_END                                                                                            \
    }                                                                                                                  \
    }
