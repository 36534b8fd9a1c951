#include <yunhu/secret.hpp>

#include <openssl/crypto.h>

namespace yunhu::inline v0_1 {

void secret::wipe(std::string& text) noexcept {
    // All that is allocated, not only what is in use: a short string leaves its bytes behind when it is moved from.
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

} // namespace yunhu::inline v0_1
