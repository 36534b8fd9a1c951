// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "endpoints/endpoint_table.hpp"
#include "endpoints/message_cache.hpp"
#include "runtime/call.hpp"
#include "runtime/client_core.hpp"

#include <yunhu/client.hpp>

#include <exception>
#include <new>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace {

using detail::call;

// The message that a call is about, where its request names one.
template <class Request> std::string message_of(Request&& request) {
    if constexpr (requires { std::string(request.msg_id); }) {
        return std::move(request.msg_id);
    } else {
        return {};
    }
}

template <class Request> error_code decode_row(const call& c, std::string_view body, call_info& /*info*/, void* value) {
    return codec::decode(c.where.format, body, *static_cast<codec::result_of<Request>*>(value));
}

using account_ptr = std::shared_ptr<const detail::credentials>;

std::shared_ptr<call> make_call(const std::shared_ptr<detail::client_core>& core, const account_ptr& as,
                                const endpoint_info& where, const call_options& options, call::decoder decode) {
    const client_config& config = core->config();
    const engine::retry_policy policy(where.retry, options.max_attempts.value_or(config.retry.max_attempts),
                                      options.retry_maybe_sent, config.retry);
    auto c = std::make_shared<call>(core, where, policy, decode);
    c->credentials = as;
    c->limit = core->limit_of(where);
    c->allowed = options.timeout.value_or(where.timeout.count() > 0 ? where.timeout : config.timeout);
    if (options.max_attempts == 0U) {
        c->code = errc::invalid_request;
        c->info.detail = "max_attempts is 0";
    }
    if (!options.traceparent.empty()) {
        c->trace = options.traceparent;
        if (!c->trace.valid()) {
            c->code = errc::invalid_request;
            c->info.detail = "traceparent is not of the form 00-(32 hex digits)-(16 hex digits)-(2 hex digits)";
        }
    }
    return c;
}

// The request ends here: what it holds is not kept while the call waits.
template <class Request> detail::operation make(const std::shared_ptr<detail::client_core>& core, const account_ptr& as,
                                                Request request, const call_options& options) {
    auto c = make_call(core, as, codec::endpoint_of<Request>, options, &decode_row<Request>);
    if (codec::encoded body = codec::encode(request)) {
        c->body = std::move(*body);
    } else {
        c->code = errc::invalid_request;
        c->info.detail = std::move(body.error().detail);
    }
    c->info.msg_id = message_of(std::move(request));
    return detail::operation(std::move(c));
}

error_code decode_custom_reply(const call& c, std::string_view body, call_info& info, void* value) {
    if (const error_code ec = codec::decode(c.where.format, body, info)) {
        return ec;
    }
    try {
        c.decode_value(c.user_decoder.get(), body, value);
    } catch (const std::exception& e) {
        info.detail = std::string("the decoder refused: ") + e.what();
        return errc::bad_response;
    }
    return {};
}

error_code classify_status(int status) {
    switch (status) {
    case 400:
        return errc::bad_request;
    case 401:
    case 403:
        return errc::not_authenticated;
    case 429:
        return errc::throttled;
    default:
        return status >= 500 ? errc::server_error : errc::unexpected_status;
    }
}

// What the ended call comes to, with all that is known of it.
error_code outcome_of(call& c, call_info& info, void* value) {
    info = std::move(c.info);
    if (c.code) {
        return c.code;
    }
    constexpr int ok = 200;
    if (info.http_status != ok) {
        codec::peek_status(c.body, info);
        info.detail = "HTTP status " + std::to_string(info.http_status);
        const error_code said = info.api_code ? codec::classify(*info.api_code) : error_code();
        return said == errc::not_authenticated ? said : classify_status(info.http_status);
    }
    error_code ec;
    try {
        ec = c.decode(c, c.body, info, value);
    } catch (const std::bad_alloc&) {
        ec = make_error_code(boost::system::errc::not_enough_memory);
    }
    if (ec == errc::bad_response || ec == errc::empty_response) {
        info.phase = phase::decode;
    }
    codec::body_cache::give(std::move(c.body));
    return ec;
}

} // namespace

