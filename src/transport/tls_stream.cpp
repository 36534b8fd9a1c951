// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/tls_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace transport {

// OpenSSL's view of the socket: through Asio, so that a write to a closed peer is an error and never a SIGPIPE.
struct socket_bio {
    static int write(BIO* bio, const char* data, std::size_t size, std::size_t* written) {
        auto& self = *static_cast<stream*>(BIO_get_data(bio));
        BIO_clear_retry_flags(bio);
        *written = self.socket_.write_some(asio::buffer(data, size), self.socket_error_);
        self.accepted_ += *written;
        if (self.socket_error_ == asio::error::would_block) {
            BIO_set_retry_write(bio);
        }
        return self.socket_error_ ? 0 : 1;
    }

    static int read(BIO* bio, char* data, std::size_t size, std::size_t* got) {
        auto& self = *static_cast<stream*>(BIO_get_data(bio));
        BIO_clear_retry_flags(bio);
        *got = self.read_socket({data, size}, self.socket_error_);
        // The end too, as `outcome` tells it: OpenSSL would take it for an attack and forget the session, and servers
        // that close idle connections without close_notify are many.
        if (self.socket_error_ == asio::error::would_block || self.socket_error_ == asio::error::eof) {
            BIO_set_retry_read(bio);
        }
        return self.socket_error_ ? 0 : 1;
    }

    static long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
        return command == BIO_CTRL_FLUSH ? 1 : 0;
    }

    static BIO_METHOD* method() {
        struct method_free {
            void operator()(BIO_METHOD* p) const noexcept { BIO_meth_free(p); }
        };
        static const std::unique_ptr<BIO_METHOD, method_free> made = [] {
            std::unique_ptr<BIO_METHOD, method_free> m(
                BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "asio"));
            BIO_meth_set_write_ex(m.get(), &socket_bio::write);
            BIO_meth_set_read_ex(m.get(), &socket_bio::read);
            BIO_meth_set_ctrl(m.get(), &socket_bio::control);
            return m;
        }();
        return made.get();
    }
};

namespace {

// OpenSSL asks for an empty error queue before each operation. It mostly is, and looking is cheaper than clearing. Not
// to be saved: `SSL_get_error` tells a fatal alert from a clean end by this queue only.
void clear_errors() noexcept {
    if (ERR_peek_error() != 0) {
        ERR_clear_error();
    }
}

} // namespace

stream::stream(socket connected, tls_context* tls) : socket_(std::move(connected)), tls_(tls) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
    if (tls_ == nullptr) {
        return;
    }
    ssl_ = tls_->new_connection();
    BIO* const bio = BIO_new(socket_bio::method());
    if (bio == nullptr) {
        throw std::bad_alloc();
    }
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
}

stream::~stream() {
    close();
}

io_step stream::handshake() {
    if (!ssl_) {
        return {};
    }
    clear_errors();
    look();
    io_step step = outcome(SSL_do_handshake(ssl_.get()));
    if (step.ec && SSL_get_verify_result(ssl_.get()) != X509_V_OK) {
        step.ec = errc::certificate_rejected;
    } else if (!step.ec && step.needs == io_step::wait::none) {
        established_ = true;
        if (!tls_->pinned(ssl_.get())) {
            step.ec = errc::certificate_rejected;
        }
    }
    return step;
}

io_step stream::read_some(std::span<char> into) {
    io_step step;
    if (ssl_) {
        clear_errors();
        std::size_t got = 0;
        step = outcome(SSL_read_ex(ssl_.get(), into.data(), into.size(), &got));
        step.bytes = got;
        return step;
    }
    step.bytes = read_socket(into, step.ec);
    if (step.ec == asio::error::would_block) {
        return {0, io_step::wait::readable, {}};
    }
    return step;
}

void stream::take_in(std::span<const char> bytes, const error_code& ec, bool more) noexcept {
    input_ = bytes;
    input_end_ = ec;
    more_ = more;
}

// A short read leaves the kernel's buffer empty: asking again would cost a system call.
std::size_t stream::read_socket(std::span<char> into, error_code& ec) {
    ec = {};
    if (!input_.empty()) {
        const std::size_t size = std::min(into.size(), input_.size());
        std::memcpy(into.data(), input_.data(), size);
        input_ = input_.subspan(size);
        return size;
    }
    if (input_end_) {
        ec = input_end_;
        return 0;
    }
    if (!more_) {
        ec = asio::error::would_block;
        return 0;
    }
    const std::size_t size = socket_.read_some(asio::buffer(into.data(), into.size()), ec);
    more_ = !ec && size == into.size();
    return size;
}

io_step stream::write_some(std::span<const char> from) {
    io_step step;
    if (ssl_) {
        clear_errors();
        std::size_t taken = 0;
        step = outcome(SSL_write_ex(ssl_.get(), from.data(), from.size(), &taken));
        step.bytes = taken;
        return step;
    }
    step.bytes = socket_.write_some(asio::buffer(from.data(), from.size()), step.ec);
    accepted_ += step.bytes;
    if (step.ec == asio::error::would_block) {
        return {0, io_step::wait::writable, {}};
    }
    return step;
}

io_step stream::peek() {
    std::array<char, 1> one{};
    io_step step;
    step.bytes = socket_.receive(asio::buffer(one), asio::socket_base::message_peek, step.ec);
    if (step.ec == asio::error::would_block) {
        return {0, io_step::wait::readable, {}};
    }
    return step;
}

bool stream::buffered() const noexcept {
    return holds() || (ssl_ && SSL_has_pending(ssl_.get()) == 1);
}

bool stream::resumed() const noexcept {
    return ssl_ && SSL_session_reused(ssl_.get()) == 1;
}

void stream::release_buffers() noexcept {
    if (ssl_) {
        SSL_free_buffers(ssl_.get());
    }
}

void stream::close() noexcept {
    if (!socket_.is_open()) {
        return;
    }
    if (established_) {
        clear_errors();
        SSL_shutdown(ssl_.get()); // close_notify; its answer is not waited for
        clear_errors();
    }
    error_code ignored;
    socket_.close(ignored);
}

io_step stream::outcome(int returned) noexcept {
    if (returned == 1) {
        return {};
    }
    switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
        if (socket_error_ == asio::error::eof) {
            return {0, io_step::wait::none, asio::ssl::error::stream_truncated};
        }
        return {0, io_step::wait::readable, {}};
    case SSL_ERROR_WANT_WRITE:
        return {0, io_step::wait::writable, {}};
    case SSL_ERROR_ZERO_RETURN:
        return {0, io_step::wait::none, asio::error::eof};
    default:
        break;
    }
    established_ = false; // no close_notify after a fatal error
    if (socket_error_ && socket_error_ != asio::error::would_block) {
        return {0, io_step::wait::none, socket_error_};
    }
    return {0, io_step::wait::none, error_code(static_cast<int>(ERR_get_error()), asio::error::get_ssl_category())};
}

} // namespace transport
YUNHU_NAMESPACE_END
