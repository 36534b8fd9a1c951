#include <yunhu/secret.hpp>

#include <openssl/crypto.h>

namespace yunhu {

void secret::wipe() noexcept {
    // All that is allocated, not only what is in use: a short string leaves its bytes behind when it is moved from.
    value_.resize(value_.capacity());
    OPENSSL_cleanse(value_.data(), value_.size());
    value_.clear();
}

} // namespace yunhu
