// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include <sys/resource.h>

/// Shared by all peers.
namespace yunhu::bench {

/// The command line of a peer.
struct peer_options {
    std::uint16_t port = 0;
    std::string ca_file;
    std::size_t connections = 64;
    std::size_t calls = 20'000;  ///< measured calls
    std::size_t warm_up = 2'000; ///< calls before the measurement
    std::size_t callers = 0;     ///< of `yunhu` only; 0: one per connection
    bool closing = false;        ///< of `yunhu` only: the server closes after each response
};

/// Counts calls and measures the CPU time of this process, from the end of the warm-up to the last response.
class meter {
public:
    explicit meter(const peer_options& options) : left_(options.warm_up + options.calls), options_(options) {}

    /// Takes one of the remaining calls; false: none is left.
    [[nodiscard]] bool next() noexcept {
        if (left_ == 0) {
            return false;
        }
        --left_;
        return true;
    }
    /// One call has succeeded.
    void completed() {
        if (completed_ == options_.warm_up) {
            begin();
        }
        ++completed_;
        if (completed_ == options_.warm_up + options_.calls) {
            end();
        }
    }
    /// Prints the figures as one line of JSON. Throws unless all calls have succeeded.
    void print(const char* name) const;

private:
    void begin();
    void end();

    std::size_t left_;
    std::size_t completed_ = 0;
    peer_options options_;
    rusage before_{};
    rusage after_{};
    double wall_before_ = 0;
    double wall_after_ = 0;
};

/// Parses the command line, runs `work`, prints its cost. Returns the exit code of `main`: 0, 1 when a call failed,
/// 2 for a wrong command line.
int run_peer(int argc, char** argv, const char* name, const std::function<void(const peer_options&, meter&)>& work);

} // namespace yunhu::bench
