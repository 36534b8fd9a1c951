// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "fault_server.hpp"

#include "sockets.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <deque>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace yunhu::test {
namespace {

/// A connection and its thread.
struct running {
    template <class... Args> explicit running(Args&&... args) : session(std::forward<Args>(args)...) {}

    void start(script steps) {
        thread = std::thread([this, steps = std::move(steps)] {
            session.run(steps);
            finished = true;
        });
    }

    fault_connection session;
    std::thread thread;
    std::atomic<bool> finished = false;
};

constexpr int backlog = 4096;
constexpr int retry_accept_ms = 10;
constexpr int max_attempts_for_both_families = 50;

std::shared_ptr<const certificate_authority> or_new(std::shared_ptr<const certificate_authority> ca) {
    return ca ? std::move(ca) : std::make_shared<const certificate_authority>();
}

} // namespace

struct fault_server::impl {
    explicit impl(fault_server_options given)
        : options(std::move(given)), ca(or_new(options.ca)), own(ca->issue(options.certificate)),
          context(make_context(options, own)), wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
        reserve_port();
        listen();
        acceptor = std::thread([this] { accept_connections(); });
    }

    ~impl() {
        stopping = true;
        wake_acceptor();
        acceptor.join();
        drop(drop_by::close);
        for (running& connection : connections) {
            connection.thread.join();
        }
    }

    /// A bound socket keeps the port reserved while the server does not listen.
    void reserve_port() {
        for (int n = 1;; ++n) {
            reserved.clear();
            reserved.push_back(bind_loopback(false, 0));
            port = local_port(reserved.front());
            if (!options.ipv6) {
                return;
            }
            try {
                reserved.push_back(bind_loopback(true, port));
                return;
            } catch (const std::system_error&) {
                if (n == max_attempts_for_both_families) {
                    throw;
                }
            }
        }
    }

    void listen() {
        std::vector<unique_fd> listening;
        for (std::size_t n = 0; n < reserved.size(); ++n) {
            listening.push_back(bind_loopback(n == 1, port));
            if (options.receive_buffer != 0) { // inherited by accepted sockets
                ::setsockopt(listening.back().get(), SOL_SOCKET, SO_RCVBUF, &options.receive_buffer,
                             sizeof options.receive_buffer);
            }
            start_listening(listening.back(), backlog);
        }
        const std::scoped_lock lock(mutex);
        listeners = std::move(listening);
        wake_acceptor();
    }

    void stop_listening() {
        const std::scoped_lock lock(mutex);
        for (const unique_fd& listener : listeners) {
            ::shutdown(listener.get(), SHUT_RDWR); // at once: the acceptor's poll keeps the socket open
        }
        listeners.clear();
        wake_acceptor();
    }

    void wake_acceptor() const noexcept {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto ignored = ::write(wake.get(), &one, sizeof one);
    }

    void accept_connections() {
        while (!stopping) {
            std::vector<pollfd> watched{{wake.get(), POLLIN, 0}};
            {
                const std::scoped_lock lock(mutex);
                for (const unique_fd& listener : listeners) {
                    watched.push_back({listener.get(), POLLIN, 0});
                }
            }
            if (std::exchange(no_descriptors, false)) {
                ::poll(watched.data(), 1, retry_accept_ms); // the listeners would stay ready
            }
            ::poll(watched.data(), watched.size(), -1);
            std::uint64_t count = 0;
            [[maybe_unused]] const auto ignored = ::read(wake.get(), &count, sizeof count);
            accept_waiting();
        }
    }

    void accept_waiting() {
        const std::scoped_lock lock(mutex);
        for (const unique_fd& listener : listeners) {
            for (;;) {
                unique_fd socket(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
                if (!socket) {
                    no_descriptors = errno == EMFILE || errno == ENFILE;
                    break;
                }
                begin(std::move(socket), &listener == listeners.data() ? "127.0.0.1" : "::1");
            }
        }
    }

    void begin(unique_fd socket, std::string address) {
        connections.remove_if([](running& connection) {
            if (connection.finished) {
                connection.thread.join();
            }
            return !connection.thread.joinable();
        });
        const int on = 1;
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const std::size_t number = log.update([&](fault_journal& journal) {
            journal.connections.emplace_back().local_address = std::move(address);
            return journal.connections.size();
        });
        script steps = default_script;
        if (!queued.empty()) {
            steps = std::move(queued.front());
            queued.pop_front();
        }
        running& connection =
            connections.emplace_back(socket.release(), options.tls ? context.get() : nullptr, options,
                                     response_source([this] { return take_response(); }), log, number);
        connection.start(std::move(steps));
    }

    script take_response() {
        const std::scoped_lock lock(mutex);
        if (responses.empty()) {
            return {steps::response_ok()};
        }
        script steps = std::move(responses.front());
        responses.pop_front();
        return steps;
    }

    void drop(drop_by how) {
        const std::scoped_lock lock(mutex);
        for (running& connection : connections) {
            connection.session.stream().drop(how);
        }
    }

    void open_gate(const std::string& name) {
        const std::scoped_lock lock(mutex);
        log.open_gate(name);
        for (running& connection : connections) {
            connection.session.stream().wake();
        }
    }

    const fault_server_options options;
    const std::shared_ptr<const certificate_authority> ca;
    const certificate own;
    const ssl_context context;
    const unique_fd wake;
    std::vector<unique_fd> reserved; ///< bound, never listening
    std::uint16_t port = 0;
    fault_log log;
    std::atomic<bool> stopping = false;

    std::mutex mutex; ///< of the members below; locked before the mutex of the log
    std::vector<unique_fd> listeners;
    std::deque<script> queued;
    std::deque<script> responses;
    script default_script;
    std::list<running> connections;

    bool no_descriptors = false; ///< used by the acceptor only
    std::thread acceptor;
};

