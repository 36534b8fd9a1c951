// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "proxy_double.hpp"

#include "fault_options.hpp"
#include "sockets.hpp"

#include <openssl/err.h>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

namespace yunhu::test {
namespace {

/// The end of a connection: by its peer, by an error, or by the destructor of the proxy.
struct ended {};

/// A non-blocking stream to a client or a server, with TLS or without.
class stream {
public:
    stream(unique_fd socket, SSL_CTX* context) : socket_(std::move(socket)) {
        if (context != nullptr) {
            ssl_.reset(SSL_new(context));
            SSL_set_fd(ssl_.get(), socket_.get());
            SSL_set_accept_state(ssl_.get());
        }
    }

    [[nodiscard]] int descriptor() const noexcept { return socket_.get(); }

    /// Appends the bytes that can be read now; false: none, or the stream is over.
    bool read(std::string& to) {
        ERR_clear_error();
        std::array<char, 16 * 1024> buffer{};
        const auto size = static_cast<long>(buffer.size());
        const long got = ssl_ ? SSL_read(ssl_.get(), buffer.data(), static_cast<int>(size))
                              : ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (got > 0) {
            to.append(buffer.data(), static_cast<std::size_t>(got));
            return true;
        }
        over_ = !would_block(got);
        return false;
    }
    [[nodiscard]] bool over() const noexcept { return over_; }

    /// Writes a part; returns its size.
    std::size_t write(std::string_view bytes) {
        ERR_clear_error();
        const long sent = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                               : ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            return static_cast<std::size_t>(sent);
        }
        if (would_block(sent)) {
            return 0;
        }
        throw ended();
    }

    void close() {
        if (ssl_) {
            SSL_shutdown(ssl_.get());
        }
        ::shutdown(socket_.get(), SHUT_RDWR);
    }

private:
    [[nodiscard]] bool would_block(long result) const {
        if (!ssl_) {
            return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        }
        const int error = SSL_get_error(ssl_.get(), static_cast<int>(result));
        return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
    }

    unique_fd socket_;
    ssl_ptr ssl_;
    bool over_ = false;
};

fault_server_options tls_options() {
    fault_server_options options;
    options.certificate.dns_names = {"proxy.test"};
    return options;
}

} // namespace

