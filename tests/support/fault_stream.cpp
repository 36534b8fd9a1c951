// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "fault_stream.hpp"

#include <openssl/err.h>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace yunhu::test {
namespace {

constexpr std::size_t record_header_size = 5; // type (1), version (2), length (2)

std::size_t record_size(std::string_view record) {
    return record_header_size + static_cast<std::size_t>(static_cast<unsigned char>(record[3])) * 256 +
           static_cast<unsigned char>(record[4]);
}

} // namespace

fault_stream::fault_stream(int socket, SSL_CTX* context, fault_log& log, std::size_t number)
    : socket_(socket), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)), observer_(log, number) {
    if (context != nullptr) {
        ssl_.reset(SSL_new(context));
        BIO* in = BIO_new(BIO_s_mem());
        BIO_set_mem_eof_return(in, -1); // an empty BIO means "retry", not "end of stream"
        SSL_set_bio(ssl_.get(), in, BIO_new(BIO_s_mem()));
        SSL_set_accept_state(ssl_.get());
        SSL_set_app_data(ssl_.get(), &observer_);
    }
}

fault_stream::~fault_stream() {
    close();
    ::close(wake_);
}

/// Waits for one of `events` (true), or for `until` or `wake` (false).
bool fault_stream::poll(short events, time_point until) {
    if (socket_ < 0) {
        throw connection_over();
    }
    // Without events, only a close by the client is of interest. A known one must not be polled for: it stays ready.
    const bool only_waiting = events == 0;
    std::array<pollfd, 2> watched{{{only_waiting && client_ended_ ? -1 : socket_, events, 0}, {wake_, POLLIN, 0}}};
    if (only_waiting) {
        watched[0].events = POLLRDHUP;
    }
    int timeout = -1;
    if (until != time_point::max()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        timeout = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
    }
    if (::poll(watched.data(), watched.size(), timeout) < 0 && errno != EINTR) {
        throw std::system_error(errno, std::generic_category(), "poll");
    }
    if (watched[1].revents != 0) {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto ignored = ::read(wake_, &count, sizeof count);
    }
    if (dropped_) {
        if (drop_how_ == drop_by::reset) {
            reset();
        }
        throw connection_dropped();
    }
    if (only_waiting && watched[0].revents != 0) {
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
        note_end(error);
        return false;
    }
    return watched[0].revents != 0;
}

void fault_stream::note_end(int socket_error) {
    if (std::exchange(client_ended_, true)) {
        return;
    }
    observer_.note([socket_error](seen_connection& seen) { (socket_error == 0 ? seen.fin : seen.reset) = true; });
}

void fault_stream::note_tls_error() {
    tls_ended_ = true;
    observer_.note([why = last_tls_error()](seen_connection& seen) { seen.tls_error = why; });
}

/// Reads bytes into `received_` and passes them to TLS unless TLS has ended; false at the end of the stream.
bool fault_stream::receive() {
    for (;;) {
        while (!poll(POLLIN)) {}
        received_.resize(read_size_);
        const ssize_t size = ::recv(socket_, received_.data(), received_.size(), 0);
        if (size > 0) {
            received_.resize(static_cast<std::size_t>(size));
            if (ssl_ && !tls_ended_) {
                BIO_write(SSL_get_rbio(ssl_.get()), received_.data(), static_cast<int>(size));
            }
            return true;
        }
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
            continue;
        }
        note_end(size == 0 ? 0 : errno);
        return false;
    }
}

void fault_stream::read_client_hello() {
    std::string record;
    while (record.size() < record_header_size || record.size() < record_size(record)) {
        if (!receive()) {
            throw connection_over();
        }
        record += received_;
    }
}

void fault_stream::handshake() {
    while (ssl_ && !handshake_done_) {
        if (tls_ended_) {
            throw connection_over();
        }
        do_handshake_step();
    }
}

void fault_stream::do_handshake_step() {
    SSL* ssl = ssl_.get();
    ERR_clear_error();
    const int done = SSL_do_handshake(ssl);
    const int error = SSL_get_error(ssl, done);
    if (done != 1 && error != SSL_ERROR_WANT_READ) {
        note_tls_error();
        flush_if_possible(); // the alert
        throw connection_over();
    }
    if (done != 1) {
        flush();
        if (!receive()) {
            throw connection_over();
        }
        return;
    }
    handshake_done_ = true;
    // Recorded before the client can complete the handshake.
    observer_.note([ssl](seen_connection& seen) {
        seen.handshake = true;
        seen.resumed = SSL_session_reused(ssl) == 1;
        seen.version = SSL_get_version(ssl);
        const unsigned char* alpn = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(ssl, &alpn, &size);
        seen.alpn.assign(alpn, alpn + size);
    });
    flush();
}

void fault_stream::refuse_handshake(int alert) {
    observer_.refuse_with = alert;
    handshake();
}

