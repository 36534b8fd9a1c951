// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "token_bytes.hpp"

#include <yunhu/client.hpp>
#include <yunhu/secret.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <unistd.h>

// token_child BASE_URL CA_FILE: uses a client with two accounts, and looks for their tokens in its own memory: once
// while the client lives, once when all is gone. Prints both numbers.

namespace {

using yunhu::test::token_byte;
using yunhu::test::token_size;

yunhu::secret make_token(unsigned account) {
    yunhu::detail::secret_bytes bytes;
    bytes.reserve(token_size);
    for (std::size_t i = 0; i < token_size; ++i) {
        bytes.push_back(token_byte(account, i));
    }
    return yunhu::detail::view_of(bytes);
}

/// Searches all memory of this process that it can read.
class memory_search {
public:
    memory_search() : file_(open("/proc/self/mem", O_RDONLY | O_CLOEXEC)) {
        if (file_ < 0) {
            throw std::runtime_error("can't read /proc/self/mem");
        }
    }
    memory_search(const memory_search&) = delete;
    memory_search& operator=(const memory_search&) = delete;
    ~memory_search() { close(file_); }

    /// Number of places with a half of a token.
    std::size_t count() {
        std::size_t found = 0;
        std::ifstream maps("/proc/self/maps");
        for (std::string line; std::getline(maps, line);) {
            char* rest = nullptr;
            const std::uintptr_t begin = std::strtoull(line.c_str(), &rest, 16);
            const std::uintptr_t end = std::strtoull(rest + 1, &rest, 16);
            // Not the kernel's pages, and not the terabytes that a sanitizer maps for its own state.
            constexpr std::uintptr_t too_large = std::uintptr_t{1} << 32U;
            if (rest[1] == 'r' && line.find("[v") == std::string::npos && end - begin < too_large) {
                found += count_in(begin, end);
            }
        }
        return found;
    }

private:
    static constexpr std::size_t part = token_size / 2;

    std::size_t count_in(std::uintptr_t begin, std::uintptr_t end) {
        std::size_t found = 0;
        const std::size_t step = buffer_.size() - part + 1; // parts across two reads are found, once
        for (std::uintptr_t at = begin; at < end; at += step) {
            const ssize_t size =
                pread(file_, buffer_.data(), std::min<std::size_t>(buffer_.size(), end - at), static_cast<off_t>(at));
            for (std::size_t i = 0; i + part <= static_cast<std::size_t>(std::max<ssize_t>(size, 0)); ++i) {
                found += is_part(i) && !is_own(at + i) ? 1 : 0;
            }
        }
        return found;
    }

    [[nodiscard]] bool is_part(std::size_t at) const {
        for (const unsigned account : {1U, 2U}) {
            for (const std::size_t half : {std::size_t{0}, part}) {
                std::size_t same = 0;
                while (same < part && buffer_[at + same] == token_byte(account, half + same)) {
                    ++same;
                }
                if (same == part) {
                    return true;
                }
            }
        }
        return false;
    }

    // What was read lies in the buffer, too.
    [[nodiscard]] bool is_own(std::uintptr_t address) const {
        const auto own = reinterpret_cast<std::uintptr_t>(this);
        return address >= own && address < own + sizeof(*this);
    }

    int file_;
    std::array<char, 256 * 1024> buffer_{};
};

void require(bool condition, const char* what) {
    if (!condition) {
        throw std::runtime_error(what);
    }
}

// Calls in several ways: on new and on idle connections, for both accounts, large and small, one that is cancelled.
void use(const yunhu::client& bot, boost::asio::io_context& context) {
    int running = 0;
    yunhu::error_code last;
    const auto send = [&](const yunhu::client& by, std::size_t size) {
        ++running;
        by.send_message({yunhu::group("big"), yunhu::text(std::string(size, 'x'))},
                        [&](const yunhu::error_code& ec, const yunhu::sent_message& /*message*/) {
                            --running;
                            last = ec;
                        });
    };
    const auto wait = [&] { // not until the context has no work: idle connections are
        while (running > 0 && context.run_one() > 0) {}
    };
    for (const std::size_t size : {std::size_t{5}, std::size_t{100'000}, std::size_t{5}}) {
        send(bot, size);
        send(bot, size);
        wait();
        require(!last, "a message was not sent");
    }
    send(bot.with_token(make_token(2)), 5);
    wait();
    require(last == yunhu::errc::not_authenticated, "the other account was not refused");

    boost::asio::cancellation_signal signal;
    ++running;
    bot.send_message({yunhu::group("big"), yunhu::text("y")},
                     boost::asio::bind_cancellation_slot(
                         signal.slot(), [&](const yunhu::error_code& ec, const yunhu::sent_message& /*message*/) {
                             --running;
                             last = ec;
                         }));
    signal.emit(boost::asio::cancellation_type::terminal);
    wait();
    require(last == boost::asio::error::operation_aborted, "the call was not cancelled");
}

void use_client(const std::string& base_url, const std::string& ca_file, memory_search& search) {
    boost::asio::io_context context;
    yunhu::client_config config(make_token(1));
    config.base_url = base_url;
    config.tls.ca_file = ca_file;
    const yunhu::client bot(context, config);
    use(bot, context);
    std::cout << search.count() << '\n';
}

} // namespace

int main(int argc, char** argv) {
    try {
        require(argc == 3, "arguments: BASE_URL CA_FILE");
        const auto search = std::make_unique<memory_search>();
        use_client(argv[1], argv[2], *search);
        std::cout << search->count() << std::endl;
        return EXIT_SUCCESS;
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return EXIT_FAILURE;
    }
}