struct proxy_double::impl {
    explicit impl(transport to_client)
        : own(ca.issue(options.certificate)), context(make_context(options, own)), tls(to_client == transport::tls),
          listener(bind_loopback(false, 0)), stop(::eventfd(0, EFD_CLOEXEC)) {
        SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSL_CTX_set_client_hello_cb(context.get(), nullptr, nullptr); // those of a fault server need its journal
        SSL_CTX_set_info_callback(context.get(), nullptr);
        start_listening(listener, 16);
        sigset_t pipe; // OpenSSL writes to sockets without MSG_NOSIGNAL
        sigset_t before;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe, &before);
        acceptor = std::thread([this] { accept(); });
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }

    ~impl() {
        const std::uint64_t one = 1;
        (void)!::write(stop.get(), &one, sizeof one);
        acceptor.join();
        for (std::thread& each : connections) {
            each.join();
        }
    }

    /// Waits until a descriptor is ready. Throws `ended` if the proxy ends.
    template <std::size_t N> void wait(std::array<pollfd, N>& watched) const {
        ::poll(watched.data(), watched.size(), -1);
        if (watched[0].revents != 0) {
            throw ended();
        }
    }

    void accept() {
        try {
            for (;;) {
                std::array<pollfd, 2> watched{pollfd{stop.get(), POLLIN, 0}, pollfd{listener.get(), POLLIN, 0}};
                wait(watched);
                unique_fd socket(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
                if (socket) {
                    connections.emplace_back([this, fd = socket.release()] { serve(unique_fd(fd)); });
                }
            }
        } catch (const ended&) {}
    }

    void serve(unique_fd socket) {
        stream client(std::move(socket), tls ? context.get() : nullptr);
        try {
            const std::string target = read_request(client);
            const std::optional<std::uint16_t> port = find(target);
            if (!port) {
                write_all(client, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno");
            } else {
                stream server(connect(*port), nullptr);
                write_all(client, "HTTP/1.1 200 Connection established\r\nVia: 1.1 double\r\n\r\n");
                relay(client, server);
            }
        } catch (const ended&) {}
        client.close();
    }

    /// The target of a CONNECT request.
    std::string read_request(stream& client) {
        std::string header;
        while (header.find("\r\n\r\n") == std::string::npos) {
            if (client.over()) {
                throw ended();
            }
            if (!client.read(header) && !client.over()) {
                std::array<pollfd, 2> watched{pollfd{stop.get(), POLLIN, 0}, pollfd{client.descriptor(), POLLIN, 0}};
                wait(watched);
            }
        }
        const std::lock_guard lock(mutex);
        requests.push_back(header);
        constexpr std::string_view method = "CONNECT ";
        const std::size_t end = header.find(" HTTP/1.1\r\n");
        return header.starts_with(method) && end != std::string::npos
                   ? header.substr(method.size(), end - method.size())
                   : std::string();
    }

    std::optional<std::uint16_t> find(const std::string& target) {
        const std::lock_guard lock(mutex);
        const auto found = routes.find(target);
        return found == routes.end() ? std::nullopt : std::optional(found->second);
    }

    static unique_fd connect(std::uint16_t port) {
        unique_fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        if (connecting_hangs(socket, port, fault_log::wait_limit)) {
            throw ended();
        }
        return socket;
    }

    void write_all(stream& to, std::string_view bytes) {
        while (!bytes.empty()) {
            const std::size_t sent = to.write(bytes);
            bytes.remove_prefix(sent);
            if (sent == 0) {
                std::array<pollfd, 2> watched{pollfd{stop.get(), POLLIN, 0}, pollfd{to.descriptor(), POLLOUT, 0}};
                wait(watched);
            }
        }
    }

    void relay(stream& client, stream& server) {
        for (;;) {
            std::string bytes;
            while (client.read(bytes)) {}
            forward(server, bytes, sent_to_servers);
            bytes.clear();
            while (server.read(bytes)) {}
            forward(client, bytes, sent_to_clients);
            if (client.over() || server.over()) {
                return;
            }
            std::array<pollfd, 3> watched{pollfd{stop.get(), POLLIN, 0}, pollfd{client.descriptor(), POLLIN, 0},
                                          pollfd{server.descriptor(), POLLIN, 0}};
            wait(watched);
        }
    }

    void forward(stream& to, const std::string& bytes, std::string& record) {
        {
            const std::lock_guard lock(mutex);
            record += bytes;
        }
        write_all(to, bytes);
    }

    const fault_server_options options = tls_options();
    const certificate_authority ca;
    const certificate own;
    const ssl_context context;
    const bool tls;
    const unique_fd listener;
    const unique_fd stop;

    std::mutex mutex; ///< of the members below
    std::map<std::string, std::uint16_t> routes;
    std::vector<std::string> requests;
    std::string sent_to_servers;
    std::string sent_to_clients;

    std::thread acceptor;
    std::vector<std::thread> connections; ///< used by the acceptor only
};

proxy_double::proxy_double(transport to_client) : impl_(std::make_unique<impl>(to_client)) {}

proxy_double::~proxy_double() = default;

void proxy_double::route(const std::string& target, std::uint16_t port) {
    const std::lock_guard lock(impl_->mutex);
    impl_->routes[target] = port;
}

std::string proxy_double::url() const {
    return (impl_->tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(local_port(impl_->listener));
}

std::string proxy_double::ca_pem() const {
    return impl_->ca.pem();
}

std::vector<std::string> proxy_double::requests() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->requests;
}

std::string proxy_double::to_servers() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->sent_to_servers;
}

std::string proxy_double::to_clients() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->sent_to_clients;
}

} // namespace yunhu::test
