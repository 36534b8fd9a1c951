// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "lines.hpp"

#include "exit_code.hpp"
#include "message.hpp"
#include "standard_streams.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <iostream>
#include <system_error>
#include <utility>

namespace asio = boost::asio;

namespace cli {

asio::awaitable<std::optional<line>> line_reader::next() {
    auto start = [this](auto handler) {
        // The guard keeps the caller's io_context running while only the thread has work.
        auto guard = asio::make_work_guard(asio::get_associated_executor(handler));
        asio::post(thread_, [this, handler = std::move(handler), guard = std::move(guard)]() mutable {
            asio::post(guard.get_executor(), asio::append(std::move(handler), read()));
        });
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(std::optional<line>)>(start, asio::use_awaitable);
}

std::optional<line> line_reader::read() {
    std::string text;
    if (!std::getline(in_, text)) {
        return std::nullopt;
    }
    return line(std::move(text), ++count_);
}

int report_lost_input(const line_reader& lines) {
    const std::error_code why = tools::error_of(lines.input());
    if (!why) {
        return fine;
    }
    std::cerr << "yunhu: " << translated("standard input can't be read: {0}", {why.message()}) << std::endl;
    return lines.count() > 0 ? output_lost : usage;
}

} // namespace cli
