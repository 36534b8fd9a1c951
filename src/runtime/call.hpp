// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/call_fsm.hpp"
#include "engine/pool_fsm.hpp"
#include "engine/retry_policy.hpp"
#include "engine/timer_queue.hpp"
#include "engine/token_bucket.hpp"
#include "runtime/observer_dispatch.hpp"
#include "transport/inline_strand.hpp"

#include <yunhu/config.hpp>
#include <yunhu/detail/operation.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/error.hpp>
#include <yunhu/secret.hpp>
#include <yunhu/trace_context.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace transport {
class connection;
} // namespace transport
YUNHU_NAMESPACE_END

YUNHU_NAMESPACE_BEGIN
namespace detail {

class call_renewal;
class client_core;
class rate_limiter;
class shard;
struct credentials;

/// A call's permit; owned by the `rate_limiter`.
struct call_permit : engine::permit {
    std::shared_ptr<call> owner; ///< while it waits
};

/// What the request of a call to an endpoint of the user's own has besides a body.
struct custom_target {
    std::string path; ///< with the request's suffix
    std::string content_type;
};

/// One call, from its request to its completion: request, state, response. Data only; the shard acts on it.
class call : public engine::waiter, public engine::timed, public transport::inline_strand::pending_completion {
public:
    using decoder = error_code (*)(const call& c, std::string_view body, call_info& info, void* value);

    call(std::shared_ptr<client_core> owner, const endpoint_info& endpoint, engine::retry_policy policy,
         decoder decode_with)
        : timed(kind::call), core(std::move(owner)), where(endpoint), life(policy), decode(decode_with) {
        info.endpoint = where.name();
    }
    call(const call&) = delete;
    call& operator=(const call&) = delete;
    ~call() {
        if (trace_state.to != nullptr) [[unlikely]] {
            emit_dropped(*this);
        }
        if (where.holds_secrets) [[unlikely]] {
            wipe(body);
        }
    }

    [[nodiscard]] std::string_view traceparent() const noexcept { return trace ? trace->text() : std::string_view(); }

    // set at construction
    std::shared_ptr<client_core> core;
    endpoint_info where;
    engine::call_fsm life;
    decoder decode;
    std::shared_ptr<const void> user_decoder; ///< of an endpoint of the user's own
    void (*decode_value)(const void*, std::string_view, void*) = nullptr;
    std::unique_ptr<const custom_target> target;            ///< null: a POST to the endpoint's path in its format
    std::chrono::nanoseconds timeout{};                     ///< of the whole call
    std::unique_ptr<const trace_context> trace;             ///< the caller's; nearly always null
    std::string body;                                       ///< of the request; once it has ended, of the response
    std::shared_ptr<const detail::credentials> credentials; ///< null: the client's own
    std::shared_ptr<call_renewal> renewal;                  ///< null: a refused token is the call's end
    rate_limiter* limit = nullptr;                          ///< of its endpoint, in `core`; null: none

    // while it runs
    std::shared_ptr<call> self; ///< keeps it alive
    std::optional<completion> handler;
    std::optional<handler_executor> work_guard; ///< the handler's executor; outstanding work there
    std::weak_ptr<shard> on;                    ///< set once, before the call can be cancelled
    engine::time_point started_at;
    engine::time_point sent_at;                   ///< handed to a connection, in the last attempt
    transport::connection* connection = nullptr;  ///< of the attempt
    boost::intrusive::list_member_hook<> running; ///< in the shard's list
    call_permit permit;
    attempt_report last_attempt;
    call_trace trace_state;

    // its end
    call_info info;
    error_code code; ///< none: there is a response
};

/// Invokes the handler of an ended call on its executor: inline, if this runs there. Repeats while memory is exhausted.
void dispatch_completion(const std::shared_ptr<call>& c);
/// The same, but never inline. `fallback_executor` is for a handler's executor that does not promise to post.
void post_completion(const asio::any_io_executor& fallback_executor, const std::shared_ptr<call>& c);

} // namespace detail
YUNHU_NAMESPACE_END
