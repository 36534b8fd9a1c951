// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/asio_types.hpp"
#include "transport/inline_strand.hpp"
#include "transport/tls_stream.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// A `tls_stream` as an AsyncReadStream and an AsyncWriteStream of Asio, for protocols that a library of others speaks.
/// At most one read and one write at a time, on the strand. Owns no memory beyond that of the stream.
class async_tls_stream {
public:
    using executor_type = inline_strand::executor_type;

    async_tls_stream(std::shared_ptr<inline_strand> strand, std::unique_ptr<tls_stream> connected)
        : strand_(std::move(strand)), stream_(std::move(connected)) {
        stream_->limit_reads(max_read);
    }

    [[nodiscard]] executor_type get_executor() const noexcept { return strand_->get_executor(); }
    [[nodiscard]] tls_stream& tls() noexcept { return *stream_; }

    template <class Buffers, class Token> auto async_read_some(const Buffers& buffers, Token&& token) {
        return start<read_step>(buffers, std::forward<Token>(token));
    }
    template <class Buffers, class Token> auto async_write_some(const Buffers& buffers, Token&& token) {
        return start<write_step>(buffers, std::forward<Token>(token));
    }

private:
    // With each record OpenSSL moves what it has read beyond it: of many small records, a multiple of their bytes.
    static constexpr std::size_t max_read = 4096;

    struct read_step {
        template <class Buffers> static io_result run(tls_stream& stream, const Buffers& buffers) {
            for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers); ++at) {
                const asio::mutable_buffer one(*at);
                if (one.size() != 0) {
                    return stream.read_some({static_cast<char*>(one.data()), one.size()});
                }
            }
            return {};
        }
    };
    struct write_step {
        /// Small pieces are sent together: each write is a TLS record and a system call.
        template <class Buffers> static io_result run(tls_stream& stream, const Buffers& buffers) {
            constexpr std::size_t max_gathered = 4096;
            std::array<char, max_gathered> gathered; // NOLINT(cppcoreguidelines-pro-type-member-init): costs a write
            std::size_t size = 0;
            for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers); ++at) {
                const asio::const_buffer one(*at);
                if (size == 0 && one.size() >= max_gathered) {
                    return stream.write_some({static_cast<const char*>(one.data()), one.size()});
                }
                const std::size_t taken = std::min(one.size(), max_gathered - size);
                std::memcpy(gathered.data() + size, one.data(), taken);
                size += taken;
                if (size == max_gathered) {
                    break;
                }
            }
            return size != 0 ? stream.write_some({gathered.data(), size}) : io_result();
        }
    };

    /// Tries, and waits for readiness of the socket until it succeeds. Never completes from inside its initiation.
    template <class Step, class Buffers> class transfer {
    public:
        transfer(inline_strand& strand, tls_stream& on, const Buffers& buffers)
            : strand_(&strand), stream_(&on), buffers_(buffers) {}

        template <class Self> void operator()(Self& self, const error_code& waited = {}) {
            if (state_ == state::done) {
                self.complete(result_.ec, result_.bytes);
                return;
            }
            if (waited) {
                self.complete(waited, 0);
                return;
            }
            if (state_ == state::waiting) {
                stream_->set_readable();
            }
            result_ = Step::run(*stream_, buffers_);
            if (result_.needs != io_result::wait::none) {
                state_ = state::waiting;
                const bool read = result_.needs == io_result::wait::readable;
                if (read) { // thousands of connections are idle, with 33 KB of buffers each
                    stream_->release_buffers();
                }
                stream_->lowest_layer().async_wait(read ? socket::wait_read : socket::wait_write, std::move(self));
            } else if (std::exchange(state_, state::done) == state::starting) {
                strand_->run_next(std::move(self)); // a burst of messages is read without a round through the executor
            } else {
                self.complete(result_.ec, result_.bytes);
            }
        }

    private:
        enum class state : std::uint8_t { starting, waiting, done };

        inline_strand* strand_;
        tls_stream* stream_;
        Buffers buffers_;
        state state_ = state::starting;
        io_result result_;
    };

    template <class Step, class Buffers, class Token> auto start(const Buffers& buffers, Token&& token) {
        return asio::async_compose<Token, void(error_code, std::size_t)>(
            transfer<Step, Buffers>(*strand_, *stream_, buffers), token, get_executor());
    }

    std::shared_ptr<inline_strand> strand_;
    std::unique_ptr<tls_stream> stream_;
};

// What Beast does with the stream at the end of a WebSocket connection: it finds these functions by the argument's
// type.
inline void teardown(boost::beast::role_type /*role*/, async_tls_stream& stream, error_code& ec) {
    stream.tls().close();
    ec = {};
}
template <class Handler>
void async_teardown(boost::beast::role_type /*role*/, async_tls_stream& stream, Handler&& handler) {
    stream.tls().close();
    asio::post(stream.get_executor(), boost::beast::bind_handler(std::forward<Handler>(handler), error_code()));
}
inline void beast_close_socket(async_tls_stream& stream) {
    stream.tls().close();
}

} // namespace transport
YUNHU_NAMESPACE_END
