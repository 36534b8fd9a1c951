// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "settings.hpp"

#include <yunhu/draft.hpp>
#include <yunhu/outbox.hpp>
#include <yunhu/outbox_store.hpp>
#include <yunhu/types.hpp>

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// The actions of `yunhu outbox`.
namespace cli {

/// What the options of `yunhu outbox` say; each action reads its own.
struct outbox_settings {
    std::string store;
    std::string account;
    double rate = -1; // init: of the account's lane; below 0: not given
    std::uint32_t burst = 1;
    std::string jsonl = "-"; // enqueue
    std::int64_t lease_ms = 30'000;
    std::size_t concurrency = 32;
    bool until_empty = false;
    std::string state;             // list
    std::vector<std::string> keys; // resend
    std::int64_t quarantine_ms = 600'000;
};

/// The store that `sqlite:FILE` or `postgres:URI` names. Throws `bad_field`.
[[nodiscard]] std::shared_ptr<yunhu::outbox_store> open_outbox_store(boost::asio::io_context& io,
                                                                     std::string_view name);

/// A message from a line: "key", "chat", the fields of send-message, and optionally "account", "delay_ms" and
/// "priority". Throws `bad_field`.
[[nodiscard]] yunhu::outbox_message read_outbox_line(std::string_view line);

/// `yunhu broadcast --outbox`.
struct outbox_broadcast {
    std::string store;
    std::string name; ///< a key is this and the chat
    std::string account;
};

// Each returns the exit code.
int broadcast_into_outbox(const settings& common, const outbox_broadcast& how, yunhu::draft what,
                          std::vector<yunhu::chat> to);
int outbox_init(const settings& common, const outbox_settings& how);
int outbox_enqueue(const settings& common, const outbox_settings& how);
int outbox_worker(const settings& common, const outbox_settings& how);
int outbox_status(const settings& common, const outbox_settings& how);
int outbox_list(const settings& common, const outbox_settings& how);
int outbox_resend(const settings& common, const outbox_settings& how);
int outbox_repair(const settings& common, const outbox_settings& how);

} // namespace cli
