// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "resolver_double.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

namespace yunhu::test {
namespace {

// getaddrinfo has no parameter for it.
std::mutex current_mutex;
std::condition_variable current_unused;
resolver_double* current = nullptr;
std::size_t current_users = 0;

/// The current instance, which is not destroyed meanwhile.
class current_instance {
public:
    current_instance() {
        const std::lock_guard lock(current_mutex);
        instance_ = current;
        current_users += instance_ != nullptr ? 1U : 0U;
    }
    current_instance(const current_instance&) = delete;
    current_instance& operator=(const current_instance&) = delete;
    ~current_instance() {
        const std::lock_guard lock(current_mutex);
        current_users -= instance_ != nullptr ? 1U : 0U;
        current_unused.notify_all();
    }
    [[nodiscard]] resolver_double* get() const noexcept { return instance_; }

private:
    resolver_double* instance_ = nullptr;
};

/// A node of the list that `getaddrinfo` returns, with its address.
struct address_node {
    addrinfo info{};
    sockaddr_storage address{};
};

std::unique_ptr<address_node> make_node(const std::string& text, std::uint16_t port) {
    auto made = std::make_unique<address_node>();
    made->info.ai_socktype = SOCK_STREAM;
    made->info.ai_protocol = IPPROTO_TCP;
    made->info.ai_addr = reinterpret_cast<sockaddr*>(&made->address);
    auto& v4 = reinterpret_cast<sockaddr_in&>(made->address);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(made->address);
    if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
        made->info.ai_family = AF_INET;
        made->info.ai_addrlen = sizeof v4;
        v4.sin_port = htons(port);
    } else {
        inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr);
        made->info.ai_family = AF_INET6;
        made->info.ai_addrlen = sizeof v6;
        v6.sin6_port = htons(port);
    }
    made->address.ss_family = static_cast<sa_family_t>(made->info.ai_family);
    return made;
}

void free_list(addrinfo* list) {
    while (list != nullptr) {
        const std::unique_ptr<address_node> first(reinterpret_cast<address_node*>(list)); // `info` is its first member
        list = first->info.ai_next;
    }
}

} // namespace

resolver_double::resolver_double() {
    const std::lock_guard lock(current_mutex);
    current = this;
}

resolver_double::~resolver_double() {
    release();
    std::unique_lock lock(current_mutex);
    current = nullptr;
    current_unused.wait(lock, [] { return current_users == 0; });
}

void resolver_double::set(const std::string& name, std::vector<std::string> addresses) {
    const std::lock_guard lock(mutex_);
    names_[name] = std::move(addresses);
}

void resolver_double::block() {
    const std::lock_guard lock(mutex_);
    blocked_ = true;
}

void resolver_double::block(const std::string& name) {
    const std::lock_guard lock(mutex_);
    blocked_names_.insert(name);
}

void resolver_double::release() {
    const std::lock_guard lock(mutex_);
    blocked_ = false;
    blocked_names_.clear();
    changed_.notify_all();
}

void resolver_double::release(const std::string& name) {
    const std::lock_guard lock(mutex_);
    blocked_names_.erase(name);
    changed_.notify_all();
}

std::size_t resolver_double::queries() const {
    const std::lock_guard lock(mutex_);
    return queries_.size();
}

std::size_t resolver_double::queries(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::count(queries_.begin(), queries_.end(), name));
}

std::size_t resolver_double::answered() const {
    const std::lock_guard lock(mutex_);
    return answered_;
}

std::optional<std::vector<std::string>> resolver_double::resolve(std::string_view name) {
    std::unique_lock lock(mutex_);
    queries_.emplace_back(name);
    changed_.wait(lock, [this, name] { return !blocked_ && !blocked_names_.contains(name); });
    ++answered_;
    const auto found = names_.find(name);
    return found == names_.end() ? std::nullopt : std::optional(found->second);
}

} // namespace yunhu::test

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* /*hints*/, addrinfo** list) {
    using namespace yunhu::test;
    const current_instance names;
    const auto addresses = names.get() != nullptr && name != nullptr ? names.get()->resolve(name) : std::nullopt;
    if (!addresses || addresses->empty()) {
        return EAI_NONAME;
    }
    std::uint16_t port = 0;
    const std::string_view number = service != nullptr ? service : "";
    std::from_chars(number.data(), number.data() + number.size(), port);
    addrinfo* next = nullptr;
    for (auto text = addresses->rbegin(); text != addresses->rend(); ++text) {
        auto made = make_node(*text, port);
        made->info.ai_next = next;
        next = &made.release()->info;
    }
    *list = next;
    return 0;
}

extern "C" void freeaddrinfo(addrinfo* list) {
    yunhu::test::free_list(list);
}
