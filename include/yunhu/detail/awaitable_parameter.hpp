// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/buttons.hpp>
#include <yunhu/call_options.hpp>
#include <yunhu/client_config.hpp>
#include <yunhu/config.hpp>
#include <yunhu/draft.hpp>
#include <yunhu/requests.hpp>
#include <yunhu/types.hpp>

#include <type_traits>

// GCC 12 destroys aggregates twice in a co_await expression: none may become a parameter of an awaited call.
YUNHU_NAMESPACE_BEGIN
namespace detail {

template <class T> inline constexpr bool awaitable_parameter = !std::is_aggregate_v<T>;

static_assert(awaitable_parameter<send_message_request>);
static_assert(awaitable_parameter<edit_message_request>);
static_assert(awaitable_parameter<list_message_by_seq_request>);
static_assert(awaitable_parameter<list_message_request>);
static_assert(awaitable_parameter<list_message_by_mid_seq_request>);
static_assert(awaitable_parameter<list_message_edit_record_request>);
static_assert(awaitable_parameter<button_report_request>);
static_assert(awaitable_parameter<recall_msg_request>);
static_assert(awaitable_parameter<recall_msg_batch_request>);
static_assert(awaitable_parameter<file_download_record_request>);
static_assert(awaitable_parameter<msg_forward_request>);
static_assert(awaitable_parameter<pic_list_message_by_mid_seq_request>);
static_assert(awaitable_parameter<delete_msg_request>);
static_assert(awaitable_parameter<call_options>);
static_assert(awaitable_parameter<client_config>);
static_assert(awaitable_parameter<chat>);
static_assert(awaitable_parameter<draft>);
static_assert(awaitable_parameter<button>);
static_assert(awaitable_parameter<button_row>);
static_assert(awaitable_parameter<content>);
static_assert(awaitable_parameter<media>);

} // namespace detail
YUNHU_NAMESPACE_END
