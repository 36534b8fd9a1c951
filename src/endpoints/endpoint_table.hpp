// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "codec.hpp"

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>

#include <string>
#include <string_view>

// The table of endpoints: path, format, retry class and codec, one row each. Adding an endpoint: its message in the
// proto, a row here, its codec pair, a declared function in client.hpp and its test.
YUNHU_NAMESPACE_BEGIN
namespace endpoints {

template <class Request, class Result> struct row {
    endpoint_info info;
    error_code (*decode)(std::string_view body, Result& into);
    using result_type = Result;
};

template <class Result, error_code (*Decode)(std::string_view, call_info&)>
error_code as(std::string_view body, Result& into) {
    return Decode(body, into);
}

using enum wire_format;
using enum retry_class;

inline constexpr row<send_message_request, sent_message> send_message{
    {"/v1/msg/send-message", protobuf, non_idempotent}, &as<sent_message, endpoints::decode_status>};
inline constexpr row<edit_message_request, acknowledged> edit_message{{"/v1/msg/edit-message", protobuf, idempotent},
                                                                      &as<acknowledged, endpoints::decode_status>};
inline constexpr row<list_message_by_seq_request, message_page> list_message_by_seq{
    {"/v1/msg/list-message-by-seq", protobuf, safe}, &endpoints::decode_page};
inline constexpr row<list_message_request, message_page> list_message{{"/v1/msg/list-message", protobuf, safe},
                                                                      &endpoints::decode_page};
inline constexpr row<list_message_by_mid_seq_request, message_page> list_message_by_mid_seq{
    {"/v1/msg/list-message-by-mid-seq", protobuf, safe}, &endpoints::decode_page};
inline constexpr row<list_message_edit_record_request, edit_record_page> list_message_edit_record{
    {"/v1/msg/list-message-edit-record", json, safe}, &endpoints::decode_edit_records};
inline constexpr row<button_report_request, acknowledged> button_report{
    {"/v1/msg/button-report", protobuf, non_idempotent}, &as<acknowledged, endpoints::decode_status>};
inline constexpr row<recall_msg_request, acknowledged> recall_msg{{"/v1/msg/recall-msg", protobuf, idempotent},
                                                                  &as<acknowledged, endpoints::decode_status>};
inline constexpr row<recall_msg_batch_request, acknowledged> recall_msg_batch{
    {"/v1/msg/recall-msg-batch", protobuf, idempotent}, &as<acknowledged, endpoints::decode_status>};
inline constexpr row<file_download_record_request, acknowledged> file_download_record{
    {"/v1/msg/file-download-record", json, non_idempotent}, &as<acknowledged, endpoints::decode_json_status>};
inline constexpr row<msg_forward_request, acknowledged> msg_forward{{"/v1/msg/msg-forward", json, non_idempotent},
                                                                    &as<acknowledged, endpoints::decode_json_status>};
inline constexpr row<pic_list_message_by_mid_seq_request, message_page> pic_list_message_by_mid_seq{
    {"/v1/msg/pic-list-message-by-mid-seq", protobuf, safe}, &endpoints::decode_page};
inline constexpr row<delete_msg_request, acknowledged> delete_msg{{"/v1/msg/delete", json, idempotent},
                                                                  &as<acknowledged, endpoints::decode_json_status>};

} // namespace endpoints
YUNHU_NAMESPACE_END
