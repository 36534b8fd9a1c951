// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>

// Lost output of a program: a full disk, a reader that has ended.
namespace cli {

/// Watches standard output for an error, and for the end of its reader, which no write may ever show: a program that
/// follows a silent chat would follow it for ever.
class output_watch {
public:
    explicit output_watch(boost::asio::io_context& io);

    /// Calls the handler when output is lost. Not called after `cancel`.
    void async_wait(std::function<void()> on_lost);
    void cancel();

private:
    boost::asio::posix::stream_descriptor watch_;
};

/// The exit code of a program that ends with this one, but has lost output: says so on standard error. The code of a
/// failure stays, for it says more.
[[nodiscard]] int report_lost_output(int exit_code);

} // namespace cli
