// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/as_result.hpp>
#include <yunhu/call_options.hpp>
#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/draft.hpp>
#include <yunhu/error.hpp>
#include <yunhu/types.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// What became of one target.
enum class broadcast_state : std::uint8_t {
    sent,    ///< it was answered with success, or it was found when it was looked up
    failed,  ///< it did not arrive: refused, or provably not sent
    unknown, ///< it may have arrived: neither answered with success nor found. Never sent again without being asked to
    duplicate, ///< the same chat stands earlier among the targets: not sent a second time
};
[[nodiscard]] std::string_view to_string(broadcast_state s) noexcept;

/// One target's outcome.
struct broadcast_outcome {
    broadcast_outcome() = default;

    std::uint64_t index = 0; ///< position among the targets, from 0
    chat target;
    std::string msg_id; ///< of its message; empty: none was ever chosen
    broadcast_state state{};
    bool earlier = false;           ///< an earlier run found it out; told again because it is not `sent`
    std::string reason;             ///< not sent: the name of the error (`kind`); empty: none is known
    std::optional<failure> problem; ///< the same with all that is known, when this run found it out
};

/// A broadcast's numbers at one moment.
struct broadcast_progress {
    broadcast_progress() = default;

    std::optional<std::uint64_t> total; ///< targets; absent: not known before the last one
    std::uint64_t sent = 0;
    std::uint64_t failed = 0;
    std::uint64_t unknown = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t earlier = 0;          ///< of the four above: by earlier runs
    std::uint64_t in_flight = 0;        ///< being sent or looked up now
    std::uint64_t requests = 0;         ///< messages that this run handed to the client
    std::uint64_t lookups = 0;          ///< look-ups that this run made
    std::chrono::nanoseconds elapsed{}; ///< of this run

    /// Targets that have an outcome.
    [[nodiscard]] std::uint64_t done() const noexcept { return sent + failed + unknown + duplicates; }
    /// Targets a second that this run has done.
    [[nodiscard]] double per_second() const noexcept;
};

/// A look at a running broadcast, and a way to stop it. Copies share it. Thread safety: every member, any thread.
class broadcast_monitor {
public:
    broadcast_monitor();

    [[nodiscard]] broadcast_progress progress() const;
    /// Starts no more; what is under way goes on to its end. For good: a monitor belongs to one broadcast.
    void stop() const;

    struct shared;

private:
    friend class broadcast_access;
    std::shared_ptr<shared> shared_;
};

/// Where a broadcast goes, one chat after the other. A resumed broadcast needs the same targets in the same order.
class broadcast_targets {
public:
    /// Gives the next target, none after the last. Called from the broadcast's strand, one call at a time. As a lambda
    /// with captures it must have a name before it stands in a `co_await` expression (GCC 12).
    using generator = std::function<std::optional<chat>()>;

    broadcast_targets() = default;
    broadcast_targets(std::vector<chat> list); // NOLINT(google-explicit-constructor): a list is targets
    /// `total`: how many there will be, if that is known.
    explicit broadcast_targets(generator next, std::optional<std::uint64_t> total = std::nullopt)
        : next_(std::move(next)), total_(total) {}

    /// The list; null when the targets come from a generator.
    [[nodiscard]] const std::vector<chat>* list() const noexcept { return list_.get(); }
    [[nodiscard]] const std::optional<std::uint64_t>& total() const noexcept { return total_; }
    [[nodiscard]] std::optional<chat> next() { return next_ ? next_() : std::nullopt; }

private:
    std::shared_ptr<const std::vector<chat>> list_;
    generator next_;
    std::optional<std::uint64_t> total_;
};

/// What the journal survives.
enum class durability : std::uint8_t {
    process, ///< the death of the process, by SIGKILL too: every line is with the kernel before its request leaves
    machine, ///< the machine's too: it is on the disk. Blocks the thread meanwhile, once for all that is ready to start
};

/// How a broadcast is done.
struct broadcast_options {
    broadcast_options() = default;

    std::size_t concurrency = 32;  ///< targets under way at once; at least 1
    std::filesystem::path journal; ///< the file to go on from, made if it is not there; empty: none
    durability sync = durability::process;
    /// Also sends to targets that were started, were not answered, and are not found when looked up, with the same
    /// `msg_id`. Such a message may still be on its way: then it arrives twice unless the server knows the id again.
    bool resend_missing = false;
    bool retry_failed = false;                  ///< when going on: sends again to targets that failed
    bool skip_duplicates = true;                ///< remembers a hash of each target; false: sends each time
    std::uint64_t max_consecutive_failures = 0; ///< ends it after so many failed targets in a row; 0: never
    call_options call;                          ///< of each send and of each look-up
    std::optional<broadcast_monitor> monitor;   ///< to look at it while it runs
    /// Told every outcome but those that an earlier run sent. Runs on the broadcast's strand, must not throw. As a
    /// lambda with captures it must have a name before it stands in a `co_await` expression (GCC 12).
    std::function<void(const broadcast_outcome&)> on_outcome;
};

