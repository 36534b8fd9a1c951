// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sys/types.h>

namespace bench {

/// The emulator in a separate process, so that its cost is not counted as the client's, and its thread does not
/// share the client's allocator. Forked without exec: no program has to be found, and it keeps no log of requests,
/// which would grow with every call.
///
/// Must be constructed before any thread starts. Ends with this object, or with the parent process, however that ends.
class emulator_process {
public:
    /// Throws `std::runtime_error`.
    emulator_process(std::string token, std::uint64_t seed);
    emulator_process(const emulator_process&) = delete;
    emulator_process& operator=(const emulator_process&) = delete;
    ~emulator_process();

    [[nodiscard]] const std::string& base_url() const noexcept { return base_url_; }
    [[nodiscard]] const std::string& ca_pem() const noexcept { return ca_pem_; }
    /// CPU seconds of the emulator; none: the process has ended.
    [[nodiscard]] std::optional<double> cpu() const;

private:
    pid_t pid_ = -1;
    int leash_ = -1; ///< the emulator ends when this is closed
    std::string base_url_;
    std::string ca_pem_;
};

} // namespace bench
