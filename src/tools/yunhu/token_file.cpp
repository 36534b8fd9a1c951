// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "token_file.hpp"

#include "fields.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace cli {
namespace {

std::error_code last_errno() {
    return {errno, std::generic_category()};
}

bool write_token(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t done = write(descriptor, text.data(), text.size());
        if (done < 0 && errno != EINTR) {
            return false;
        }
        text.remove_prefix(done < 0 ? 0 : static_cast<std::size_t>(done));
    }
    return true;
}

} // namespace

token_file::token_file(std::string path) : path_(std::move(path)), made_(path_ + ".XXXXXX"), descriptor_(-1) {
    struct stat status {};
    if (stat(path_.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
        const int kind = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
        throw bad_field("token_out", "can't be written: {0}",
                        {std::error_code(kind, std::generic_category()).message()});
    }
    descriptor_ = mkstemp(made_.data()); // with mode 0600
    if (descriptor_ < 0) {
        throw bad_field("token_out", "can't be written: {0}", {last_errno().message()});
    }
}

token_file::~token_file() {
    close(descriptor_);
    if (!made_.empty()) {
        unlink(made_.c_str());
    }
}

std::error_code token_file::store(std::string_view token) {
    if (!write_token(descriptor_, token) || !write_token(descriptor_, "\n") || fsync(descriptor_) != 0 ||
        std::rename(made_.c_str(), path_.c_str()) != 0) {
        return last_errno();
    }
    made_.clear();
    return {};
}

} // namespace cli
