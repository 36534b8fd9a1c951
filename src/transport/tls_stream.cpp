// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/tls_stream.hpp"

#include "model/exceptions.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace transport {

// The BIO that connects OpenSSL to the socket. It goes through Asio, so that a write to a closed peer is an error and
// not a SIGPIPE. No exception may pass OpenSSL, which is written in C: it becomes the operation's error.
struct socket_bio {
    static int write(BIO* bio, const char* data, std::size_t size, std::size_t* written) noexcept {
        auto& self = *static_cast<tls_stream*>(BIO_get_data(bio));
        BIO_clear_retry_flags(bio);
        *written = 0;
        try {
            *written = self.socket_.write_some(asio::buffer(data, size), self.socket_error_);
        } catch (...) {
            self.socket_error_ = detail::current_exception_code();
        }
        self.accepted_ += *written;
        if (self.socket_error_ == asio::error::would_block) {
            BIO_set_retry_write(bio);
        }
        return self.socket_error_ ? 0 : 1;
    }

    static int read(BIO* bio, char* data, std::size_t size, std::size_t* got) noexcept {
        auto& self = *static_cast<tls_stream*>(BIO_get_data(bio));
        BIO_clear_retry_flags(bio);
        *got = 0;
        try {
            *got = self.read_socket({data, std::min(size, self.max_read_)}, self.socket_error_);
        } catch (...) {
            self.socket_error_ = detail::current_exception_code();
        }
        // An end of file is retried too and mapped by `to_result`. OpenSSL would treat it as a truncation attack and
        // discard the session, but many servers close idle connections without close_notify.
        if (self.socket_error_ == asio::error::would_block || self.socket_error_ == asio::error::eof) {
            BIO_set_retry_read(bio);
        }
        return self.socket_error_ ? 0 : 1;
    }

    static long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
        return command == BIO_CTRL_FLUSH ? 1 : 0;
    }

    // Never freed: a client of static storage uses it after the destructors of function-local statics have run.
    static BIO_METHOD* method() {
        static BIO_METHOD* const made = [] {
            const int index = BIO_get_new_index();
            BIO_METHOD* const m = index < 0 ? nullptr : BIO_meth_new(index | BIO_TYPE_SOURCE_SINK, "asio");
            if (m == nullptr || BIO_meth_set_write_ex(m, &socket_bio::write) != 1 ||
                BIO_meth_set_read_ex(m, &socket_bio::read) != 1 || BIO_meth_set_ctrl(m, &socket_bio::control) != 1) {
                BIO_meth_free(m);
                throw std::bad_alloc();
            }
            return m;
        }();
        return made;
    }

    static BIO* create(tls_stream& over) {
        BIO* const bio = BIO_new(method());
        if (bio == nullptr) {
            throw std::bad_alloc();
        }
        BIO_set_data(bio, &over);
        BIO_set_init(bio, 1);
        return bio;
    }
};

namespace {

// OpenSSL requires an empty error queue before each operation: `SSL_get_error` distinguishes a fatal alert from a clean
// end by this queue. It is usually empty, and peeking is cheaper than clearing.
void clear_errors() noexcept {
    if (ERR_peek_error() != 0) {
        ERR_clear_error();
    }
}

} // namespace

tls_stream::tls_stream(socket connected, tls_context* tls) : socket_(std::move(connected)), tls_(tls) {
    socket_.non_blocking(true); // throws: otherwise every operation would block the executor
    if (tls_ != nullptr) {
        start_tls(socket_bio::create(*this));
    }
}

tls_stream::tls_stream(tls_stream& tunnel, tls_context& tls)
    : socket_(std::move(tunnel.socket_)), tls_(&tls), tunnel_(std::move(tunnel.ssl_)), accepted_(tunnel.accepted_) {
    if (!tunnel_) {
        start_tls(socket_bio::create(*this));
        return;
    }
    BIO_set_data(SSL_get_rbio(tunnel_.get()), this);
    BIO* const bio = BIO_new(BIO_f_ssl()); // reads and writes through another SSL object
    if (bio == nullptr) {
        throw std::bad_alloc();
    }
    BIO_set_ssl(bio, tunnel_.get(), BIO_NOCLOSE);
    start_tls(bio);
}

// Takes ownership of `below`.
void tls_stream::start_tls(BIO* below) {
    try {
        ssl_ = tls_->new_connection();
    } catch (...) {
        BIO_free_all(below);
        throw;
    }
    SSL_set_bio(ssl_.get(), below, below);
}

tls_stream::~tls_stream() {
    close();
    ssl_.reset(); // before `tunnel_`, on which it lies
}

io_result tls_stream::handshake() {
    if (!ssl_) {
        return {};
    }
    clear_errors();
    set_readable();
    io_result result = to_result(SSL_do_handshake(ssl_.get()));
    const bool done = !result.ec && result.needs == io_result::wait::none;
    const bool rejected = (done || result.ec) && SSL_get_verify_result(ssl_.get()) != X509_V_OK;
    established_ = done;
    if (rejected || (done && !tls_->pinned(ssl_.get()))) {
        result.ec = errc::certificate_rejected;
    }
    return result;
}

