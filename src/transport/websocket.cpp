// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/websocket.hpp"

#include "model/exceptions.hpp"
#include "transport/async_tls_stream.hpp"
#include "transport/loopback.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <chrono>
#include <deque>
#include <optional>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace transport {
namespace {

namespace ws = boost::beast::websocket;

// A message that is larger leaves no memory behind: thousands of connections are idle.
constexpr std::size_t kept_buffer = 4096;
constexpr std::size_t write_buffer = 512; // of each connection, for as long as it lives; a login fits
constexpr auto close_timeout = std::chrono::seconds(1);

} // namespace

struct websocket::session {
    session(const std::shared_ptr<inline_strand>& strand, std::unique_ptr<tls_stream> over)
        : stream(strand, std::move(over)), timer(strand->inner_executor()) {}

    [[nodiscard]] tls_stream& tls() noexcept { return stream.next_layer().tls(); }

    ws::stream<async_tls_stream, false> stream; ///< without permessage-deflate
    ws::response_type upgrade_response;
    boost::beast::flat_buffer received;
    std::deque<detail::secret_bytes> outgoing; ///< the first one is being sent
    transport::timer timer;                    ///< of closing
    bool open = false;
    bool reading = false;
    bool writing = false;
};

websocket::websocket(std::shared_ptr<inline_strand> strand, std::weak_ptr<websocket_owner> owner,
                     std::shared_ptr<const websocket_settings> settings, std::uint64_t id)
    : strand_(std::move(strand)), owner_(std::move(owner)), settings_(std::move(settings)), id_(id) {}

websocket::~websocket() = default;

bool websocket::reading() const noexcept {
    return session_ && session_->reading;
}

bool websocket::resumed() const noexcept {
    return session_ && session_->tls().resumed();
}

// An exception, also one of the owner, ends the connection.
template <class Function> void websocket::run_guarded(Function function) {
    if (ended_) {
        return;
    }
    const auto keep = shared_from_this();
    try {
        function();
    } catch (...) {
        websocket_end why;
        why.ec = session_ && session_->open ? errc::connection_lost : errc::connect_failed;
        why.cause = detail::current_exception_code();
        end(std::move(why));
    }
}

void websocket::open() {
    connector_ = std::make_shared<connector>(strand_, settings_->peer,
                                             [self = shared_from_this()](connect_result result) mutable {
                                                 self->run_guarded([&] { self->on_connected(std::move(result)); });
                                             });
    connector_->start();
}

void websocket::on_connected(connect_result result) {
    connector_.reset();
    websocket_end why;
    if (result.ec) {
        why.ec = result.ec;
        why.cause = result.cause;
        why.detail = std::move(result.detail);
        end(std::move(why));
        return;
    }
    if (settings_->peer.tls == nullptr) {
        why.cause = check_loopback(*result.connected_socket, "gateway_url: plain WebSocket", why.detail);
        if (why.cause) {
            why.ec = errc::connect_failed;
            end(std::move(why));
            return;
        }
    }
    stream_ = result.tunnel
                  ? std::make_unique<tls_stream>(*result.tunnel, *settings_->peer.tls)
                  : std::make_unique<tls_stream>(std::move(*result.connected_socket), settings_->peer.tls.get());
    handshake();
}

void websocket::handshake() {
    const io_result result = stream_->handshake();
    if (result.ec) {
        websocket_end why;
        const bool rejected = result.ec == errc::certificate_rejected;
        why.ec = rejected ? errc::certificate_rejected : errc::tls_failed;
        if (rejected) {
            why.detail = stream_->rejection();
        } else {
            why.cause = result.ec;
        }
        end(std::move(why));
        return;
    }
    if (result.needs == io_result::wait::none) {
        upgrade();
        return;
    }
    const bool read = result.needs == io_result::wait::readable;
    stream_->lowest_layer().async_wait(read ? socket::wait_read : socket::wait_write,
                                       strand_->bind([self = shared_from_this()](const error_code& ec) {
                                           self->run_guarded([&] {
                                               if (ec) {
                                                   websocket_end why;
                                                   why.ec = errc::tls_failed;
                                                   why.cause = ec;
                                                   self->end(std::move(why));
                                               } else {
                                                   self->handshake();
                                               }
                                           });
                                       }));
}

