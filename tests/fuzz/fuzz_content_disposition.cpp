// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/download_plan.hpp"
#include "media/file_name.hpp"
#include "media/media_type.hpp"
#include "media/storage_hosts.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// For any field value, name, URL or content: a name without folders and controls, and a URL of a known host, or none.

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void require_safe(const std::string& name) {
    require(name.size() <= 200 && !name.starts_with('.') && !name.starts_with('-') && name != "..");
    for (const char c : name) {
        require(static_cast<unsigned char>(c) >= 0x20U && c != '/' && c != '\\' && c != '\x7f');
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace yunhu::storage;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    require_safe(safe_file_name(disposition_file_name(text)));
    require_safe(safe_file_name(text));
    require_safe(safe_file_name(percent_decode(text)));
    require(suffix_of(text).size() <= 10);
    static_cast<void>(sniff_media_type(text));
    for (const auto& url : {parse_media_url(text), locate_media(text, "chat-img.jwznb.com"),
                            follow({"chat-img.jwznb.com", "/a"}, text)}) {
        require(!url || (is_media_host(url->host) && url->target.find_first_of(" \r\n#") == std::string::npos));
    }
    return 0;
}
