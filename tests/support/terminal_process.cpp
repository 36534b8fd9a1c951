// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "terminal_process.hpp"

#include "child_process.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

#include <pty.h>
#include <utmp.h>

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

struct terminal_pair {
    explicit terminal_pair(unsigned short columns) {
        winsize size{};
        size.ws_col = columns;
        size.ws_row = 50;
        if (openpty(&screen, &program_end, nullptr, nullptr, &size) != 0) {
            throw std::system_error(errno, std::generic_category(), "openpty");
        }
    }

    int screen = -1;
    int program_end = -1;
};

} // namespace

struct terminal_process::impl {
    impl(const std::vector<std::string>& command, const std::vector<std::string>& environment, unsigned short columns) {
        const terminal_pair terminal(columns);
        screen.assign(terminal.screen);
        asio::posix::stream_descriptor program_end(context, terminal.program_end);
        set_close_on_exec(terminal.screen);
        set_close_on_exec(terminal.program_end);
        // Boost.Process has no terminals. login_tty makes this one the controlling terminal of a new session, and
        // descriptors 0, 1 and 2.
        program = start(
            command, environment, bp::extend::on_exec_setup = [&terminal](auto& executor) {
                if (login_tty(terminal.program_end) != 0) {
                    executor.set_error(std::error_code(errno, std::generic_category()), "login_tty");
                }
            });
    }

    asio::io_context context;
    asio::posix::stream_descriptor screen{context};
    std::string unread;
    bp::child program; // the last: ends before the terminal is closed
};

terminal_process::terminal_process(const std::vector<std::string>& command, std::vector<std::string> environment,
                                   unsigned short columns) {
    if (std::none_of(environment.begin(), environment.end(),
                     [](const std::string& variable) { return variable.starts_with("TERM="); })) {
        environment.emplace_back("TERM=dumb");
    }
    impl_ = std::make_unique<impl>(command, environment, columns);
}

terminal_process::~terminal_process() = default;

void terminal_process::type(std::string_view keys) {
    asio::write(impl_->screen, asio::buffer(keys));
}

std::string terminal_process::read_until(std::string_view text) {
    error_code ec; // EIO: no program has the terminal open
    const std::size_t size = asio::read_until(impl_->screen, asio::dynamic_buffer(impl_->unread), text, ec);
    const std::size_t end = ec ? impl_->unread.size() : size;
    std::string taken = impl_->unread.substr(0, end);
    impl_->unread.erase(0, end);
    return taken;
}

finished terminal_process::wait() {
    finished end;
    error_code ec; // EIO, as above
    asio::read(impl_->screen, asio::dynamic_buffer(impl_->unread), ec);
    end.out = std::exchange(impl_->unread, {});
    end.exit_code = wait_for_exit_code(impl_->program);
    return end;
}
