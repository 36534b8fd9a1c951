// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <boost/asio/execution_context.hpp>

#include <memory>
#include <mutex>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

class shard;

/// Knows the shards of an execution context. When that is destroyed, calls that wait only in a shard's memory must be
/// destroyed too, as Asio does with operations: nobody else could, for they own the client that owns them. Shards and
/// not clients: a shard may outlive its client until its strand has run once more.
class context_service final : public boost::asio::execution_context::service {
public:
    static boost::asio::execution_context::id id; // NOLINT: the name and the form are Asio's

    explicit context_service(boost::asio::execution_context& context);

    void add(std::weak_ptr<shard> one);

private:
    void shutdown() override;

    std::mutex mutex_;
    std::vector<std::weak_ptr<shard>> shards_;
};

} // namespace detail
YUNHU_NAMESPACE_END
