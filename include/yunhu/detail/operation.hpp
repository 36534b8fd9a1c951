// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/as_result.hpp>
#include <yunhu/call_options.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/build_settings.hpp>
#include <yunhu/detail/completion_token.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/error.hpp>
#include <yunhu/results.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

// From a call's initiation to its handler. Only the parts that depend on the user's token are instantiated here.
YUNHU_NAMESPACE_BEGIN

class token_provider;

namespace detail {

class call;
class client_core;
struct client_access;
struct credentials;

/// Which client a call goes through, and with which account.
class call_source {
public:
    explicit call_source(std::shared_ptr<client_core> through) noexcept : core(std::move(through)) {}

    std::shared_ptr<client_core> core;
    std::shared_ptr<const credentials> account; ///< null: the client's own
};

/// A call that is ready to start (validated and encoded), or an ended one. Moves; owns.
class operation {
public:
    operation() = default;
    explicit operation(std::shared_ptr<call> c) noexcept : call_(std::move(c)) {}

    [[nodiscard]] const std::shared_ptr<call>& get() const noexcept { return call_; }

private:
    std::shared_ptr<call> call_;
};

using completion = asio::any_completion_handler<void(operation)>;

/// Where a handler runs. Nearly always an `any_io_executor`, which can post; wrapping it would cost an allocation.
using handler_executor = std::variant<asio::any_io_executor, asio::any_completion_executor>;

[[nodiscard]] YUNHU_EXPORT const asio::any_io_executor& executor_of(const call_source& from) noexcept;
[[nodiscard]] YUNHU_EXPORT const asio::any_io_executor& executor_of(const operation& op) noexcept;
/// Validates and encodes a request of the library's own. Its row is found by its type, inside the library.
template <class Request>
[[nodiscard]] YUNHU_EXPORT operation prepare(const call_source& from, Request&& request, const call_options& options);
/// Starts the call; `done` is posted exactly once, or destroyed with its execution context.
YUNHU_EXPORT void start(operation op, completion done, handler_executor where);
/// Decodes the ended call's response into `value`; `info` is its `call_info`. Moves from the call.
[[nodiscard]] YUNHU_EXPORT error_code finish(const operation& op, call_info& info, void* value);

/// A request to a user's endpoint, with its codec.
template <class Request, class Reply> class custom_request {
public:
    custom_request(endpoint<Request, Reply> to, Request what) : where(std::move(to)), request(std::move(what)) {}

    endpoint<Request, Reply> where;
    Request request;
};

using value_decoder = void (*)(const void* decoder, std::string_view body, void* value);
template <class Request, class Reply> void decode_custom(const void* decoder, std::string_view body, void* value) {
    using decoder_type = typename endpoint<Request, Reply>::decoder;
    static_cast<reply<Reply>*>(value)->value = (*static_cast<const decoder_type*>(decoder))(body);
}

template <class Request> inline constexpr bool is_custom = false;
template <class Request, class Reply> inline constexpr bool is_custom<custom_request<Request, Reply>> = true;

/// `refused` is not empty: the reason why the encoder made no body.
[[nodiscard]] YUNHU_EXPORT operation prepare_custom(const call_source& from, const endpoint_info& info,
                                                    encoded_request request, std::string refused,
                                                    std::shared_ptr<const void> decoder, value_decoder decode,
                                                    const call_options& options);
template <class Request, class Reply> [[nodiscard]] operation
prepare(const call_source& from, custom_request<Request, Reply> what, const call_options& options) {
    encoded_request encoded;
    std::string refused;
    try {
        encoded = what.where.encode(what.request);
    } catch (const std::exception& e) {
        refused = std::string("the encoder failed: ") + e.what();
    } catch (...) {
        refused = "the encoder threw something else than a std::exception";
    }
    return prepare_custom(from, what.where.info(), std::move(encoded), std::move(refused), what.where.decode(),
                          &decode_custom<Request, Reply>, options);
}

/// The handler as the core sees it: decodes on the handler's own executor, then calls the handler.
template <class Handler, class T> class typed_completion : public handler_adapter<Handler> {
public:
    using handler_adapter<Handler>::handler_adapter;

    void operator()(operation op) {
        // This is the handler's executor, the only one that may touch the slot.
        if (auto slot = asio::get_associated_cancellation_slot(this->handler); slot.is_connected()) {
            slot.clear();
        }
        T value;
        const error_code ec = finish(op, value, &value);
        op = operation();
        std::move(this->handler)(ec, std::move(value));
    }
};

/// Starts a call that is ready.
template <class T> class start_prepared {
public:
    template <class Handler> void operator()(Handler&& handler, operation op) const {
        handler_executor where = executor_for(handler, executor_of(op));
        start(std::move(op), completion(typed_completion<std::decay_t<Handler>, T>(std::forward<Handler>(handler))),
              std::move(where));
    }

private:
    template <class Handler>
    static handler_executor executor_for(const Handler& handler, const asio::any_io_executor& otherwise) {
        using associated = asio::associated_executor_t<Handler, asio::any_io_executor>;
        if constexpr (std::is_constructible_v<asio::any_io_executor, associated>) {
            return asio::any_io_executor(asio::get_associated_executor(handler, otherwise));
        } else {
            return asio::any_completion_executor(asio::get_associated_executor(handler, otherwise));
        }
    }
};

/// Makes the call when the token starts it. A copy, as of a deferred call, starts a call of its own.
template <class T> class start_request {
public:
    using executor_type = asio::any_io_executor;

    explicit start_request(call_source from) : from_(std::move(from)) {}

    [[nodiscard]] executor_type get_executor() const noexcept { return executor_of(from_); }

    template <class Handler, class Request>
    void operator()(Handler&& handler, Request&& request, const call_options& options) const {
        std::decay_t<Request> taken(std::forward<Request>(request));
        start_prepared<T>()(std::forward<Handler>(handler), prepare(from_, std::move(taken), options));
    }

private:
    call_source from_;
};

/// The forms that are used most: compiled into the library for its own results.
template <class T> asio::awaitable<T> await_value(operation op) {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(error_code, T)>(
        start_prepared<T>(), asio::use_awaitable, std::move(op));
}
template <class T> asio::awaitable<result<T>> await_result(operation op) {
    return asio::async_initiate<const as_result_t<asio::use_awaitable_t<>>&, void(error_code, T)>(
        start_prepared<T>(), as_result, std::move(op));
}

template <class A>
concept call_options_argument = std::same_as<std::remove_cvref_t<A>, call_options>;
template <class A>
concept awaitable_token = std::same_as<std::decay_t<A>, asio::use_awaitable_t<>> ||
    std::same_as<std::decay_t<A>, as_result_t<asio::use_awaitable_t<>>>;
/// A token of a call with that result. The usual ones are not put to Asio's test, which costs compile time.
template <class A, class T>
concept call_token = awaitable_token<A> || asio::completion_token_for<A, void(error_code, T)>;
/// The arguments after the request of a call: `call_options`, then a token.
template <class A, class T>
concept call_argument = call_options_argument<A> || call_token<A, T>;

/// Hands the call to the token. An awaitable starts once at most, so the library's own requests are encoded at once,
/// and their memory is not kept in the coroutine's frame. A user's encoder runs when the call starts.
template <class T, class Request, class Token>
auto initiate(const call_source& from, Request&& request, const call_options& options, Token&& token) {
    if constexpr (std::is_same_v<std::decay_t<Token>, asio::use_awaitable_t<>> && !is_custom<Request>) {
        return await_value<T>(prepare(from, std::forward<Request>(request), options));
    } else if constexpr (awaitable_token<Token> && !is_custom<Request>) {
        return await_result<T>(prepare(from, std::forward<Request>(request), options));
    } else {
        return asio::async_initiate<Token, void(error_code, T)>(start_request<T>(from), token,
                                                                std::forward<Request>(request), options);
    }
}
template <class T, class Request> asio::awaitable<T> initiate(const call_source& from, Request&& request) {
    if constexpr (is_custom<Request>) {
        return initiate<T>(from, std::forward<Request>(request), call_options(), asio::use_awaitable);
    } else {
        return await_value<T>(prepare(from, std::forward<Request>(request), call_options()));
    }
}
template <class T, class Request, class Token>
requires(!call_options_argument<Token>) auto initiate(const call_source& from, Request&& request, Token&& token) {
    return initiate<T>(from, std::forward<Request>(request), call_options(), std::forward<Token>(token));
}
template <class T, class Request>
auto initiate(const call_source& from, Request&& request, const call_options& options) {
    return initiate<T>(from, std::forward<Request>(request), options, asio::use_awaitable);
}

/// Where the client's own operations complete.
using count_handler = asio::any_completion_handler<void(std::size_t)>;
YUNHU_EXPORT void shut_down(const std::shared_ptr<client_core>& core, std::chrono::nanoseconds timeout,
                            count_handler done);
YUNHU_EXPORT void warm_up(const std::shared_ptr<client_core>& core, std::size_t connections, count_handler done);

class start_shutdown {
public:
    template <class Handler> void operator()(Handler&& handler, const std::shared_ptr<client_core>& core,
                                             std::chrono::nanoseconds timeout) const {
        shut_down(core, timeout, count_handler(std::forward<Handler>(handler)));
    }
};

class start_warm_up {
public:
    template <class Handler>
    void operator()(Handler&& handler, const std::shared_ptr<client_core>& core, std::size_t connections) const {
        warm_up(core, connections, count_handler(std::forward<Handler>(handler)));
    }
};

template <class Token>
concept count_token = asio::completion_token_for<Token, void(std::size_t)>;

template <class Token>
auto initiate_shutdown(const call_source& from, std::chrono::nanoseconds timeout, Token&& token) {
    return asio::async_initiate<Token, void(std::size_t)>(start_shutdown(), token, from.core, timeout);
}
template <class Token> auto initiate_warm_up(const call_source& from, std::size_t connections, Token&& token) {
    return asio::async_initiate<Token, void(std::size_t)>(start_warm_up(), token, from.core, connections);
}

extern template YUNHU_EXPORT asio::awaitable<sent_message> await_value(operation op);
extern template YUNHU_EXPORT asio::awaitable<acknowledged> await_value(operation op);
extern template YUNHU_EXPORT asio::awaitable<message_page> await_value(operation op);
extern template YUNHU_EXPORT asio::awaitable<edit_record_page> await_value(operation op);
extern template YUNHU_EXPORT asio::awaitable<result<sent_message>> await_result(operation op);
extern template YUNHU_EXPORT asio::awaitable<result<acknowledged>> await_result(operation op);
extern template YUNHU_EXPORT asio::awaitable<result<message_page>> await_result(operation op);
extern template YUNHU_EXPORT asio::awaitable<result<edit_record_page>> await_result(operation op);

} // namespace detail
YUNHU_NAMESPACE_END
