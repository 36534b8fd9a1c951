// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/broadcast/journal_state.hpp"
#include "features/broadcast/journal_text.hpp"

#include <yunhu/broadcast.hpp>
#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// A broadcast's journal file, locked while it is open. Records are buffered and written together.
class journal_file {
public:
    journal_file() = default;
    journal_file(const journal_file&) = delete;
    journal_file& operator=(const journal_file&) = delete;
    ~journal_file();

    /// Reads an existing journal into `state`, or creates one. Throws `yunhu::error`: `errc::invalid_request` when it
    /// can't be resumed, the system's code when it can't be read, locked or written.
    void open(const std::filesystem::path& path, durability sync, const journal_header& header, journal_state& state);
    void add(const journal_record& record);
    /// Writes the buffered records. After an error nothing is written any more, so that the file stays valid.
    [[nodiscard]] error_code flush();

private:
    [[nodiscard]] std::string read(const journal_header& header, journal_state& state);
    [[nodiscard]] error_code write(std::string_view text);

    int file_ = -1;
    durability sync_{};
    std::uint64_t size_ = 0;
    std::string lines_;
    error_code error_;
};

/// `errc::invalid_request` with that detail.
[[nodiscard]] failure invalid_broadcast(std::string detail, const error_code& cause = {});
/// The journal's file failed: a code of the system, which is no mistake in a request.
[[nodiscard]] failure journal_failure(const std::string& detail, const error_code& why);
/// The file could not be locked.
[[nodiscard]] failure lock_failure(const error_code& why);

} // namespace detail
YUNHU_NAMESPACE_END
