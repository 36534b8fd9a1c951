// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/secret.hpp>

#include <openssl/crypto.h>

YUNHU_NAMESPACE_BEGIN

void secret::wipe(std::string& text) noexcept {
    // All that is allocated, not only what is in use: a short string leaves its bytes behind when it is moved from.
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

YUNHU_NAMESPACE_END
