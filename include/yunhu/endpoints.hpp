// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/requests.hpp>
#include <yunhu/results.hpp>

#include <array>

YUNHU_NAMESPACE_BEGIN

/// An endpoint of the API: its row, and the types of its request and of its result.
template <class Request, class Result> struct api_endpoint : endpoint_info {
    using request_type = Request;
    using result_type = Result;
    using endpoint_info::endpoint_info;
};

/// The endpoints of the API, each named as its function of `client`.
namespace endpoints {

inline constexpr api_endpoint<send_message_request, sent_message> send_message{
    "/v1/msg/send-message", wire_format::protobuf, retry_class::non_idempotent};
inline constexpr api_endpoint<edit_message_request, acknowledged> edit_message{
    "/v1/msg/edit-message", wire_format::protobuf, retry_class::idempotent};
inline constexpr api_endpoint<list_message_by_seq_request, message_page> list_message_by_seq{
    "/v1/msg/list-message-by-seq", wire_format::protobuf, retry_class::safe};
inline constexpr api_endpoint<list_message_request, message_page> list_message{
    "/v1/msg/list-message", wire_format::protobuf, retry_class::safe};
inline constexpr api_endpoint<list_message_by_mid_seq_request, message_page> list_message_by_mid_seq{
    "/v1/msg/list-message-by-mid-seq", wire_format::protobuf, retry_class::safe};
inline constexpr api_endpoint<list_message_edit_record_request, edit_record_page> list_message_edit_record{
    "/v1/msg/list-message-edit-record", wire_format::json, retry_class::safe};
inline constexpr api_endpoint<button_report_request, acknowledged> button_report{
    "/v1/msg/button-report", wire_format::protobuf, retry_class::non_idempotent};
inline constexpr api_endpoint<recall_msg_request, acknowledged> recall_msg{"/v1/msg/recall-msg", wire_format::protobuf,
                                                                           retry_class::idempotent};
inline constexpr api_endpoint<recall_msg_batch_request, acknowledged> recall_msg_batch{
    "/v1/msg/recall-msg-batch", wire_format::protobuf, retry_class::idempotent};
inline constexpr api_endpoint<file_download_record_request, acknowledged> file_download_record{
    "/v1/msg/file-download-record", wire_format::json, retry_class::non_idempotent};
inline constexpr api_endpoint<msg_forward_request, acknowledged> msg_forward{"/v1/msg/msg-forward", wire_format::json,
                                                                             retry_class::non_idempotent};
inline constexpr api_endpoint<pic_list_message_by_mid_seq_request, message_page> pic_list_message_by_mid_seq{
    "/v1/msg/pic-list-message-by-mid-seq", wire_format::protobuf, retry_class::safe};
inline constexpr api_endpoint<delete_msg_request, acknowledged> delete_msg{"/v1/msg/delete", wire_format::json,
                                                                           retry_class::idempotent};

/// The rows as one type, for code that treats all endpoints alike.
template <const auto&... Rows> struct row_list {
    static constexpr std::array<const endpoint_info*, sizeof...(Rows)> infos{&Rows...};
};

using all = row_list<send_message, edit_message, list_message_by_seq, list_message, list_message_by_mid_seq,
                     list_message_edit_record, button_report, recall_msg, recall_msg_batch, file_download_record,
                     msg_forward, pic_list_message_by_mid_seq, delete_msg>;

} // namespace endpoints
YUNHU_NAMESPACE_END
