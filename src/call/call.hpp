#pragma once

#include "call/deadlines.hpp"
#include "call/rate_limit.hpp"
#include "call/retry.hpp"
#include "net/serial.hpp"
#include "pool/pool_machine.hpp"

#include <yunhu/detail/operation.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace yunhu::inline v0_1::net {
class connection;
}

namespace yunhu::inline v0_1::detail {

class client_core;
class limited_endpoint;
class shard;
struct account;

/// Its place at a rate limit. Belongs to the `limited_endpoint`.
struct call_turn : detail::turn {
    std::shared_ptr<call> who; ///< while it waits
};

/// One call, from its request to its end: what is sent, what it may do, how far it is, what came of it. Data only; who
/// acts on it is the shard.
class call : public pool::waiter, public timed, public net::serial::deferred {
public:
    using decoder = error_code (*)(const call& c, std::string_view body, call_info& info, void* value);

    call(std::shared_ptr<client_core> owner, const endpoint_info& endpoint, retry_policy policy, decoder decode_with)
        : timed(kind::call), core(std::move(owner)), where(endpoint), retry(policy), decode(decode_with) {
        info.endpoint = where.name();
    }

    // set when it is made
    std::shared_ptr<client_core> core;
    endpoint_info where;
    retry_policy retry;
    decoder decode;
    std::shared_ptr<const void> user_decoder; ///< of an endpoint of the user's own
    void (*decode_value)(const void*, std::string_view, void*) = nullptr;
    std::chrono::nanoseconds allowed{};             ///< the whole call's time
    std::string body;                               ///< of the request; of the answer once it has ended
    std::shared_ptr<const detail::account> account; ///< whose token it carries; null: the client's own
    limited_endpoint* limit = nullptr;              ///< of its endpoint, in `core`; null: none

    // while it runs
    std::shared_ptr<call> self; ///< keeps it alive
    std::optional<completion> done;
    std::optional<handler_executor> work; ///< where `done` runs; counts as work there
    std::weak_ptr<shard> on;              ///< set once, before anybody can cancel
    pool::time_point begun;
    pool::time_point deadline;
    pool::time_point handed_over;          ///< to a connection, in the last attempt
    pool::time_point answer_due;           ///< of the attempt
    net::connection* connection = nullptr; ///< that the request was handed to
    bool pausing = false;                  ///< between two attempts
    bool awaits_turn = false;              ///< under `limit`
    bool ended = false;
    boost::intrusive::list_member_hook<> running; ///< in the shard's list
    call_turn turn;

    // how it ended
    call_info info;
    error_code code; ///< none: there is an answer
};

/// Calls `done` on `where`: now, if that is where this is called.
void dispatch_completion(handler_executor where, completion done, operation op);
/// Calls `done` on `where`, and never from inside this function.
void post_completion(const asio::any_io_executor& by_way_of, handler_executor where, completion done, operation op);

} // namespace yunhu::inline v0_1::detail
