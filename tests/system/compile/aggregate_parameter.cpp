// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// An aggregate as the request of an awaited call must not compile; with a constructor (-DWITH_CONSTRUCTOR) it does.
#include <yunhu/client.hpp>

#include <string>

struct question {
#ifdef WITH_CONSTRUCTOR
    question() = default;
    explicit question(std::string t) : text(std::move(t)) {}
#endif
    std::string text;
};

boost::asio::awaitable<void> ask(yunhu::client& client, const yunhu::endpoint<question, std::string>& where) {
    question q;
    q.text = "why?";
    co_await client.call(where, q);
}
