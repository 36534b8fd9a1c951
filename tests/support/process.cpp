// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "process.hpp"

#include "child_process.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using channel = asio::local::stream_protocol::socket;

int checked(int result) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category());
    }
    return result;
}

// Sockets instead of pipes: a write to a program that has ended is an error and no SIGPIPE.
void connect(channel& parent_end, channel& program_end) {
    asio::local::connect_pair(parent_end, program_end);
    set_close_on_exec(parent_end.native_handle());
    set_close_on_exec(program_end.native_handle()); // the program gets a duplicate
}

void throw_unless(error_code ec, std::initializer_list<error_code> expected) {
    if (ec && std::find(expected.begin(), expected.end(), ec) == expected.end()) {
        throw boost::system::system_error(ec);
    }
}

struct close_file {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using file_ptr = std::unique_ptr<std::FILE, close_file>;

// A file without a name: it takes any amount without a reader.
file_ptr temporary_file() {
    file_ptr file(std::tmpfile());
    if (!file) {
        throw std::system_error(errno, std::generic_category(), "tmpfile");
    }
    return file;
}

std::string content_of(std::FILE* file) {
    std::string text;
    std::array<char, 4096> part{};
    std::rewind(file);
    for (std::size_t n = 0; (n = std::fread(part.data(), 1, part.size(), file)) > 0;) {
        text.append(part.data(), n);
    }
    return text;
}

} // namespace

bp::environment program_environment(const std::vector<std::string>& added) {
    bp::environment all;
    for (const auto& variable : boost::this_process::environment()) {
        const std::string name = variable.get_name();
        if (!name.starts_with("YUNHU_") && !name.starts_with("LC_") && !name.starts_with("LANG")) {
            all[name] = variable.to_string();
        }
    }
    for (const std::string& variable : added) {
        const std::size_t end = variable.find('=');
        all[variable.substr(0, end)] = variable.substr(end + 1);
    }
    return all;
}

int wait_for_exit_code(bp::child& program) {
    program.wait();
    const int status = program.native_exit_code();
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void set_close_on_exec(int descriptor) {
    checked(fcntl(descriptor, F_SETFD, FD_CLOEXEC));
}

struct process::impl {
    impl(const std::vector<std::string>& command, const std::vector<std::string>& environment) {
        channel program_input(context);
        channel program_output(context);
        connect(input, program_input);
        connect(output, program_output);
        program = start(command, environment, bp::posix::fd.bind(STDIN_FILENO, program_input.native_handle()),
                        bp::posix::fd.bind(STDOUT_FILENO, program_output.native_handle()), bp::std_err > errors.get());
    }

    asio::io_context context;
    channel input{context};
    channel output{context};
    file_ptr errors = temporary_file();
    std::string unread;
    bp::child program; // the last: ends before its channels are closed
};

process::process(const std::vector<std::string>& command, const std::vector<std::string>& environment)
    : impl_(std::make_unique<impl>(command, environment)) {}

process::~process() = default;

void process::write(std::string_view text) {
    error_code ec;
    asio::write(impl_->input, asio::buffer(text), ec);
    throw_unless(ec, {asio::error::broken_pipe, asio::error::connection_reset});
}

void process::close_input() {
    impl_->input.close();
}

std::optional<std::string> process::read_line() {
    error_code ec;
    const std::size_t size = asio::read_until(impl_->output, asio::dynamic_buffer(impl_->unread), '\n', ec);
    throw_unless(ec, {asio::error::eof});
    if (ec) {
        return std::nullopt;
    }
    std::string line = impl_->unread.substr(0, size - 1);
    impl_->unread.erase(0, size);
    return line;
}

void process::send_signal(int number) {
    checked(kill(impl_->program.id(), number));
}

finished process::wait() {
    close_input();
    finished end;
    error_code ec;
    asio::read(impl_->output, asio::dynamic_buffer(impl_->unread), ec);
    throw_unless(ec, {asio::error::eof});
    end.out = std::exchange(impl_->unread, {});
    end.exit_code = wait_for_exit_code(impl_->program);
    end.err = content_of(impl_->errors.get());
    return end;
}

finished run(const std::vector<std::string>& command, const std::vector<std::string>& environment,
             std::string_view input) {
    process program(command, environment);
    program.write(input);
    return program.wait();
}

temporary_directory::temporary_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "yunhu-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category());
    }
    path_ = name;
}

temporary_directory::~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}
