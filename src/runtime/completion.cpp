// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "endpoints/endpoint_table.hpp"
#include "endpoints/message_cache.hpp"
#include "http/request_writer.hpp"
#include "model/exceptions.hpp"
#include "runtime/call.hpp"
#include "runtime/client_core.hpp"
#include "runtime/renewal.hpp"

#include <yunhu/detail/operation.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/require.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

// The two ends of a call: a request becomes a call that is ready to start; a response becomes the handler's arguments.
YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

// The message that a call is about, where its request names one.
template <class Request> std::string message_of(Request&& request) {
    if constexpr (requires { std::string(request.msg_id); }) {
        return std::move(request.msg_id);
    } else {
        return {};
    }
}

template <class Request>
error_code decode_response(const call& /*c*/, std::string_view body, call_info& /*info*/, void* value) {
    return codec::decode_for<Request>(body, *static_cast<codec::result_of<Request>*>(value));
}

// A token that can't be sent is the call's error, as any other invalid input.
void use_newest_token(call& c, const call_source& from, const engine::retry_policy& policy) {
    try {
        c.credentials = from.account->source->now();
        c.renewal = std::make_shared<call_renewal>(from.core->executor(), from.account->source, policy);
    } catch (const error& e) {
        c.code = e.code();
        c.info.detail = e.info().detail;
    }
}

// The response will take the place of the request.
void keep_request(call& c) {
    if (c.renewal) [[unlikely]] {
        c.renewal->body = c.body;
    }
}

std::shared_ptr<call> make_call(const call_source& from, const endpoint_info& where, const call_options& options,
                                call::decoder decode) {
    const client_config& config = from.core->config();
    const engine::retry_policy policy(where.retry, options.max_attempts.value_or(config.retry.max_attempts),
                                      options.retry_maybe_sent, config.retry);
    auto c = std::make_shared<call>(from.core, where, policy, decode);
    c->credentials = from.account;
    if (from.account && from.account->source && where.sends_token) [[unlikely]] {
        use_newest_token(*c, from, policy);
        if (!where.renews_token) {
            c->renewal.reset();
        }
    }
    if (!from.account && where.sends_token && from.core->settings()->lacks_token()) [[unlikely]] {
        c->code = errc::invalid_request;
        c->info.detail = "the client has no token, which this call needs";
    }
    c->limit = from.core->limit_of(where);
    c->timeout = options.timeout.value_or(where.timeout.count() > 0 ? where.timeout : config.timeout);
    if (options.max_attempts == 0U) {
        c->code = errc::invalid_request;
        c->info.detail = "max_attempts is 0";
    }
    if (!options.traceparent.empty()) {
        c->trace = std::make_unique<trace_context>(options.traceparent);
        if (!c->trace->valid()) {
            c->code = errc::invalid_request;
            c->info.detail = "traceparent is not of the form 00-(32 hex digits)-(16 hex digits)-(2 hex digits)";
        }
    }
    return c;
}

error_code decode_custom_response(const call& c, std::string_view body, call_info& info, void* value) {
    if (const error_code ec = codec::decode(c.where.format, body, info)) {
        return ec;
    }
    try {
        c.decode_value(c.user_decoder.get(), body, value);
    } catch (const std::exception& e) {
        info.detail = std::string("the decoder failed: ") + e.what();
        return errc::bad_response;
    } catch (...) {
        info.detail = "the decoder threw something else than a std::exception";
        return errc::bad_response;
    }
    return {};
}

// The ended call's error code; its details and its result go to `info` and `value`.
error_code complete(call& c, call_info& info, void* value) {
    info = std::move(c.info);
    if (c.code) {
        return c.code;
    }
    constexpr int ok = 200;
    constexpr int success_class = 2;
    const bool is_plain = c.where.format == wire_format::plain;
    if (is_plain ? info.http_status / 100 != success_class : info.http_status != ok) {
        if (is_plain) {
            constexpr std::size_t max_text = 1024;
            info.api_msg = c.body.substr(0, max_text);
        } else {
            codec::peek_status(c.body, info);
        }
        info.detail = "HTTP status " + std::to_string(info.http_status);
        const error_code api_error = info.api_code ? codec::classify(*info.api_code) : error_code();
        return api_error == errc::not_authenticated ? api_error : codec::classify_status(info.http_status);
    }
    const error_code ec = c.decode(c, c.body, info, value);
    if (ec == errc::bad_response || ec == errc::empty_response) {
        info.phase = phase::decode;
    }
    if (c.where.holds_secrets) [[unlikely]] {
        wipe(c.body);
    } else {
        codec::body_cache::give(std::move(c.body));
    }
    return ec;
}

} // namespace

const asio::any_io_executor& executor_of(const call_source& from) noexcept {
    return from.core->executor();
}

const asio::any_io_executor& executor_of(const operation& op) noexcept {
    return op.get()->core->executor();
}

