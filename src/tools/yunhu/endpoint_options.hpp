// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "calls.hpp"

#include <CLI/CLI.hpp>

#include <boost/json/object.hpp>

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

/// The fields of a call as options of a subcommand.
class endpoint_options {
public:
    /// Adds them all but those of these names.
    endpoint_options(CLI::App& app, const call& what, std::initializer_list<std::string_view> without = {});

    /// The options given, as the fields of a batch line. Reads the files of texts and secrets that are in
    /// one. Throws `bad_field`.
    [[nodiscard]] boost::json::object fields() const;

private:
    std::vector<std::pair<const option*, CLI::Option*>> options_;
    CLI::Option* text_file_ = nullptr; // of a call with a text
};

} // namespace cli