bool fault_stream::read_some(std::string& input) {
    if (!tls_ended_) { // after a failed handshake only the close by the client is of interest
        handshake();
    }
    for (;;) {
        std::size_t size = 0;
        if (ssl_ && !tls_ended_) {
            const std::size_t before = input.size();
            input.resize(before + 16 * 1024);
            ERR_clear_error();
            const int ok = SSL_read_ex(ssl_.get(), input.data() + before, input.size() - before, &size);
            input.resize(before + size);
            const int error = SSL_get_error(ssl_.get(), ok);
            if (ok == 0 && error == SSL_ERROR_ZERO_RETURN) {
                tls_ended_ = true;
                observer_.note([](seen_connection& seen) { seen.close_notify = true; });
            } else if (ok == 0 && error != SSL_ERROR_WANT_READ) {
                note_tls_error();
            }
            flush_if_possible(); // TLS responds to a KeyUpdate, and to errors with an alert
        }
        if (size == 0) {
            if (!receive()) {
                return false;
            }
            if (!ssl_) {
                input += received_;
                size = received_.size();
            }
        }
        if (size > 0) {
            observer_.log.update([&](fault_journal& journal) {
                journal.bytes += size;
                journal.connections[observer_.number - 1].bytes += size;
            });
            return true;
        }
    }
}

void fault_stream::take_from_tls() {
    if (ssl_) {
        BIO* tls_out = SSL_get_wbio(ssl_.get());
        const std::size_t before = out_.size();
        out_.resize(before + BIO_ctrl_pending(tls_out));
        BIO_read(tls_out, out_.data() + before, static_cast<int>(out_.size() - before));
    }
}

/// Sends the pending output, except in a batch.
void fault_stream::flush() {
    take_from_tls();
    if (in_batch_) {
        return;
    }
    std::string_view left = out_;
    while (!left.empty()) {
        const ssize_t size = write_ended_ ? -1 : ::send(socket_, left.data(), left.size(), MSG_NOSIGNAL);
        if (size >= 0) {
            left.remove_prefix(static_cast<std::size_t>(size));
        } else if (!write_ended_ && errno == EAGAIN) {
            poll(POLLOUT);
        } else if (write_ended_ || errno != EINTR) {
            if (!write_ended_) {
                note_end(errno);
            }
            out_.clear();
            write_ended_ = true;
            throw connection_over();
        }
    }
    out_.clear();
}

/// Sends the output of TLS itself. An error is ignored: the input may have unread data.
void fault_stream::flush_if_possible() {
    try {
        flush();
    } catch (const connection_over&) {
        out_.clear();
    }
}

void fault_stream::send_batch() {
    in_batch_ = false;
    if (socket_ >= 0 && !write_ended_) {
        flush();
    }
}

void fault_stream::write(std::string_view data) {
    handshake();
    if (tls_write_ended_) {
        throw connection_over();
    }
    if (!ssl_) {
        out_ += data;
    } else if (!data.empty() && SSL_write(ssl_.get(), data.data(), static_cast<int>(data.size())) <= 0) {
        note_tls_error();
        throw connection_over();
    }
    flush();
}

void fault_stream::write_raw(std::string_view data) {
    take_from_tls();
    out_ += data;
    flush();
}

void fault_stream::send_ticket() {
    handshake();
    SSL_new_session_ticket(ssl_.get());
    SSL_do_handshake(ssl_.get());
    flush();
}

void fault_stream::update_keys(bool request_peer) {
    handshake();
    SSL_key_update(ssl_.get(), request_peer ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED);
    SSL_do_handshake(ssl_.get());
    flush();
}

void fault_stream::request_renegotiation() {
    handshake();
    SSL_renegotiate(ssl_.get());
    SSL_do_handshake(ssl_.get());
    flush();
}

void fault_stream::send_close_notify() {
    handshake();
    if (ssl_) {
        SSL_shutdown(ssl_.get());
        tls_write_ended_ = true;
    }
    flush();
}

void fault_stream::send_bad_record_mac_alert() {
    handshake();
    static constexpr std::string_view forged("\x17\x03\x03\x00\x28", record_header_size);
    BIO* in = SSL_get_rbio(ssl_.get());
    BIO_write(in, forged.data(), static_cast<int>(forged.size()));
    BIO_write(in, std::string(0x28, 'x').data(), 0x28);
    char ignored = 0;
    SSL_read(ssl_.get(), &ignored, 1);
    note_tls_error();
    tls_write_ended_ = true;
    flush();
}

void fault_stream::send_fin() {
    send_batch();
    ::shutdown(socket_, SHUT_WR);
    write_ended_ = true;
}

void fault_stream::reset() noexcept {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

void fault_stream::close() noexcept {
    if (socket_ >= 0) {
        ::close(std::exchange(socket_, -1));
    }
}

void fault_stream::wait_until(const std::function<bool()>& condition) {
    while (!condition()) {
        poll(0);
    }
}

void fault_stream::wait_for(std::chrono::milliseconds time) {
    const time_point until = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < until) {
        poll(0, until);
    }
}

void fault_stream::wait_for_end() {
    wait_until([this] { return client_ended_; });
}

void fault_stream::drop(drop_by how) noexcept {
    drop_how_ = how;
    dropped_ = true;
    wake();
}

void fault_stream::wake() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto ignored = ::write(wake_, &one, sizeof one);
}

} // namespace yunhu::test
