// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "output.hpp"

#include "exit_code.hpp"
#include "message.hpp"
#include "standard_streams.hpp"

#include <boost/system/error_code.hpp>

#include <iostream>
#include <system_error>
#include <utility>

#include <poll.h>

namespace cli {

output_watch::output_watch(boost::asio::io_context& io) : watch_(io) {
    if (const std::optional<int> descriptor = tools::open_watch(std::cout)) {
        watch_.assign(*descriptor);
    }
}

void output_watch::async_wait(std::function<void()> on_lost) {
    if (watch_.is_open()) {
        watch_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                          [on_lost = std::move(on_lost)](const boost::system::error_code& ec) {
                              if (!ec) {
                                  if (!tools::error_of(std::cout)) { // no write has failed
                                      tools::reader_is_gone(std::cout);
                                  }
                                  on_lost();
                              }
                          });
    }
}

void output_watch::cancel() {
    boost::system::error_code ignored;
    watch_.close(ignored);
}

int report_lost_output(int exit_code) {
    std::cout.flush();
    const std::error_code why = tools::error_of(std::cout);
    if (!why) {
        return exit_code;
    }
    std::cerr << translated("yunhu: the output could not be written: {0}", {why.message()}) << std::endl;
    return exit_code == fine || exit_code == interrupted ? output_lost : exit_code;
}

} // namespace cli
