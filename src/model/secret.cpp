// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/secret.hpp>

#include <openssl/crypto.h>

YUNHU_NAMESPACE_BEGIN

namespace detail {

void wipe(void* memory, std::size_t size) noexcept {
    OPENSSL_cleanse(memory, size);
}

void wipe(std::string& text) noexcept {
    // The whole capacity: moving from a short string leaves its bytes in the source.
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

} // namespace detail

YUNHU_NAMESPACE_END
