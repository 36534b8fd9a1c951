// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/types.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// Result of an endpoint that returns only a status: edit, button-report, recall, recall-batch,
/// file-download-record, msg-forward, delete.
struct YUNHU_EXPORT acknowledged : call_info {
    acknowledged() = default;
};

/// Result of send-message: `msg_id` (of `call_info`) is the message's id.
struct YUNHU_EXPORT sent_message : call_info {
    sent_message() = default;
};

/// Result of the four list endpoints. The API promises no order.
struct YUNHU_EXPORT message_page : call_info {
    message_page() = default;

    std::vector<message> messages;
    std::int64_t total = 0;     ///< as reported by the server, or 0
    std::size_t unreadable = 0; ///< messages in the response that can't be read: not in `messages`; see `detail`

    /// The message with the given id, or null. With `unreadable` > 0 null does not prove that the server has no such
    /// message.
    [[nodiscard]] const message* find(std::string_view id) const noexcept {
        for (const message& m : messages) {
            if (m.msg_id == id) {
                return &m;
            }
        }
        return nullptr;
    }
};

/// Result of list-message-edit-record.
struct YUNHU_EXPORT edit_record_page : call_info {
    edit_record_page() = default;

    std::vector<edit_record> records;
    std::int64_t total = 0;     ///< records in all pages, as reported by the server, or 0
    std::size_t unreadable = 0; ///< records in the response that can't be read: not in `records`; see `detail`
};

/// An item of an iteration (none: it has ended), or the result of a look-up (none: not found). The details are those of
/// the request that this operation made; an item that was buffered has none.
template <class T> struct optional_result : call_info, std::optional<T> {
    optional_result() = default;
    explicit optional_result(std::optional<T> item) : std::optional<T>(std::move(item)) {}
    optional_result(call_info details, std::optional<T> item)
        : call_info(std::move(details)), std::optional<T>(std::move(item)) {}
};

/// Result of a call to a custom endpoint.
template <class T> struct reply : call_info {
    reply() = default;

    T value{};
};

YUNHU_NAMESPACE_END
