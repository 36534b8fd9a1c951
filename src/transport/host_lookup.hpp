// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/asio_types.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// One lookup of a host name by the system's resolver, `getaddrinfo`.
///
/// `getaddrinfo` blocks while its name servers are silent, and can't be interrupted. Asio calls it on one thread of the
/// execution context and joins that thread: a slow name delays every other one, and the end of the program too. Here it
/// runs in detached threads of the process, at most `max_threads` of them. Nothing waits for these threads: neither a
/// cancelled lookup, nor the destruction of the execution context, nor the exit of the program. Equal names share one
/// lookup; further names wait in a queue while all threads are busy.
///
/// A thread never uses the execution context. It announces its result through a socket, which the context polls as any
/// other. So a lookup is outstanding work, it may outlive the context, and it works with contexts that only one thread
/// may use (`BOOST_ASIO_CONCURRENCY_HINT_UNSAFE`).
class host_lookup {
public:
    static constexpr std::size_t max_threads = 8;

    explicit host_lookup(const executor& where) : announced_(where) {}

    /// Starts the lookup, once. Throws `boost::system::system_error` if there are no file descriptors, or if no thread
    /// can be started and none is running.
    void start(const std::string& host);
    /// Waits for the end of the lookup. The destructor cancels it.
    template <class Handler> void async_wait(Handler handler) {
        announced_.async_wait(asio::posix::descriptor_base::wait_read, std::move(handler));
    }
    /// The addresses, at least one, or the error. To be called after the wait has succeeded.
    error_code take(std::vector<asio::ip::address>& addresses);

    struct ticket;

private:
    asio::posix::stream_descriptor announced_; ///< readable: the lookup has ended
    std::shared_ptr<ticket> ticket_;           ///< shared with the thread
};

} // namespace transport
YUNHU_NAMESPACE_END
