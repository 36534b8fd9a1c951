// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/codec.hpp"

#include <yunhu/config.hpp>

#include <optional>

// What a request must fulfil before anything of it is sent: ids are there and clean, texts are UTF-8, each kind of
// message has what the API's guide requires. What the server alone can know is left to it.
YUNHU_NAMESPACE_BEGIN
namespace codec {

[[nodiscard]] std::optional<validation_error> check(const send_message_request& request);
[[nodiscard]] std::optional<validation_error> check(const edit_message_request& request);
[[nodiscard]] std::optional<validation_error> check(const list_message_by_seq_request& request);
[[nodiscard]] std::optional<validation_error> check(const list_message_request& request);
[[nodiscard]] std::optional<validation_error> check(const list_message_by_mid_seq_request& request);
[[nodiscard]] std::optional<validation_error> check(const list_message_edit_record_request& request);
[[nodiscard]] std::optional<validation_error> check(const button_report_request& request);
[[nodiscard]] std::optional<validation_error> check(const recall_msg_request& request);
[[nodiscard]] std::optional<validation_error> check(const recall_msg_batch_request& request);
[[nodiscard]] std::optional<validation_error> check(const file_download_record_request& request);
[[nodiscard]] std::optional<validation_error> check(const msg_forward_request& request);
[[nodiscard]] std::optional<validation_error> check(const pic_list_message_by_mid_seq_request& request);
[[nodiscard]] std::optional<validation_error> check(const delete_msg_request& request);

} // namespace codec
YUNHU_NAMESPACE_END
