// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/detail/operation.hpp>
#include <yunhu/results.hpp>

// The code of every plain `co_await` of a call, compiled once, so that users' files need not instantiate it.
YUNHU_NAMESPACE_BEGIN
namespace detail {

template YUNHU_EXPORT asio::awaitable<sent_message> await_value(operation op);
template YUNHU_EXPORT asio::awaitable<acknowledged> await_value(operation op);
template YUNHU_EXPORT asio::awaitable<message_page> await_value(operation op);
template YUNHU_EXPORT asio::awaitable<edit_record_page> await_value(operation op);
template YUNHU_EXPORT asio::awaitable<result<sent_message>> await_result(operation op);
template YUNHU_EXPORT asio::awaitable<result<acknowledged>> await_result(operation op);
template YUNHU_EXPORT asio::awaitable<result<message_page>> await_result(operation op);
template YUNHU_EXPORT asio::awaitable<result<edit_record_page>> await_result(operation op);

} // namespace detail
YUNHU_NAMESPACE_END
