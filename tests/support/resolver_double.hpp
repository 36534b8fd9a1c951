// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yunhu::test {

/// Resolves host names instead of the system: programs that link `yunhu_resolver_double` have its `getaddrinfo`. A name
/// that was not set does not exist. Only one instance may exist at a time, and none that a thread still uses is
/// destroyed: the threads of the library's lookups end on their own. Thread safety: every member may be called
/// from any thread.
class resolver_double {
public:
    resolver_double();
    resolver_double(const resolver_double&) = delete;
    resolver_double& operator=(const resolver_double&) = delete;
    /// Ends all waits, and waits until no query is running.
    ~resolver_double();

    /// Sets the addresses of a name, in this order.
    void set(const std::string& name, std::vector<std::string> addresses);
    /// Blocks further queries, of all names or of one, until `release`.
    void block();
    void block(const std::string& name);
    void release();
    void release(const std::string& name);
    /// The number of queries, and of those that were answered.
    [[nodiscard]] std::size_t queries() const;
    [[nodiscard]] std::size_t queries(const std::string& name) const;
    [[nodiscard]] std::size_t answered() const;

    /// The addresses of a name, after any wait; none: no such name.
    [[nodiscard]] std::optional<std::vector<std::string>> resolve(std::string_view name);

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, std::vector<std::string>, std::less<>> names_;
    bool blocked_ = false;
    std::set<std::string, std::less<>> blocked_names_;
    std::vector<std::string> queries_; ///< their names
    std::size_t answered_ = 0;
};

} // namespace yunhu::test
