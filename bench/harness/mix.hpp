// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

enum class endpoint : std::uint8_t {
    send_message,
    edit_message,
    list_message_by_seq,
    list_message,
    list_message_by_mid_seq,
    list_message_edit_record,
    button_report,
    recall_msg,
    recall_msg_batch,
    file_download_record,
    msg_forward,
    pic_list_message_by_mid_seq,
    delete_msg,
};

/// The API's names, in the enumeration's order.
inline constexpr std::array<std::string_view, 13> endpoint_names = {
    "send-message",
    "edit-message",
    "list-message-by-seq",
    "list-message",
    "list-message-by-mid-seq",
    "list-message-edit-record",
    "button-report",
    "recall-msg",
    "recall-msg-batch",
    "file-download-record",
    "msg-forward",
    "pic-list-message-by-mid-seq",
    "delete",
};

[[nodiscard]] constexpr std::string_view name_of(endpoint e) noexcept {
    return endpoint_names[static_cast<std::size_t>(e)];
}

/// The endpoints that are called and their weights.
class mix {
public:
    /// Parses "send-message=8,list-message=2"; the default weight is 1. Throws `std::invalid_argument`.
    explicit mix(std::string_view text);

    /// Maps a number in [0, 1) to an endpoint.
    [[nodiscard]] endpoint pick(double unit) const noexcept;
    [[nodiscard]] bool has(endpoint e) const noexcept;

private:
    struct share {
        endpoint what{};
        double upto = 0; ///< cumulative weight
    };
    std::vector<share> shares_;
};

} // namespace bench
