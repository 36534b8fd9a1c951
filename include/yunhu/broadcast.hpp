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

/// Outcome of one target.
enum class broadcast_state : std::uint8_t {
    sent,      ///< the API reported success, or a look-up found the message
    failed,    ///< certainly not executed: not sent, or refused
    unknown,   ///< maybe executed, and not found by a look-up; sent again only with `resend_missing`
    duplicate, ///< an earlier target is the same chat: not sent a second time
};
/// The enumerator's name, e.g. "sent". Errors: none. Thread safety: any thread. Lifetime: static.
[[nodiscard]] YUNHU_EXPORT std::string_view to_string(broadcast_state s) noexcept;

/// Outcome of one target, with its details.
struct broadcast_outcome {
    broadcast_outcome() = default;

    std::uint64_t index = 0; ///< position among the targets, starting at 0
    chat target;
    std::string msg_id; ///< of its message; empty: none was assigned
    broadcast_state state{};
    bool earlier = false;           ///< determined by an earlier run; reported again because it is not `sent`
    std::string reason;             ///< unless sent: the error's `name`; empty: unknown
    std::optional<failure> problem; ///< the failure, if it occurred in this run
};

/// Counters of a broadcast.
struct YUNHU_EXPORT broadcast_progress {
    broadcast_progress() = default;

    std::optional<std::uint64_t> total; ///< targets; absent: unknown until the last one
    std::uint64_t sent = 0;
    std::uint64_t failed = 0;
    std::uint64_t unknown = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t earlier = 0;          ///< of the four above, those of earlier runs
    std::uint64_t in_flight = 0;        ///< targets that are being sent to or looked up
    std::uint64_t requests = 0;         ///< sends of this run
    std::uint64_t lookups = 0;          ///< look-ups of this run
    std::chrono::nanoseconds elapsed{}; ///< of this run
    std::chrono::nanoseconds pause{};   ///< until the next call, after trouble of network, server or account; 0: none

    /// Number of targets that have an outcome.
    [[nodiscard]] std::uint64_t done() const noexcept { return sent + failed + unknown + duplicates; }
    /// Targets of this run per second.
    [[nodiscard]] double per_second() const noexcept;
};

/// Observes and stops a running broadcast. Copies share their state. A monitor belongs to one broadcast.
///
/// \par Thread safety
/// All members may be called from any thread.
///
/// \par Lifetime
/// May be destroyed before the broadcast ends.
class YUNHU_EXPORT broadcast_monitor {
public:
    broadcast_monitor();

    /// The current counters, also after the end. Errors: none. Thread safety: any thread. Lifetime: a copy.
    [[nodiscard]] broadcast_progress progress() const;
    /// Stops the broadcast: no further target is started; targets in flight run to their end. Errors: none; without
    /// effect after the end. Thread safety: any thread.
    void stop() const;

    struct shared;

private:
    friend class broadcast_access;
    std::shared_ptr<shared> shared_;
};

/// Targets of a broadcast, a list or a generator. A resumed broadcast needs the same targets in the same order.
class YUNHU_EXPORT broadcast_targets {
public:
    /// Returns the next target, none after the last. Called on the broadcast's strand. GCC 12: a lambda with captures
    /// must be a named variable when it is used in a `co_await` expression.
    using generator = std::function<std::optional<chat>()>;

    broadcast_targets() = default;
    /// A list of targets. Lifetime: the list is moved and shared by copies.
    broadcast_targets(std::vector<chat> list); // NOLINT(google-explicit-constructor): implicit by design
    /// Targets from a generator. Parameters: `next`: the generator; `total`: number of targets, if known. Errors: an
    /// exception of the generator ends the broadcast. Lifetime: the generator is moved.
    explicit broadcast_targets(generator next, std::optional<std::uint64_t> total = std::nullopt)
        : next_(std::move(next)), total_(total) {}

