// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/inline_strand.hpp"

#include <yunhu/config.hpp>

#include <boost/asio/execution_context.hpp>

#include <memory>
#include <mutex>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// What has connections and a strand in an execution context: a shard, an inbox.
class context_member {
public:
    context_member() = default;
    context_member(const context_member&) = delete;
    context_member& operator=(const context_member&) = delete;
    virtual ~context_member() = default;

    [[nodiscard]] virtual transport::inline_strand& strand() const noexcept = 0;
    /// The execution context is being destroyed, the strand is closed: drops everything without completions.
    virtual void abandon() = 0;
    /// On the strand. This process is a fork: ends what was inherited, and leaves the connections to the parent.
    virtual void leave_connections_to_parent() = 0;
};

/// Registry of the shards and inboxes of an execution context. Calls waiting in a shard form an ownership cycle with
/// the client, which only the shutdown of the execution context can break; Asio destroys its outstanding operations
/// there as well. Shards are registered, not clients, because a shard may outlive its client until its strand has run
/// once more.
///
/// Asio shuts services down in the reverse order of their creation. This one must be created after those that a shard
/// uses: while they are shut down, handlers are destroyed, and their objects may use a client.
class context_service final : public boost::asio::execution_context::service {
public:
    static boost::asio::execution_context::id id; // NOLINT: the name and the form are Asio's

    explicit context_service(boost::asio::execution_context& context);

    void add(std::weak_ptr<context_member> one);

private:
    void shutdown() override;
    /// In a child the members leave their connections to the parent: both would encrypt with the same keys.
    void notify_fork(boost::asio::execution_context::fork_event event) override;

    std::mutex mutex_;
    std::vector<std::weak_ptr<context_member>> members_;
    bool shut_down_ = false;
};

} // namespace detail
YUNHU_NAMESPACE_END
