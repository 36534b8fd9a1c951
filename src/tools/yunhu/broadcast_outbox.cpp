// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "exit_code.hpp"
#include "fields.hpp"
#include "message.hpp"
#include "outbox_command.hpp"
#include "print.hpp"
#include "run.hpp"
#include "to_json.hpp"

#include <yunhu/as_result.hpp>
#include <yunhu/outbox.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

// `yunhu broadcast --outbox`: the targets become messages of an outbox.
namespace cli {
namespace {

/// What became of the targets.
struct stored_targets {
    stored_targets() = default;

    std::uint64_t created = 0;
    std::uint64_t known = 0;
    std::uint64_t conflicts = 0;
};

void count_items(const yunhu::enqueue_result& stored, stored_targets& in) {
    for (const yunhu::enqueued_item& each : stored.items) {
        in.created += each.outcome == yunhu::enqueue_outcome::created ? 1U : 0U;
        in.known += each.outcome == yunhu::enqueue_outcome::known ? 1U : 0U;
        in.conflicts += each.outcome == yunhu::enqueue_outcome::conflict ? 1U : 0U;
    }
}

void print_stored(bool json, const stored_targets& s) {
    if (json) {
        std::cout << tools::json_line(
                         json::object{{"created", s.created}, {"known", s.known}, {"conflicts", s.conflicts}})
                  << std::endl;
        return;
    }
    std::cout << translated("{0} stored, {1} known, {2} conflicts",
                            {std::to_string(s.created), std::to_string(s.known), std::to_string(s.conflicts)})
              << std::endl;
}

// A key is the broadcast's name and the chat: repeated, the command stores what is missing. Each group is one
// transaction.
asio::awaitable<int> store_targets(bool in_json, yunhu::outbox box, outbox_broadcast how, yunhu::draft what,
                                   std::vector<yunhu::chat> to) {
    constexpr std::size_t group = 500;
    stored_targets all;
    for (std::size_t i = 0; i < to.size();) {
        std::vector<yunhu::outbox_message> messages;
        for (const std::size_t end = std::min(to.size(), i + group); i < end; ++i) {
            yunhu::outbox_message m(how.name + ' ' + chat_name(to[i]), to[i], what);
            m.account = how.account;
            messages.push_back(std::move(m));
        }
        auto stored = co_await box.enqueue(std::move(messages), yunhu::as_result);
        if (stored.has_error()) {
            co_return report_failure(in_json, stored.error());
        }
        count_items(*stored, all);
    }
    print_stored(in_json, all);
    co_return all.conflicts > 0 ? usage : fine;
}

} // namespace

int broadcast_into_outbox(const settings& common, const outbox_broadcast& how, yunhu::draft what,
                          std::vector<yunhu::chat> to) {
    if (how.name.empty()) {
        throw bad_field("key", "must be given with --outbox: the name of this broadcast");
    }
    asio::io_context io;
    yunhu::outbox box(io.get_executor(), open_outbox_store(io, how.store));
    return run_to_end(io, store_targets(common.json, std::move(box), how, std::move(what), std::move(to)));
}

} // namespace cli