void websocket::upgrade() {
    session_ = std::make_unique<session>(strand_, std::move(stream_));
    auto& stream = session_->stream;
    stream.write_buffer_bytes(write_buffer);
    stream.auto_fragment(false);
    stream.read_message_max(settings_->max_message);
    stream.set_option(ws::stream_base::decorator([settings = settings_](ws::request_type& request) {
        request.set(boost::beast::http::field::user_agent, settings->user_agent);
    }));
    stream.async_handshake(
        session_->upgrade_response, settings_->host_header, settings_->target,
        asio::bind_executor(strand_->get_executor(), [self = shared_from_this()](const error_code& ec) {
            self->run_guarded([&] { self->on_upgraded(ec); });
        }));
}

void websocket::on_upgraded(const error_code& ec) {
    const auto status = session_->upgrade_response.result_int();
    session_->upgrade_response = {};
    if (ec) {
        websocket_end why;
        why.ec = errc::connect_failed;
        why.cause = ec;
        why.detail = "the upgrade to WebSocket failed";
        if (ec == ws::error::upgrade_declined) {
            why.http_status = static_cast<int>(status);
            why.detail += ": HTTP " + std::to_string(status);
        }
        end(std::move(why));
        return;
    }
    session_->open = true;
    session_->stream.text(true);
    if (const auto owner = owner_.lock()) {
        owner->on_open(*this);
    }
}

void websocket::read() {
    session_->reading = true;
    session_->stream.async_read(
        session_->received,
        asio::bind_executor(strand_->get_executor(), [self = shared_from_this()](const error_code& ec, std::size_t) {
            self->run_guarded([&] { self->on_read(ec); });
        }));
}

void websocket::on_read(const error_code& ec) {
    session_->reading = false;
    if (ec) {
        end_after_open(ec);
        return;
    }
    const auto owner = owner_.lock();
    if (!owner) {
        return;
    }
    const auto data = session_->received.cdata();
    const std::span bytes(static_cast<const std::byte*>(data.data()), data.size());
    const bool read_on = owner->on_message(*this, bytes, session_->stream.got_text());
    if (ended_) {
        return;
    }
    if (session_->received.capacity() > kept_buffer) {
        session_->received = boost::beast::flat_buffer();
    }
    session_->received.clear();
    if (read_on) {
        read();
    }
}

void websocket::send(detail::secret_bytes text) {
    session_->outgoing.push_back(std::move(text));
    if (!session_->writing) {
        write_next();
    }
}

void websocket::write_next() {
    session_->writing = true;
    session_->stream.async_write(
        asio::buffer(session_->outgoing.front()),
        asio::bind_executor(strand_->get_executor(), [self = shared_from_this()](const error_code& ec, std::size_t) {
            self->run_guarded([&] {
                self->session_->writing = false;
                self->session_->outgoing.pop_front();
                // After an error the read that is outstanding tells why the connection ended.
                if (!ec && !self->session_->outgoing.empty()) {
                    self->write_next();
                } else if (ec && !self->session_->reading) {
                    self->end_after_open(ec);
                }
            });
        }));
}

void websocket::end_after_open(const error_code& cause) {
    websocket_end why;
    why.ec = errc::connection_lost;
    why.cause = cause;
    if (cause == ws::error::closed) {
        const ws::close_reason& reason = session_->stream.reason();
        why.close_code = reason.code;
        why.close_reason.assign(reason.reason.data(), reason.reason.size());
    }
    end(std::move(why));
}

void websocket::end(websocket_end why) {
    const auto owner = owner_.lock();
    close(false);
    if (owner) {
        owner->on_end(*this, why);
    }
}

void websocket::close(bool politely) noexcept {
    if (std::exchange(ended_, true)) {
        return;
    }
    owner_.reset();
    if (connector_) {
        connector_->cancel();
        connector_.reset();
    }
    if (stream_) {
        stream_->close();
    }
    if (!session_) {
        return;
    }
    if (politely && session_->open) {
        try {
            session_->timer.expires_after(close_timeout);
            session_->timer.async_wait(strand_->bind([weak = weak_from_this()](const error_code& ec) {
                if (const auto self = weak.lock(); self && !ec) {
                    self->session_->tls().close();
                }
            }));
            session_->stream.async_close(
                ws::close_code::normal,
                asio::bind_executor(strand_->get_executor(), [self = shared_from_this()](const error_code&) {
                    self->session_->tls().close();
                    self->session_->timer.cancel();
                }));
            return;
        } catch (...) { // out of memory: without a close frame
        }
    }
    session_->tls().close();
}

void websocket::disown() noexcept {
    ended_ = true;
    owner_.reset();
    if (connector_) {
        connector_->cancel();
        connector_.reset();
    }
    if (stream_) {
        stream_->disown();
    }
    if (session_) {
        session_->tls().disown();
    }
}

} // namespace transport
YUNHU_NAMESPACE_END
