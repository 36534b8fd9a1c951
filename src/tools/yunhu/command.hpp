// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "settings.hpp"

#include <functional>

namespace CLI {
class App;
} // namespace CLI

namespace cli {

struct call;

/// A subcommand: its CLI11 object and its action. `run` returns the exit code.
struct command {
    CLI::App* app;
    std::function<int(const settings&)> run;
    bool needs_token = true;
};

// Each adds a subcommand to the program, which must outlive it.
[[nodiscard]] command endpoint_command(CLI::App& program, const call& what);
[[nodiscard]] command batch_command(CLI::App& program);
[[nodiscard]] command broadcast_command(CLI::App& program);
[[nodiscard]] command download_command(CLI::App& program);
[[nodiscard]] command history_command(CLI::App& program);
[[nodiscard]] command listen_command(CLI::App& program);
[[nodiscard]] command outbox_command(CLI::App& program);                 // with YUNHU_OUTBOX
[[nodiscard]] command send_command(CLI::App& program, const call& what); // the endpoint's, with --upload
[[nodiscard]] command say_command(CLI::App& program);
[[nodiscard]] command tail_command(CLI::App& program);
[[nodiscard]] command upload_command(CLI::App& program);
[[nodiscard]] command completion_command(CLI::App& program);

} // namespace cli
