#pragma once

#include "codec/codec.hpp"

#include <optional>

// What a request must fulfil before anything of it is sent: ids are there and clean, texts are UTF-8, each kind of
// message has what the API's guide requires. What the server alone can know is left to it.
namespace yunhu::inline v0_1::codec {

[[nodiscard]] std::optional<refusal> check(const send_message_request& request);
[[nodiscard]] std::optional<refusal> check(const edit_message_request& request);
[[nodiscard]] std::optional<refusal> check(const list_message_by_seq_request& request);
[[nodiscard]] std::optional<refusal> check(const list_message_request& request);
[[nodiscard]] std::optional<refusal> check(const list_message_by_mid_seq_request& request);
[[nodiscard]] std::optional<refusal> check(const list_message_edit_record_request& request);
[[nodiscard]] std::optional<refusal> check(const button_report_request& request);
[[nodiscard]] std::optional<refusal> check(const recall_msg_request& request);
[[nodiscard]] std::optional<refusal> check(const recall_msg_batch_request& request);
[[nodiscard]] std::optional<refusal> check(const file_download_record_request& request);
[[nodiscard]] std::optional<refusal> check(const msg_forward_request& request);
[[nodiscard]] std::optional<refusal> check(const pic_list_message_by_mid_seq_request& request);
[[nodiscard]] std::optional<refusal> check(const delete_msg_request& request);

} // namespace yunhu::inline v0_1::codec
