// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sys/types.h>

namespace bench {

/// The emulator in a process of its own, so that what it costs is not counted as the client's, and its thread does not
/// share the client's allocator. Forked, not executed: no program has to be found, and it need not keep a journal,
/// which would grow with every call.
///
/// To be made before there are threads. Ends with this object, or with the process that has made it, however that ends.
class emulator_process {
public:
    /// Throws `std::runtime_error`.
    emulator_process(std::string token, std::uint64_t seed);
    emulator_process(const emulator_process&) = delete;
    emulator_process& operator=(const emulator_process&) = delete;
    ~emulator_process();

    [[nodiscard]] const std::string& base_url() const noexcept { return base_url_; }
    [[nodiscard]] const std::string& ca_pem() const noexcept { return ca_pem_; }
    /// Seconds of CPU that it has used; none: it is gone.
    [[nodiscard]] std::optional<double> cpu() const;

private:
    pid_t pid_ = -1;
    int leash_ = -1; ///< it lives until this is closed
    std::string base_url_;
    std::string ca_pem_;
};

} // namespace bench
