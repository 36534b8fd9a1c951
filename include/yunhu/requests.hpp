// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/draft.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/indirect.hpp>
#include <yunhu/results.hpp>
#include <yunhu/types.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// Each request, and beside it the row of the endpoint that takes it: a constant named as the client's function.
YUNHU_NAMESPACE_BEGIN

/// A new message id: a version-4 UUID as 32 lower-case hex digits. Unpredictable; safe from any thread.
[[nodiscard]] YUNHU_EXPORT std::string new_msg_id();

// Every request declares constructors: GCC 12 destroys aggregates twice in a co_await expression.

/// Request of send-message. Its `msg_id` is chosen when it is constructed, so it is known before anything is sent.
struct YUNHU_EXPORT send_message_request {
    send_message_request() : msg_id(new_msg_id()) {}
    send_message_request(yunhu::chat to, draft what);
    send_message_request(yunhu::chat to, draft what, std::string id);

    std::string msg_id; ///< the message's id from now on
    yunhu::chat chat;
    indirect<yunhu::content> content;
    yunhu::content_type content_type{};
    std::uint64_t command_id = 0;
    std::string quote_msg_id;
    indirect<yunhu::media> media; ///< sent when anything in it is set
};

namespace endpoints {
inline constexpr api_endpoint<send_message_request, sent_message> send_message{
    "/v1/msg/send-message", wire_format::protobuf, retry_class::non_idempotent};
} // namespace endpoints

/// Request of edit-message: `msg_id` names the message to edit. Kinds text, markdown and html.
/// Quote fields must be given again or the quote is lost: `edit_keeping_quote` does.
struct YUNHU_EXPORT edit_message_request {
    edit_message_request() = default;
    edit_message_request(yunhu::chat in, std::string id, draft what);

    std::string msg_id;
    yunhu::chat chat;
    indirect<yunhu::content> content;
    yunhu::content_type content_type{};
    std::uint64_t command_id = 0;
    std::string quote_msg_id;
    indirect<yunhu::media> media; ///< sent when anything in it is set
};

namespace endpoints {
inline constexpr api_endpoint<edit_message_request, acknowledged> edit_message{
    "/v1/msg/edit-message", wire_format::protobuf, retry_class::idempotent};
} // namespace endpoints

/// An edit of a received message that keeps its quote, with the quoted image or video; a quote of `what` itself
/// goes before it. `in` is the chat that the message is in.
[[nodiscard]] YUNHU_EXPORT edit_message_request edit_keeping_quote(yunhu::chat in, const message& original, draft what);

/// Request of list-message-by-seq: messages newer than `msg_start` (exclusive; 0: the newest). Not for paging.
struct YUNHU_EXPORT list_message_by_seq_request {
    list_message_by_seq_request() = default;
    list_message_by_seq_request(yunhu::chat in, std::uint64_t start) : chat(std::move(in)), msg_start(start) {}

    yunhu::chat chat;
    std::uint64_t msg_start = 0;
};

namespace endpoints {
inline constexpr api_endpoint<list_message_by_seq_request, message_page> list_message_by_seq{
    "/v1/msg/list-message-by-seq", wire_format::protobuf, retry_class::safe};
} // namespace endpoints

/// Request of list-message: `msg_count` messages before `msg_id` (excluded; empty: from the newest). This one pages.
struct YUNHU_EXPORT list_message_request {
    list_message_request() = default;
    list_message_request(yunhu::chat in, std::uint64_t count, std::string before = {})
        : chat(std::move(in)), msg_count(count), msg_id(std::move(before)) {}

    yunhu::chat chat;
    std::uint64_t msg_count = 0; ///< must be > 0
    std::string msg_id;
};

namespace endpoints {
inline constexpr api_endpoint<list_message_request, message_page> list_message{
    "/v1/msg/list-message", wire_format::protobuf, retry_class::safe};
} // namespace endpoints

/// Request of list-message-by-mid-seq: `msg_seq` -1 looks up by `msg_id`. Returns `msg_count` + 1 messages with the
/// target among them, at no agreed position: find it by its id.
struct YUNHU_EXPORT list_message_by_mid_seq_request {
    list_message_by_mid_seq_request() = default;
    list_message_by_mid_seq_request(yunhu::chat in, std::string id, std::uint64_t count)
        : chat(std::move(in)), msg_seq(-1), msg_count(count), msg_id(std::move(id)) {}

    yunhu::chat chat;
    std::int64_t msg_seq = 0;
    std::uint64_t reserved = 0;  ///< undocumented ("unknown"); probably a count of earlier messages
    std::uint64_t msg_count = 0; ///< must be > 0
    std::string msg_id;
};

namespace endpoints {
inline constexpr api_endpoint<list_message_by_mid_seq_request, message_page> list_message_by_mid_seq{
    "/v1/msg/list-message-by-mid-seq", wire_format::protobuf, retry_class::safe};
} // namespace endpoints

/// Request of list-message-edit-record: page `page` (from 1) of `size` records.
struct YUNHU_EXPORT list_message_edit_record_request {
    list_message_edit_record_request() = default;
    list_message_edit_record_request(std::string id, std::uint64_t page_size, std::uint64_t page_number)
        : msg_id(std::move(id)), size(page_size), page(page_number) {}

    std::string msg_id;
    std::uint64_t size = 0; ///< must be > 0
    std::uint64_t page = 1; ///< must be > 0
};

