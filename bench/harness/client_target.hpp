// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "message_fixtures.hpp"
#include "target.hpp"

#include <yunhu/client.hpp>

#include <functional>
#include <string>
#include <utility>

namespace bench {

/// The library's client as a target.
class client_target final : public target {
public:
    client_target(yunhu::client client, yunhu::chat in, message_fixtures about, std::string text, std::uint64_t page,
                  yunhu::call_options options)
        : client_(std::move(client)), chat_(std::move(in)), fixtures_(std::move(about)), text_(std::move(text)),
          page_(page), options_(options) {}

    void start(const planned_call& call, std::function<void(const outcome&)> done) override;

private:
    yunhu::client client_;
    yunhu::chat chat_;
    message_fixtures fixtures_;
    std::string text_;
    std::uint64_t page_; ///< messages per list call
    yunhu::call_options options_;
};

} // namespace bench