    /// The list; null if there is a generator instead.
    [[nodiscard]] const std::vector<chat>* list() const noexcept { return list_.get(); }
    /// The number of targets, if known.
    [[nodiscard]] const std::optional<std::uint64_t>& total() const noexcept { return total_; }
    /// The generator's next target; none after the last, or without a generator.
    [[nodiscard]] std::optional<chat> next() { return next_ ? next_() : std::nullopt; }

private:
    std::shared_ptr<const std::vector<chat>> list_;
    generator next_;
    std::optional<std::uint64_t> total_;
};

/// Durability of the journal.
enum class durability : std::uint8_t {
    process_crash, ///< a record is written to the kernel before its request is sent; SIGKILL loses nothing
    power_loss,    ///< it is also synced to the disk (`fdatasync`), which blocks the thread once per batch of targets
};

/// Options of `broadcast`.
struct broadcast_options {
    broadcast_options() = default;

    std::size_t concurrency = 32;  ///< targets in flight; must be at least 1
    std::filesystem::path journal; ///< file to resume from, created if absent; empty: no journal
    durability sync = durability::process_crash;
    /// Sends again, with the same `msg_id`, when a look-up does not find a message that may have been executed. The
    /// server may still be processing it: the message then arrives twice, unless the server recognises the id.
    bool resend_missing = false;
    bool retry_failed = false;   ///< when resuming: sends again to failed targets
    bool skip_duplicates = true; ///< keeps a hash of each target; false: sends every time
    /// Ends the broadcast after this many targets in a row that are `failed` or `unknown`; 0: unlimited. Those of them
    /// that failed in the same way as the last one keep no outcome: the reason is not theirs.
    std::uint64_t max_consecutive_failures = 20;
    /// Ends the broadcast when the trouble of network, server or account lasts for so long, or would by the server's
    /// `Retry-After`; must not be negative. 0: at the first one.
    std::chrono::nanoseconds outage_timeout = std::chrono::minutes(5);
    call_options call;                        ///< of each send and each look-up
    std::optional<broadcast_monitor> monitor; ///< to observe and stop it
    /// Called with every outcome, except `sent` ones of earlier runs. With `max_consecutive_failures` those that are
    /// not `sent` are held back until a target is sent, or the broadcast ends. Runs on the broadcast's strand; must not
    /// throw. GCC 12: a lambda with captures must be a named variable when it is used in a `co_await` expression.
    std::function<void(const broadcast_outcome&)> on_outcome;
    /// Called when trouble of network, server or account begins a pause, with that trouble and the pause's length. Runs
    /// on the broadcast's strand; must not throw. GCC 12: a lambda with captures must be a named variable when it is
    /// used in a `co_await` expression.
    std::function<void(const failure&, std::chrono::nanoseconds)> on_pause;
};

/// Why a broadcast ended.
enum class broadcast_end : std::uint8_t {
    finished,  ///< every target has an outcome
    stopped,   ///< by `broadcast_monitor::stop`
    cancelled, ///< through the cancellation slot
    failed,    ///< by an error: `why`
};
/// The enumerator's name, e.g. "finished". Errors: none. Thread safety: any thread. Lifetime: static.
[[nodiscard]] YUNHU_EXPORT std::string_view to_string(broadcast_end e) noexcept;

/// Result of a broadcast; its `call_info` has the details of an error only. Targets without an outcome are left to a
/// later run with the same journal.
struct broadcast_summary : broadcast_progress, call_info {
    broadcast_summary() = default;

    broadcast_end end{};
    /// A failure of all further calls (authentication, the certificate), an outage, too many consecutive failures, or
    /// the journal can't be written.
    std::optional<failure> why;
};

