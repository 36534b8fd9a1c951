// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/proxy_tunnel.hpp"

#include "model/exceptions.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <span>
#include <string_view>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace transport {
namespace {

// Some proxies respond with 401 to wrong credentials, although it is an origin server's status.
bool refuses_credentials(int status) {
    return status == 407 || status == 401;
}

} // namespace

proxy_tunnel::proxy_tunnel(std::shared_ptr<inline_strand> strand, socket connected,
                           std::shared_ptr<const proxy> through, std::function<void(tunnel_result)> handler)
    : strand_(std::move(strand)), proxy_(std::move(through)), handler_(std::move(handler)),
      stream_(std::make_unique<tls_stream>(std::move(connected), proxy_->tls.get())),
      response_(proxy_->max_header_bytes) {}

void proxy_tunnel::cancel() noexcept {
    handler_ = nullptr; // handlers that are queued already check it
    if (stream_) {
        stream_->close();
    }
}

// An exception ends the tunnel with an error.
void proxy_tunnel::run_guarded() {
    try {
        advance();
    } catch (...) {
        const error_code thrown = detail::current_exception_code();
        if (handler_) {
            finish({errc::proxy_failed, thrown, {}, nullptr});
        }
    }
}

void proxy_tunnel::advance() {
    while (handler_) {
        const io_result result = step();
        if (result.ec) {
            fail_io(result.ec);
            return;
        }
        if (result.needs == io_result::wait::readable) {
            wait(socket::wait_read);
            return;
        }
        if (result.needs == io_result::wait::writable) {
            wait(socket::wait_write);
            return;
        }
        switch (stage_) {
        case stage::handshaking:
            stage_ = stage::writing;
            break;
        case stage::writing:
            written_ += result.bytes;
            if (written_ == proxy_->connect_request.reveal().size()) {
                stage_ = stage::reading;
            }
            break;
        case stage::reading:
            on_bytes(result.bytes);
            break;
        }
    }
}

io_result proxy_tunnel::step() {
    switch (stage_) {
    case stage::handshaking:
        return stream_->handshake();
    case stage::writing:
        return stream_->write_some(std::span(proxy_->connect_request.reveal()).subspan(written_));
    case stage::reading:
        break;
    }
    return stream_->read_some(buffer_);
}

void proxy_tunnel::wait(socket::wait_type until) {
    stream_->lowest_layer().async_wait(until, strand_->bind([self = shared_from_this()](const error_code& /*ec*/) {
        if (self->handler_) { // an error of the socket is reported by the next operation, too
            self->stream_->set_readable();
            self->run_guarded();
        }
    }));
}

void proxy_tunnel::on_bytes(std::size_t size) {
    using state = http::connect_response::state;
    switch (response_.feed({buffer_.data(), size})) {
    case state::incomplete:
        return;
    case state::malformed:
        fail(errc::proxy_failed, {}, "the proxy's response is not HTTP/1.1");
        return;
    case state::too_large:
        fail(errc::proxy_failed, {}, "the header section of the proxy's response exceeds limits.header_bytes");
        return;
    case state::trailing_data:
        fail(errc::proxy_failed, {}, "the proxy sent data before the server could");
        return;
    case state::complete:
        break;
    }
    if (response_.succeeded()) {
        finish({{}, {}, {}, std::move(stream_)});
        return;
    }
    fail(refuses_credentials(response_.status()) ? errc::proxy_unauthorized : errc::proxy_failed, {},
         "the proxy responded with HTTP " + std::to_string(response_.status()));
}

void proxy_tunnel::fail_io(const error_code& ec) {
    if (ec == errc::certificate_rejected) {
        fail(errc::certificate_rejected, {}, "the proxy's certificate: " + stream_->rejection());
    } else if (stage_ == stage::handshaking) {
        fail(errc::proxy_failed, ec, "the TLS handshake with the proxy failed");
    } else if (ec == asio::error::eof || ec == asio::ssl::error::stream_truncated) {
        fail(errc::proxy_failed, ec, "the proxy closed the connection without a response");
    } else {
        fail(errc::proxy_failed, ec, {});
    }
}

void proxy_tunnel::fail(errc code, const error_code& cause, std::string detail) {
    finish({code, cause, std::move(detail), nullptr});
}

void proxy_tunnel::finish(tunnel_result result) {
    const auto handler = std::exchange(handler_, nullptr);
    cancel();
    handler(std::move(result));
}

} // namespace transport
YUNHU_NAMESPACE_END
