// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "text_input.hpp"

#include "fields.hpp"
#include "standard_streams.hpp"

#include <cerrno>
#include <iostream>
#include <iterator>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace cli {
namespace {

class open_file {
public:
    explicit open_file(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)) {}
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;
    ~open_file() {
        if (descriptor_ >= 0) {
            close(descriptor_);
        }
    }
    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

[[noreturn]] void refuse(std::string_view field, const std::error_code& why) {
    throw bad_field(field, "can't be read: {0}", {why.message()});
}

std::string all_of(std::streambuf& from) {
    return {std::istreambuf_iterator<char>(&from), std::istreambuf_iterator<char>()};
}

} // namespace

void remove_byte_order_mark(std::string& text) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    if (text.starts_with(mark)) {
        text.erase(0, mark.size());
    }
}

bool is_not_utf8(std::string_view text) {
    return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") || text.find('\0') != std::string_view::npos;
}

std::string read_text(std::string_view field, const std::string& path) {
    std::string text;
    if (path == "-") {
        text = all_of(*std::cin.rdbuf());
        if (const std::error_code why = tools::error_of(std::cin)) {
            refuse(field, why);
        }
    } else {
        const open_file file(path);
        if (file.descriptor() < 0) {
            refuse(field, {errno, std::generic_category()});
        }
        tools::descriptor_input input(file.descriptor());
        text = all_of(input);
        if (input.error()) {
            refuse(field, input.error());
        }
    }
    if (is_not_utf8(text)) {
        throw bad_field(field, "must be UTF-8; it is UTF-16 or binary");
    }
    remove_byte_order_mark(text);
    for (const char end : {'\n', '\r'}) {
        if (text.ends_with(end)) {
            text.pop_back();
        }
    }
    return text;
}

} // namespace cli