namespace detail {

using broadcast_handler = asio::any_completion_handler<void(error_code, broadcast_summary)>;

YUNHU_EXPORT void start_broadcast(client through, draft what, broadcast_targets to, broadcast_options options,
                                  broadcast_handler done);

struct initiate_broadcast {
    template <class Handler> void operator()(Handler&& handler, client through, draft what, broadcast_targets to,
                                             broadcast_options options) const {
        start_broadcast(std::move(through), std::move(what), std::move(to), std::move(options),
                        broadcast_handler(std::forward<Handler>(handler)));
    }
};

[[nodiscard]] YUNHU_EXPORT asio::awaitable<broadcast_summary>
await_broadcast(client through, draft what, broadcast_targets to, broadcast_options options);

} // namespace detail

/// Sends one message to many chats, once to each; resumes an interrupted broadcast from its journal.
///
/// Before a send, its `msg_id` and target are recorded in the journal; afterwards its outcome. A target
/// without an outcome, or with an unknown one, is looked up by its id when the broadcast is resumed; so is a target
/// after a send that was `execution::maybe_executed`. A message that is found is `sent`, otherwise `unknown`: the
/// server may still be processing it, and it is sent again only with `resend_missing`. So no message is sent twice, and
/// every target is reached or reported.
///
/// A call that ends in trouble of the network, the server or the account (no connection, an open circuit, a server
/// error, throttling) says nothing about its target: it is no outcome. The broadcast pauses, from 100 ms up to 30 s and
/// at least for `Retry-After`, then starts one call at a time until the server answers one. After `outage_timeout`, or
/// when no further call can succeed (authentication, a rejected certificate), it ends with `broadcast_end::failed` and
/// the rest left.
///
/// The journal contains neither the message nor a token; it names the chats. A broadcast must be
/// resumed with the same account, because look-ups of another one would not find the messages.
///
/// \par Parameters
/// `through`: the client, and so the account. `what`: the message. `to`: the targets; a list is validated before the
/// first send, invalid targets of a generator are reported as `failed`; a chat id must be at most 8192 bytes.
/// `options`: concurrency, journal, callbacks. The client's rate limits apply.
///
/// \par Completion signature
/// `void(error_code, broadcast_summary)`; awaited by default, which throws `yunhu::error`. The handler is invoked once,
/// on its associated executor (default: the client's).
///
/// \par Errors
/// `errc::invalid_request` (delivery class `not_sent`), before the first send: an invalid message or target (`detail`
/// names the field); a journal that belongs to another message or other targets, is damaged, can't be opened, or is in
/// use. A code of `boost::system::system_category`: the journal can't be read, locked or written (a full disk); during
/// the broadcast it is the summary's `why`. A generator ends the broadcast when it returns a target that differs
/// from the journal's. Failures of single targets are passed to `on_outcome`.
///
/// \par Cancellation
/// Terminal: starts no further target and cancels those in flight; targets that may have been reached keep no outcome,
/// and the next run looks them up. Partial and total: starts no further target; those in flight run to their end. Both
/// complete with a summary.
///
/// \par Thread safety
/// May be called from any thread. Its work, and `on_outcome`, run on a strand of the client's executor.
///
/// \par Lifetime
/// The arguments are copied or moved; the client is kept alive until completion.
///
/// \par Source
/// `POST /v1/msg/send-message`, `POST /v1/msg/list-message-by-mid-seq`.
template <detail::call_token<broadcast_summary> Token = boost::asio::use_awaitable_t<>>
auto broadcast(client through, draft what, broadcast_targets to, broadcast_options options, Token&& token = Token()) {
    if constexpr (std::is_same_v<std::decay_t<Token>, boost::asio::use_awaitable_t<>>) {
        return detail::await_broadcast(std::move(through), std::move(what), std::move(to), std::move(options));
    } else {
        return boost::asio::async_initiate<Token, void(error_code, broadcast_summary)>(
            detail::initiate_broadcast(), token, std::move(through), std::move(what), std::move(to),
            std::move(options));
    }
}

static_assert(client::awaitable_parameter<broadcast_targets>);
static_assert(client::awaitable_parameter<broadcast_options>);
static_assert(client::awaitable_parameter<broadcast_monitor>);

YUNHU_NAMESPACE_END
