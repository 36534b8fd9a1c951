// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/types.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// Position in the events of a chat: all events up to it were taken.
struct chat_cursor {
    chat_cursor() = default;
    chat_cursor(yunhu::chat in, std::uint64_t seq, std::uint64_t at) : chat(std::move(in)), msg_seq(seq), time(at) {}
    bool operator==(const chat_cursor&) const = default;

    yunhu::chat chat;
    std::uint64_t msg_seq = 0; ///< of the last message; 0: unknown, `time` decides
    std::uint64_t time = 0;    ///< ms since the epoch: the last send, edit or recall
};

/// Positions in all chats of an account.
struct inbox_cursors {
    inbox_cursors() = default;
    bool operator==(const inbox_cursors&) const = default;

    std::uint64_t since = 0; ///< ms since the epoch: position in chats without a cursor; 0: none, so from now on
    std::vector<chat_cursor> chats;
};

/// Keeps the cursors of one account, so that a restarted program goes on where it stopped.
///
/// \par Thread safety
/// One call at a time; calls may be made from different threads.
class YUNHU_EXPORT cursor_store {
public:
    cursor_store() = default;
    cursor_store(const cursor_store&) = delete;
    cursor_store& operator=(const cursor_store&) = delete;
    virtual ~cursor_store();

    /// Returns the cursors that were saved last; empty ones if none were.
    ///
    /// \par Errors
    /// What prevents reading. The program should not go on: it would treat old messages as new, or the reverse.
    ///
    /// \par Lifetime
    /// The result is a copy.
    [[nodiscard]] virtual result<inbox_cursors> load() = 0;

    /// Replaces the saved cursors. After an error, and after a crash at any moment, the previous ones are still there.
    ///
    /// \par Parameters
    /// `cursors`: the new ones.
    ///
    /// \par Errors
    /// What prevents writing.
    ///
    /// \par Lifetime
    /// `cursors` is read before the function returns.
    [[nodiscard]] virtual result<void> save(const inbox_cursors& cursors) = 0;
};

/// Keeps the cursors in a file of one line per chat, readable and writable by its owner only. A save replaces the file
/// at once and waits until it is on the disk.
class YUNHU_EXPORT cursor_file final : public cursor_store {
public:
    /// A file with more chats is refused, and not written.
    static constexpr std::size_t max_chats = 1'000'000;

    /// Performs no I/O.
    ///
    /// \par Parameters
    /// `path`: the file; its directory must exist. A second file next to it, with the suffix `.new`, is used while
    /// saving. No other program may use the same path.
    explicit cursor_file(std::filesystem::path path);

    /// Reads the file; there are no cursors if it does not exist.
    ///
    /// \par Errors
    /// `errc::invalid_request` (`not_sent`): the file can't be read, is not a regular file, is not one of this class,
    /// is of a later version, is damaged (`detail` names the line), or is too large. The file is left as it is.
    ///
    /// \par Thread safety
    /// One call at a time.
    ///
    /// \par Lifetime
    /// The result is a copy.
    [[nodiscard]] result<inbox_cursors> load() override;

    /// Replaces the file. A file that `load` refuses is not replaced.
    ///
    /// \par Parameters
    /// `cursors`: the new ones; at most `max_chats` of them.
    ///
    /// \par Errors
    /// `errc::invalid_request` (`not_sent`): the file can't be written, is not one of this class, or there are too many
    /// chats. `cause` is the system's error.
    ///
    /// \par Thread safety
    /// One call at a time.
    ///
    /// \par Lifetime
    /// `cursors` is read before the function returns.
    [[nodiscard]] result<void> save(const inbox_cursors& cursors) override;

private:
    std::filesystem::path path_;
    bool ours_ = false; ///< the file was read or written by this object
};

YUNHU_NAMESPACE_END