/// Why a broadcast ended.
enum class broadcast_end : std::uint8_t {
    finished,  ///< every target has an outcome
    stopped,   ///< by `broadcast_monitor::stop`
    cancelled, ///< by its cancellation slot
    failed,    ///< it could not go on: `why`
};
[[nodiscard]] std::string_view to_string(broadcast_end e) noexcept;

/// A broadcast that ended. Targets that have no outcome are left to a later run with the same journal.
struct broadcast_summary : broadcast_progress {
    broadcast_summary() = default;

    broadcast_end end{};
    std::optional<failure> why; ///< not authenticated, too many failures in a row, the journal can't be written
};

namespace detail {

using broadcast_done = boost::asio::any_completion_handler<void(result<broadcast_summary>)>;

void start_broadcast(client through, draft what, broadcast_targets to, broadcast_options options, broadcast_done done);

struct initiate_broadcast {
    template <class Handler> void operator()(Handler&& handler, client through, draft what, broadcast_targets to,
                                             broadcast_options options) const {
        start_broadcast(std::move(through), std::move(what), std::move(to), std::move(options),
                        broadcast_done(std::forward<Handler>(handler)));
    }
};

[[nodiscard]] boost::asio::awaitable<broadcast_summary>
await_broadcast(client through, draft what, broadcast_targets to, broadcast_options options);

} // namespace detail

/// Sends one message to many chats, each once, and goes on from a journal where an earlier run broke off.
///
/// Before a message leaves, its `msg_id` and its target stand in the journal; so does its outcome after it. A target
/// that was started and has no outcome, or whose outcome is unknown, is looked up by its id: found, it is `sent`; else
/// it is `unknown`, for it may still be on its way, and is sent again only with `resend_missing`. The same goes for a
/// message whose answer is no clear yes or no (`outcome_unknown`, HTTP 5xx, an answer that can't be read). So none is
/// sent twice, and each target is reached or reported. The journal has neither the message nor a token in it; it names
/// the chats. Going on takes the same account: another one would not find what was sent.
///
/// Parameters: the client (and so the account) to send with; the message; the targets; the options. A list is looked
/// through before anything is sent; targets of a generator that are not valid are reported as `failed`. The client's
/// rate limits hold for it as for every call.
/// Completion: `void(result<broadcast_summary>)` with any token; plain `co_await` gives the summary or throws
/// `yunhu::error`. Called once, by its associated executor (default: the client's).
/// Errors: `errc::invalid_request`, before anything is sent: a message or a target that can't be sent (`detail` names
/// the field), a journal that belongs to another message or other targets, is damaged before its end, can't be opened,
/// or is in use by another broadcast. (That a generator gives other targets than before is noticed when it does.)
/// Whatever happens to single targets is told to `on_outcome`.
/// Cancellation: terminal: starts no more and cancels what is under way; targets that may have been sent to are left
/// without an outcome, to be looked up by the next run. Partial and total: starts no more; what is under way goes on to
/// its end. Either way it ends with a summary.
/// Thread safety: any thread. Its own work, and `on_outcome`, run on a strand of the client's executor.
/// Lifetime: everything is copied or moved from. The client is kept alive until the end.
/// Source: `POST /v1/msg/send-message`, `POST /v1/msg/list-message-by-mid-seq`.
template <class Token = boost::asio::use_awaitable_t<>>
auto broadcast(client through, draft what, broadcast_targets to, broadcast_options options, Token&& token = Token()) {
    using token_type = std::decay_t<Token>;
    if constexpr (std::is_same_v<token_type, boost::asio::use_awaitable_t<>>) {
        return detail::await_broadcast(std::move(through), std::move(what), std::move(to), std::move(options));
    } else if constexpr (detail::is_as_result<token_type>) {
        auto inner = std::forward<Token>(token).token;
        return boost::asio::async_initiate<decltype(inner), void(result<broadcast_summary>)>(
            detail::initiate_broadcast(), inner, std::move(through), std::move(what), std::move(to),
            std::move(options));
    } else {
        return boost::asio::async_initiate<Token, void(result<broadcast_summary>)>(detail::initiate_broadcast(), token,
                                                                                   std::move(through), std::move(what),
                                                                                   std::move(to), std::move(options));
    }
}

static_assert(client::awaitable_parameter<broadcast_targets>);
static_assert(client::awaitable_parameter<broadcast_options>);
static_assert(client::awaitable_parameter<broadcast_monitor>);

YUNHU_NAMESPACE_END