// The request is moved here and destroyed: a temporary in the caller's coroutine would be kept while the call waits.
template <class Request> operation prepare(const call_source& from, Request&& given, const call_options& options) {
    Request request = std::forward<Request>(given);
    constexpr const auto& where = codec::endpoint_of<Request>;
    auto c = make_call(from, where, options, &decode_response<Request>);
    if constexpr (where.method != http_method::post) {
        custom_target target;
        target.path = where.path;
        c->target = std::make_unique<const custom_target>(std::move(target));
    }
    if (codec::encoded body = codec::encode(request)) {
        c->body = std::move(*body);
        keep_request(*c);
    } else {
        c->code = errc::invalid_request;
        c->info.detail = std::move(body.error().detail);
    }
    c->info.msg_id = message_of(std::move(request));
    return operation(std::move(c));
}

operation prepare_custom(const call_source& from, const endpoint_info& info, encoded_request request,
                         std::string refused, std::shared_ptr<const void> decoder, value_decoder decode,
                         const call_options& options) {
    call_source through = from;
    error_code cant_start;
    if (!info.origin.empty() && !from.core->is_api(info.origin)) {
        try {
            if (auto there = from.core->at(info.origin)) {
                through = call_source(std::move(there)); // the other server has no accounts
            } else {
                cant_start = errc::client_closed;
            }
        } catch (const error& e) {
            refused = e.info().detail;
        }
    }
    auto c = make_call(through, info, options, &decode_custom_response);
    c->code = c->code ? c->code : cant_start;
    c->user_decoder = std::move(decoder);
    c->decode_value = decode;
    if (info.method == http_method::get && !request.body.empty()) {
        refused = "a GET must not have a body";
    }
    if (!http::is_field_value_or_empty(request.content_type)) {
        refused = "content_type must consist of visible ASCII characters";
    }
    const bool usual = info.method == http_method::post && info.format != wire_format::plain &&
                       request.path_suffix.empty() && request.content_type.empty();
    c->body = std::move(request.body);
    keep_request(*c);
    if (!usual) {
        custom_target target;
        target.path = std::string(info.path) + request.path_suffix;
        target.content_type = std::move(request.content_type);
        c->target = std::make_unique<const custom_target>(std::move(target));
    }
    if (!http::is_request_path(c->target ? std::string_view(c->target->path) : info.path)) {
        refused = "endpoint.path must begin with '/' and consist of visible ASCII characters without '#'";
    }
    if (!refused.empty()) {
        c->code = errc::invalid_request;
        c->info.detail = std::move(refused);
    }
    return operation(std::move(c));
}

void start(operation op, completion done, handler_executor where) {
    const std::shared_ptr<client_core> core = op.get()->core;
    core->start(op.get(), std::move(done), std::move(where));
}

error_code finish(const operation& op, call_info& info, void* value) {
    call& c = *op.get();
    error_code ec;
    try {
        ec = complete(c, info, value);
    } catch (...) { // out of memory; the handler must be called
        ec = current_exception_code();
    }
    if (c.trace_state.to != nullptr) [[unlikely]] {
        emit_end(c, ec, info);
    }
    return ec;
}

namespace {

void invoke(std::shared_ptr<call> c) {
    completion done = std::move(*c->handler);
    c->handler.reset();
    c->work_guard.reset();
    std::move(done)(operation(std::move(c)));
}

// The posted function holds the call only. If posting runs out of memory, the handler is still in the call.
template <class Start> void start_until_taken(const std::shared_ptr<call>& c, Start start) {
    for (;;) {
        try {
            start();
            return;
        } catch (const std::bad_alloc&) {
            if (!c->handler) { // the handler ran inline: the exception is its own
                throw;
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1)); // another thread may free some memory
    }
}

} // namespace

void dispatch_completion(const std::shared_ptr<call>& c) {
    const handler_executor where = *c->work_guard;
    start_until_taken(c, [&] { std::visit([&](const auto& there) { there.execute([c] { invoke(c); }); }, where); });
}

void post_completion(const asio::any_io_executor& fallback_executor, const std::shared_ptr<call>& c) {
    const handler_executor where = *c->work_guard;
    start_until_taken(c, [&] {
        if (const auto* const io = std::get_if<asio::any_io_executor>(&where)) {
            asio::require(*io, asio::execution::blocking.never).execute([c] { invoke(c); });
            return;
        }
        asio::post(fallback_executor, [c] { dispatch_completion(c); });
    });
}

void shut_down(const std::shared_ptr<client_core>& core, std::chrono::nanoseconds timeout, count_handler done) {
    core->shutdown(timeout, std::move(done));
}

void warm_up(const std::shared_ptr<client_core>& core, std::size_t connections, count_handler done) {
    core->warm_up(connections, std::move(done));
}

// Compiles `prepare` for the request of every row: users' files call it and can't see its body.
template <const auto&... Rows> constexpr auto prepare_for(endpoints::row_list<Rows...> /*rows*/) {
    return std::make_tuple(&prepare<typename std::remove_cvref_t<decltype(Rows)>::request_type>...);
}
[[gnu::used]] constexpr auto prepare_of_rows = prepare_for(codec::every_row());

} // namespace detail
YUNHU_NAMESPACE_END
