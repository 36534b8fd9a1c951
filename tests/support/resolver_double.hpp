// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yunhu::test {

/// Answers for names of hosts while it lives, in a program into which its source is linked: `getaddrinfo` asks it
/// instead of the system. A name that was not set does not exist. Thread safety: every member may be called from any
/// thread; one instance at a time.
class resolver_double {
public:
    resolver_double();
    resolver_double(const resolver_double&) = delete;
    resolver_double& operator=(const resolver_double&) = delete;
    /// Lets go of who is held.
    ~resolver_double();

    /// The name's addresses, in this order.
    void set(const std::string& name, std::vector<std::string> addresses);
    /// From now on, who asks waits.
    void hold();
    void let_go();
    /// How many questions came, and how many of them were answered.
    [[nodiscard]] std::size_t asked() const;
    [[nodiscard]] std::size_t answered() const;

    /// The addresses, when it is time; none: no such name.
    [[nodiscard]] std::optional<std::vector<std::string>> resolve(std::string_view name);

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, std::vector<std::string>, std::less<>> names_;
    bool held_ = false;
    std::size_t asked_ = 0;
    std::size_t answered_ = 0;
};

} // namespace yunhu::test
