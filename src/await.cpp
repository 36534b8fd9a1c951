#include <yunhu/detail/operation.hpp>
#include <yunhu/results.hpp>

// What every plain `co_await` of a call needs, compiled once: users' files need not instantiate it.
namespace yunhu::inline v0_1::detail {

template asio::awaitable<sent_message> await_value(operation op);
template asio::awaitable<acknowledged> await_value(operation op);
template asio::awaitable<message_page> await_value(operation op);
template asio::awaitable<edit_record_page> await_value(operation op);
template asio::awaitable<result<sent_message>> await_result(operation op);
template asio::awaitable<result<acknowledged>> await_result(operation op);
template asio::awaitable<result<message_page>> await_result(operation op);
template asio::awaitable<result<edit_record_page>> await_result(operation op);

} // namespace yunhu::inline v0_1::detail
