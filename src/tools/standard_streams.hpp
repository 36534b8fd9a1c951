// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <iosfwd>
#include <optional>
#include <streambuf>
#include <string_view>
#include <system_error>

// Descriptors 0 to 2, for all programs. The C library's streams lose output without a word: a descriptor that is
// non-blocking, full or closed sets a flag that nothing reads, and a closed one is reused by the next file that is
// opened.
namespace tools {

/// The exit code of a program that did its work, but could not write its output.
inline constexpr int output_lost = 7;

/// Reads a descriptor of any kind, blocking or not. The end of the input and an error both end the stream; `error`
/// tells them apart.
class descriptor_input final : public std::streambuf {
public:
    explicit descriptor_input(int descriptor) : descriptor_(descriptor) {}

    /// Why the input ended; none at its regular end.
    [[nodiscard]] std::error_code error() const { return error_; }

protected:
    int_type underflow() override;

private:
    int descriptor_;
    std::error_code error_;
    std::array<char, 4096> buffer_{};
};

/// Writes to a descriptor of any kind, blocking or not. An error is kept, and no flag of the stream: a line after a
/// failed one is tried again. The rest of a line that failed is not written, so that no line is a fragment.
class descriptor_output final : public std::streambuf {
public:
    explicit descriptor_output(int descriptor);
    descriptor_output(const descriptor_output&) = delete;
    descriptor_output& operator=(const descriptor_output&) = delete;
    ~descriptor_output() override;

    /// The first error; none if all was written.
    [[nodiscard]] std::error_code error() const { return error_; }

    /// A new descriptor that becomes readable when an error occurs, or when the output's reader ends. The caller
    /// closes it. Throws `std::system_error`.
    [[nodiscard]] int open_watch();
    /// The reader has ended: an error, and nothing more is written. A write could end the program by SIGPIPE.
    void reader_is_gone();

protected:
    int_type overflow(int_type c) override;
    int sync() override;

private:
    void write_buffered();
    void fail(int number);

    int descriptor_;
    int failed_event_ = -1; // an eventfd, once there is a watch
    std::error_code error_;
    bool skipping_ = false; // the rest of a line that failed
    bool gone_ = false;     // the reader
    char last_written_ = '\n';
    std::array<char, 4096> buffer_{};
};

/// Makes std::cin, std::cout and std::cerr those of this file as long as it lives. A descriptor that is closed at the
/// start becomes one on which every access fails, as a closed one does, and which no file that is opened later gets.
class standard_streams {
public:
    standard_streams();
    standard_streams(const standard_streams&) = delete;
    standard_streams& operator=(const standard_streams&) = delete;
    ~standard_streams();

    /// Writes the buffer. Returns why output is lost; none if all was written.
    [[nodiscard]] std::error_code flush();

private:
    // In this order: the descriptors exist before their streams.
    struct open_descriptors {
        open_descriptors();
    } open_;
    descriptor_input in_{0};
    descriptor_output out_{1};
    descriptor_output err_{2};
    std::streambuf* former_in_;
    std::streambuf* former_out_;
    std::streambuf* former_err_;
    std::ostream* former_tie_;
};

/// Why the input ended: none at its regular end, and for a stream that is not on a `descriptor_input`.
[[nodiscard]] std::error_code error_of(const std::istream& in);
/// Why output is lost: none if all was written, and for a stream that is not on a `descriptor_output`.
[[nodiscard]] std::error_code error_of(const std::ostream& out);
/// `descriptor_output::open_watch` of the stream; none for a stream that is not on a `descriptor_output`.
[[nodiscard]] std::optional<int> open_watch(const std::ostream& out);

/// `descriptor_output::reader_is_gone` of the stream.
void reader_is_gone(const std::ostream& out);
/// The exit code of a program that ends with this one, but could not write its output: says so on standard error.
[[nodiscard]] int report_lost_output(std::string_view program, int exit_code);

/// Why the file can't be written; none if it can, also where it has to be made. Leaves no trace. For a program that
/// writes the file at its end, and should not find out then.
[[nodiscard]] std::error_code check_writable(const char* file);

} // namespace tools
