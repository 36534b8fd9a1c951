// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/host_lookup.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <list>
#include <mutex>
#include <new>

YUNHU_NAMESPACE_BEGIN
namespace transport {
// Result of `getaddrinfo`. Without error categories: a thread may outlive them.
struct found_addresses {
    int error = 0;        ///< EAI_*
    int system_error = 0; ///< with EAI_SYSTEM
    std::vector<asio::ip::address> addresses;
};

namespace {

error_code to_error_code(const found_addresses& found) {
    switch (found.error) {
    case 0:
        return found.addresses.empty() ? error_code(asio::error::host_not_found) : error_code();
    case EAI_SYSTEM:
        return {found.system_error, boost::system::system_category()};
    case EAI_AGAIN:
        return asio::error::host_not_found_try_again;
    case EAI_FAIL:
        return asio::error::no_recovery;
    case EAI_MEMORY:
        return asio::error::no_memory;
    case EAI_FAMILY:
        return asio::error::address_family_not_supported;
    case EAI_BADFLAGS:
        return asio::error::invalid_argument;
    default: // EAI_NONAME, and EAI_NODATA where it is different
        return asio::error::host_not_found;
    }
}

void append_address(const addrinfo& entry, std::vector<asio::ip::address>& to) {
    asio::ip::tcp::endpoint one;
    if ((entry.ai_family == AF_INET || entry.ai_family == AF_INET6) && entry.ai_addrlen <= one.capacity()) {
        std::memcpy(one.data(), entry.ai_addr, entry.ai_addrlen);
        one.resize(entry.ai_addrlen);
        to.push_back(one.address());
    }
}

// Null: out of memory.
std::shared_ptr<const found_addresses> look_up(const std::string& host) noexcept {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_protocol = IPPROTO_TCP;
    addrinfo* list = nullptr;
    const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    const int system_error = errno;
    std::shared_ptr<const found_addresses> result;
    try {
        const auto found = std::make_shared<found_addresses>();
        found->error = error;
        found->system_error = system_error;
        for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
            append_address(*entry, found->addresses);
        }
        result = found;
    } catch (const std::bad_alloc&) { // Out of memory: the waiting lookups fail with this error.
    }
    if (list != nullptr) {
        ::freeaddrinfo(list);
    }
    return result;
}

} // namespace

/// State that a lookup shares with its thread.
struct host_lookup::ticket {
    explicit ticket(int descriptor) noexcept : announce(descriptor) {}
    ticket(const ticket&) = delete;
    ticket& operator=(const ticket&) = delete;
    ~ticket() { ::close(announce); }

    void finish(std::shared_ptr<const found_addresses> result) noexcept {
        {
            const std::lock_guard lock(mutex);
            found = std::move(result);
        }
        constexpr char any = 0;
        (void)::send(announce, &any, 1, MSG_NOSIGNAL);
    }

    const int announce; ///< the thread's end of the socket pair
    std::mutex mutex;
    std::shared_ptr<const found_addresses> found;
};

namespace {

using ticket_ptr = std::shared_ptr<host_lookup::ticket>;

/// The threads of this process and their queue. Never destroyed: threads may run until the process is gone.
class lookup_threads {
public:
    static lookup_threads& of_this_process();
    void add(const std::string& host, const ticket_ptr& waiting);

private:
    struct query {
        std::string host;
        std::vector<std::weak_ptr<host_lookup::ticket>> waiting;
        bool running = false;

        [[nodiscard]] bool wanted() const noexcept {
            return std::any_of(waiting.begin(), waiting.end(), [](const auto& one) { return !one.expired(); });
        }
    };

    [[nodiscard]] int start_thread() noexcept;
    void run() noexcept;

    const pid_t process_ = ::getpid();
    std::mutex mutex_;
    std::list<query> queries_; ///< those of the threads, and those that wait for one
    std::size_t threads_ = 0;
};

lookup_threads& lookup_threads::of_this_process() {
    static std::atomic<lookup_threads*> current{nullptr};
    lookup_threads* found = current.load(std::memory_order_acquire);
    while (found == nullptr || found->process_ != ::getpid()) { // after a fork the threads are the parent's only
        auto made = std::make_unique<lookup_threads>();
        if (current.compare_exchange_strong(found, made.get(), std::memory_order_acq_rel)) {
            found = made.release();
        }
    }
    return *found;
}

void lookup_threads::add(const std::string& host, const ticket_ptr& waiting) {
    const std::lock_guard lock(mutex_);
    auto same = std::find_if(queries_.begin(), queries_.end(), [&host](const query& q) { return q.host == host; });
    if (same != queries_.end()) {
        std::erase_if(same->waiting, [](const auto& one) { return one.expired(); });
        same->waiting.push_back(waiting);
        return;
    }
    queries_.push_back({host, {waiting}});
    if (threads_ == host_lookup::max_threads) {
        return;
    }
    if (const int error = start_thread(); error == 0) {
        ++threads_;
    } else if (threads_ == 0) { // else a thread that is running takes it
        queries_.pop_back();
        throw boost::system::system_error(error_code(error, boost::system::system_category()), "host_lookup");
    }
}

// A detached thread without the program's signals.
int lookup_threads::start_thread() noexcept {
    sigset_t all;
    sigset_t before;
    pthread_attr_t detached;
    sigfillset(&all);
    if (const int error = ::pthread_attr_init(&detached); error != 0) {
        return error;
    }
    ::pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread{};
    const auto body = [](void* self) -> void* {
        static_cast<lookup_threads*>(self)->run();
        return nullptr;
    };
    const int error = ::pthread_create(&thread, &detached, body, this);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::pthread_attr_destroy(&detached);
    return error;
}

// Ends when no query waits: connections are opened rarely, and an idle thread would be a resource of every program.
void lookup_threads::run() noexcept {
    std::unique_lock lock(mutex_);
    for (;;) {
        const auto next = std::find_if(queries_.begin(), queries_.end(), [](const query& q) { return !q.running; });
        if (next == queries_.end()) {
            --threads_;
            return;
        }
        std::shared_ptr<const found_addresses> found;
        if (next->wanted()) {
            next->running = true;
            lock.unlock();
            found = look_up(next->host);
            lock.lock();
        }
        const auto waiting = std::move(next->waiting);
        queries_.erase(next);
        lock.unlock();
        for (const auto& one : waiting) {
            if (const ticket_ptr ticket = one.lock()) {
                ticket->finish(found);
            }
        }
        lock.lock();
    }
}

} // namespace

void host_lookup::start(const std::string& host) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw boost::system::system_error(error_code(errno, boost::system::system_category()), "host_lookup");
    }
    try {
        ticket_ = std::make_shared<ticket>(ends[1]);
    } catch (...) {
        ::close(ends[0]);
        ::close(ends[1]);
        throw;
    }
    error_code ec;
    announced_.assign(ends[0], ec);
    if (ec) {
        ::close(ends[0]);
        throw boost::system::system_error(ec, "host_lookup");
    }
    lookup_threads::of_this_process().add(host, ticket_);
}

error_code host_lookup::take(std::vector<asio::ip::address>& addresses) {
    const std::lock_guard lock(ticket_->mutex);
    if (!ticket_->found) {
        return asio::error::no_memory;
    }
    addresses = ticket_->found->addresses;
    return to_error_code(*ticket_->found);
}

} // namespace transport
YUNHU_NAMESPACE_END