fault_server::fault_server(fault_server_options options) : impl_(std::make_unique<impl>(std::move(options))) {}

fault_server::~fault_server() = default;

std::uint16_t fault_server::port() const noexcept {
    return impl_->port;
}

std::string fault_server::base_url(const std::string& host) const {
    return (impl_->options.tls ? "https://" : "http://") + host + ":" + std::to_string(impl_->port);
}

std::string fault_server::ca_pem() const {
    return impl_->ca->pem();
}

std::string fault_server::spki_pin() const {
    return test::spki_pin(impl_->own);
}

void fault_server::next_connection(script steps) {
    const std::scoped_lock lock(impl_->mutex);
    impl_->queued.push_back(std::move(steps));
}

void fault_server::every_connection(script steps) {
    const std::scoped_lock lock(impl_->mutex);
    impl_->default_script = std::move(steps);
}

void fault_server::next_response(script steps) {
    const std::scoped_lock lock(impl_->mutex);
    impl_->responses.push_back(std::move(steps));
}

void fault_server::open_gate(const std::string& name) {
    impl_->open_gate(name);
}

void fault_server::stop_listening() {
    impl_->stop_listening();
}

void fault_server::listen_again() {
    impl_->listen();
}

void fault_server::drop_connections(drop_by how) {
    impl_->drop(how);
}

fault_journal fault_server::journal() const {
    return impl_->log.read([](const fault_journal& journal) { return journal; });
}

seen_connection fault_server::connection(std::size_t number) const {
    return impl_->log.read([number](const fault_journal& journal) { return journal.connections.at(number - 1); });
}

std::size_t fault_server::request_count() const {
    return impl_->log.read([](const fault_journal& journal) { return journal.request_count; });
}

std::size_t fault_server::accepted() const {
    return impl_->log.read([](const fault_journal& journal) { return journal.accepted(); });
}

bool fault_server::holds(const std::function<bool(const fault_journal&)>& condition) const {
    return impl_->log.read(condition);
}

bool fault_server::wait_until(const std::function<bool(const fault_journal&)>& condition) const {
    return impl_->log.wait_until(condition);
}

bool fault_server::wait_for_close(std::size_t number) const {
    return wait_until([number](const fault_journal& journal) { return journal.closed(number); });
}

bool fault_server::wait_for_gate(const std::string& name, std::size_t times) const {
    return wait_until([&](const fault_journal& journal) {
        const auto found = journal.at_gate.find(name);
        return found != journal.at_gate.end() && found->second >= times;
    });
}

} // namespace yunhu::test