namespace detail {

const asio::any_io_executor& executor_of(const operation& op) noexcept {
    return op.get()->core->executor();
}

void start(operation op, completion done, handler_executor where) {
    const std::shared_ptr<client_core> core = op.get()->core;
    core->start(op.get(), std::move(done), std::move(where));
}

error_code finish(const operation& op, call_info& info, void* value) {
    call& c = *op.get();
    const error_code ec = outcome_of(c, info, value);
    if (c.watched.by != nullptr) [[unlikely]] {
        tell_ended(c, ec, info);
    }
    return ec;
}

} // namespace detail

struct client::handle {
    explicit handle(std::shared_ptr<detail::client_core> c) : core(std::move(c)) {}
    handle(const handle&) = delete;
    handle& operator=(const handle&) = delete;
    ~handle() { core->close(); }

    std::shared_ptr<detail::client_core> core;
};

client::client(executor_type executor, client_config config)
    : core_(std::make_shared<detail::client_core>(std::move(executor), std::move(config))) {
    handle_ = std::make_shared<handle>(core_);
}

client::executor_type client::get_executor() const noexcept {
    return core_->executor();
}

client client::with_token(const secret& token) const {
    client other = *this;
    other.credentials_ = std::make_shared<const detail::credentials>(core_->make_credentials(token));
    return other;
}

client_stats client::stats() const {
    return core_->stats();
}

void client::shutdown(const std::shared_ptr<detail::client_core>& core, std::chrono::nanoseconds deadline,
                      boost::asio::any_completion_handler<void(std::size_t)> done) {
    core->shutdown(deadline, std::move(done));
}

void client::warm_up(const std::shared_ptr<detail::client_core>& core, std::size_t connections,
                     boost::asio::any_completion_handler<void(std::size_t)> done) {
    core->warm_up(connections, std::move(done));
}

detail::operation client::prepare(send_message_request&& request, const call_options& options) const {
    return make(core_, credentials_, std::move(request), options);
}
detail::operation client::prepare(edit_message_request&& request, const call_options& options) const {
    return make(core_, credentials_, std::move(request), options);
}
detail::operation client::prepare(list_message_by_seq_request&& request, const call_options& options) const {
    return make(core_, credentials_, std::move(request), options);
}
detail::operation client::prepare(list_message_request&& request, const call_options& options) const {
    return make(core_, credentials_, std::move(request), options);
}
detail::operation client::prepare(list_message_by_mid_seq_request&& request, const call_options& options) const {
    return make(core_, credentials_, std::move(request), options);
}
detail::operation client::prepare(list_message_edit_record_request&& request, const call_options& options) const {
    return make(core_, credentials_, std::move(request), options);
}
detail::operation client::prepare(button_report_request&& request, const call_options& options) const {
    return make(core_, credentials_, std::move(request), options);
}
detail::operation client::prepare(recall_msg_request&& request, const call_options& options) const {
    return make(core_, credentials_, std::move(request), options);
}
detail::operation client::prepare(recall_msg_batch_request&& request, const call_options& options) const {
    return make(core_, credentials_, std::move(request), options);
}
detail::operation client::prepare(file_download_record_request&& request, const call_options& options) const {
    return make(core_, credentials_, std::move(request), options);
}
detail::operation client::prepare(msg_forward_request&& request, const call_options& options) const {
    return make(core_, credentials_, std::move(request), options);
}
detail::operation client::prepare(pic_list_message_by_mid_seq_request&& request, const call_options& options) const {
    return make(core_, credentials_, std::move(request), options);
}
detail::operation client::prepare(delete_msg_request&& request, const call_options& options) const {
    return make(core_, credentials_, std::move(request), options);
}

detail::operation client::prepare_custom(const endpoint_info& info, std::string body, std::string refused,
                                         std::shared_ptr<const void> decoder, custom_decoder decode,
                                         const call_options& options) const {
    auto c = make_call(core_, credentials_, info, options, &decode_custom_reply);
    c->body = std::move(body);
    c->user_decoder = std::move(decoder);
    c->decode_value = decode;
    if (!refused.empty()) {
        c->code = errc::invalid_request;
        c->info.detail = std::move(refused);
    }
    return detail::operation(std::move(c));
}

YUNHU_NAMESPACE_END
