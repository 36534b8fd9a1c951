#pragma once

#include "codec/codec.hpp"

#include <yunhu/endpoint.hpp>

#include <string>
#include <string_view>

// The table of endpoints: path, format, retry class and codec, one row each. Adding an endpoint: its message in the
// proto, a row here, its codec pair, a declared function in client.hpp and its test.
namespace yunhu::inline v0_1::table {

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

inline constexpr row<send_message_request, sent_message> send_message{{"/v1/msg/send-message", protobuf, one_shot},
                                                                      &as<sent_message, codec::decode_status>};
inline constexpr row<edit_message_request, acknowledged> edit_message{{"/v1/msg/edit-message", protobuf, convergent},
                                                                      &as<acknowledged, codec::decode_status>};
inline constexpr row<list_message_by_seq_request, message_page> list_message_by_seq{
    {"/v1/msg/list-message-by-seq", protobuf, read}, &codec::decode_page};
inline constexpr row<list_message_request, message_page> list_message{{"/v1/msg/list-message", protobuf, read},
                                                                      &codec::decode_page};
inline constexpr row<list_message_by_mid_seq_request, message_page> list_message_by_mid_seq{
    {"/v1/msg/list-message-by-mid-seq", protobuf, read}, &codec::decode_page};
inline constexpr row<list_message_edit_record_request, edit_record_page> list_message_edit_record{
    {"/v1/msg/list-message-edit-record", json, read}, &codec::decode_edit_records};
inline constexpr row<button_report_request, acknowledged> button_report{{"/v1/msg/button-report", protobuf, one_shot},
                                                                        &as<acknowledged, codec::decode_status>};
inline constexpr row<recall_msg_request, acknowledged> recall_msg{{"/v1/msg/recall-msg", protobuf, convergent},
                                                                  &as<acknowledged, codec::decode_status>};
inline constexpr row<recall_msg_batch_request, acknowledged> recall_msg_batch{
    {"/v1/msg/recall-msg-batch", protobuf, convergent}, &as<acknowledged, codec::decode_status>};
inline constexpr row<file_download_record_request, acknowledged> file_download_record{
    {"/v1/msg/file-download-record", json, one_shot}, &as<acknowledged, codec::decode_json_status>};
inline constexpr row<msg_forward_request, acknowledged> msg_forward{{"/v1/msg/msg-forward", json, one_shot},
                                                                    &as<acknowledged, codec::decode_json_status>};
inline constexpr row<pic_list_message_by_mid_seq_request, message_page> pic_list_message_by_mid_seq{
    {"/v1/msg/pic-list-message-by-mid-seq", protobuf, read}, &codec::decode_page};
inline constexpr row<delete_msg_request, acknowledged> delete_msg{{"/v1/msg/delete", json, convergent},
                                                                  &as<acknowledged, codec::decode_json_status>};

} // namespace yunhu::inline v0_1::table