namespace endpoints {
inline constexpr api_endpoint<list_message_edit_record_request, edit_record_page> list_message_edit_record{
    "/v1/msg/list-message-edit-record", wire_format::json, retry_class::safe};
} // namespace endpoints

/// Request of button-report: `user_id` pressed the button with `button_value`.
struct YUNHU_EXPORT button_report_request {
    button_report_request() = default;
    button_report_request(yunhu::chat in, std::string id, std::string user, std::string value)
        : chat(std::move(in)), msg_id(std::move(id)), user_id(std::move(user)), button_value(std::move(value)) {}

    yunhu::chat chat;
    std::string msg_id;
    std::string user_id;
    std::string button_value;
};

namespace endpoints {
inline constexpr api_endpoint<button_report_request, acknowledged> button_report{
    "/v1/msg/button-report", wire_format::protobuf, retry_class::non_idempotent};
} // namespace endpoints

/// Request of recall-msg.
struct YUNHU_EXPORT recall_msg_request {
    recall_msg_request() = default;
    recall_msg_request(yunhu::chat in, std::string id) : chat(std::move(in)), msg_id(std::move(id)) {}

    yunhu::chat chat;
    std::string msg_id;
};

namespace endpoints {
inline constexpr api_endpoint<recall_msg_request, acknowledged> recall_msg{"/v1/msg/recall-msg", wire_format::protobuf,
                                                                           retry_class::idempotent};
} // namespace endpoints

/// Request of recall-msg-batch: at least one `msg_id`. In a `co_await` pass a named vector: a braced list there does
/// not compile under GCC 12.
struct YUNHU_EXPORT recall_msg_batch_request {
    recall_msg_batch_request() = default;
    recall_msg_batch_request(yunhu::chat in, std::vector<std::string> ids)
        : chat(std::move(in)), msg_id(std::move(ids)) {}

    yunhu::chat chat;
    std::vector<std::string> msg_id;
};

namespace endpoints {
inline constexpr api_endpoint<recall_msg_batch_request, acknowledged> recall_msg_batch{
    "/v1/msg/recall-msg-batch", wire_format::protobuf, retry_class::idempotent};
} // namespace endpoints

/// Request of file-download-record: `download_path` is where the file was saved.
struct YUNHU_EXPORT file_download_record_request {
    file_download_record_request() = default;
    file_download_record_request(std::string id, std::string path)
        : msg_id(std::move(id)), download_path(std::move(path)) {}

    std::string msg_id;
    std::string download_path;
};

namespace endpoints {
inline constexpr api_endpoint<file_download_record_request, acknowledged> file_download_record{
    "/v1/msg/file-download-record", wire_format::json, retry_class::non_idempotent};
} // namespace endpoints

/// Request of msg-forward: forwards `msg_id` of a chat of kind `chat_type` to every chat in `receive` (at least one).
struct YUNHU_EXPORT msg_forward_request {
    msg_forward_request() = default;
    msg_forward_request(yunhu::chat_type from, std::string id, std::vector<chat> to)
        : msg_id(std::move(id)), chat_type(from), receive(std::move(to)) {}
    msg_forward_request(yunhu::chat_type from, std::string id, chat to) : msg_id(std::move(id)), chat_type(from) {
        receive.push_back(std::move(to));
    }

    std::string msg_id;
    yunhu::chat_type chat_type{}; ///< kind of the chat that the message is in
    std::vector<chat> receive;
};

namespace endpoints {
inline constexpr api_endpoint<msg_forward_request, acknowledged> msg_forward{"/v1/msg/msg-forward", wire_format::json,
                                                                             retry_class::non_idempotent};
} // namespace endpoints

/// Request of pic-list-message-by-mid-seq: the picture messages around the one with the `msg_seq` `image_id`.
struct YUNHU_EXPORT pic_list_message_by_mid_seq_request {
    pic_list_message_by_mid_seq_request() = default;
    pic_list_message_by_mid_seq_request(yunhu::chat in, std::uint64_t image, std::uint64_t earlier, std::uint64_t later)
        : chat(std::move(in)), image_id(image), earlier_count(earlier), later_count(later) {}

    yunhu::chat chat;
    std::uint64_t image_id = 0;
    std::uint64_t earlier_count = 0; ///< the API calls both counts "unknown"
    std::uint64_t later_count = 0;   ///< one of the two counts must be > 0
};

namespace endpoints {
inline constexpr api_endpoint<pic_list_message_by_mid_seq_request, message_page> pic_list_message_by_mid_seq{
    "/v1/msg/pic-list-message-by-mid-seq", wire_format::protobuf, retry_class::safe};
} // namespace endpoints

/// Request of delete: removes the message from the caller's own view; not a recall.
struct YUNHU_EXPORT delete_msg_request {
    delete_msg_request() = default;
    delete_msg_request(yunhu::chat in, std::string id) : chat(std::move(in)), msg_id(std::move(id)) {}

    yunhu::chat chat;
    std::string msg_id;
};

namespace endpoints {
inline constexpr api_endpoint<delete_msg_request, acknowledged> delete_msg{"/v1/msg/delete", wire_format::json,
                                                                           retry_class::idempotent};
} // namespace endpoints

namespace endpoints {
using all = row_list<send_message, edit_message, list_message_by_seq, list_message, list_message_by_mid_seq,
                     list_message_edit_record, button_report, recall_msg, recall_msg_batch, file_download_record,
                     msg_forward, pic_list_message_by_mid_seq, delete_msg>;
} // namespace endpoints

YUNHU_NAMESPACE_END