io_result tls_stream::read_some(std::span<char> buffer) {
    io_result result;
    if (ssl_) {
        clear_errors();
        std::size_t got = 0;
        result = to_result(SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &got));
        result.bytes = got;
        return result;
    }
    result.bytes = read_socket(buffer, result.ec);
    if (result.ec == asio::error::would_block) {
        return {0, io_result::wait::readable, {}};
    }
    return result;
}

void tls_stream::supply_input(std::span<const char> bytes, const error_code& ec, bool may_have_more) noexcept {
    input_ = bytes;
    input_error_ = ec;
    readable_ = may_have_more;
}

// After a short read the kernel's buffer is empty; another read would waste a system call.
std::size_t tls_stream::read_socket(std::span<char> buffer, error_code& ec) {
    ec = {};
    if (!input_.empty()) {
        const std::size_t size = std::min(buffer.size(), input_.size());
        std::memcpy(buffer.data(), input_.data(), size);
        input_ = input_.subspan(size);
        return size;
    }
    if (input_error_) {
        ec = input_error_;
        return 0;
    }
    if (!readable_) {
        ec = asio::error::would_block;
        return 0;
    }
    const std::size_t size = socket_.read_some(asio::buffer(buffer.data(), buffer.size()), ec);
    readable_ = !ec && size == buffer.size();
    return size;
}

io_result tls_stream::write_some(std::span<const char> buffer) {
    io_result result;
    if (ssl_) {
        clear_errors();
        std::size_t taken = 0;
        result = to_result(SSL_write_ex(ssl_.get(), buffer.data(), buffer.size(), &taken));
        result.bytes = taken;
        return result;
    }
    result.bytes = socket_.write_some(asio::buffer(buffer.data(), buffer.size()), result.ec);
    accepted_ += result.bytes;
    if (result.ec == asio::error::would_block) {
        return {0, io_result::wait::writable, {}};
    }
    return result;
}

io_result tls_stream::peek() {
    std::array<char, 1> one{};
    io_result result;
    result.bytes = socket_.receive(asio::buffer(one), asio::socket_base::message_peek, result.ec);
    if (result.ec == asio::error::would_block) {
        return {0, io_result::wait::readable, {}};
    }
    return result;
}

bool tls_stream::buffered() const noexcept {
    return has_input() || (ssl_ && SSL_has_pending(ssl_.get()) == 1) ||
           (tunnel_ && SSL_has_pending(tunnel_.get()) == 1);
}

bool tls_stream::resumed() const noexcept {
    return ssl_ && SSL_session_reused(ssl_.get()) == 1;
}

void tls_stream::release_buffers() noexcept {
    if (ssl_) {
        SSL_free_buffers(ssl_.get());
    }
    if (tunnel_) {
        SSL_free_buffers(tunnel_.get());
    }
}

void tls_stream::close() noexcept {
    if (!socket_.is_open()) {
        return;
    }
    if (established_) {
        clear_errors();
        SSL_shutdown(ssl_.get()); // sends close_notify; the peer's is not awaited
        clear_errors();
        if (tunnel_) {
            SSL_shutdown(tunnel_.get());
            clear_errors();
        }
    }
    error_code ignored;
    socket_.close(ignored);
}

// Released first: closing the socket would not remove it from the reactor, because the other process has it open.
void tls_stream::disown() noexcept {
    established_ = false;
    error_code not_open;
    const socket::native_handle_type handle = socket_.release(not_open);
    if (!not_open) {
        ::close(handle);
    }
}

// The proxy has ended its TLS in an orderly way, which is no end of the TLS in it.
bool tls_stream::tunnel_ended() const noexcept {
    return tunnel_ && (SSL_get_shutdown(tunnel_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

io_result tls_stream::to_result(int returned) noexcept {
    if (returned == 1) {
        return {};
    }
    switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
        if (socket_error_ == asio::error::eof) {
            return {0, io_result::wait::none, asio::ssl::error::stream_truncated};
        }
        return {0, io_result::wait::readable, {}};
    case SSL_ERROR_WANT_WRITE:
        return {0, io_result::wait::writable, {}};
    case SSL_ERROR_ZERO_RETURN:
        return {0, io_result::wait::none, asio::error::eof};
    default:
        break;
    }
    established_ = false; // no close_notify after a fatal error
    if (tunnel_ended()) {
        return {0, io_result::wait::none, asio::ssl::error::stream_truncated};
    }
    if (socket_error_ && socket_error_ != asio::error::would_block) {
        return {0, io_result::wait::none, socket_error_};
    }
    const unsigned long reason = ERR_get_error();
    if (reason == 0) { // an error all the same
        return {0, io_result::wait::none, asio::ssl::error::unexpected_result};
    }
    return {0, io_result::wait::none, error_code(static_cast<int>(reason), asio::error::get_ssl_category())};
}

} // namespace transport
YUNHU_NAMESPACE_END
