// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/broadcast/chat_hash.hpp"
#include "features/broadcast/journal_text.hpp"

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Last state of each target in a journal. A sent target takes a few bytes; the others keep their id and reason.
class journal_state {
public:
    enum class last : std::uint8_t {
        nothing, ///< never started, or certainly not executed
        started, ///< without an outcome: it may have arrived
        sent,
        failed,
        unknown,
    };

    void apply(const journal_record& record);
    [[nodiscard]] last of(std::uint64_t index) const noexcept;
    /// Whether `target` is the one that the journal has at `index`; true when it has none.
    [[nodiscard]] bool matches(std::uint64_t index, const chat& target) const noexcept;
    /// Empty when the target matches sent.
    [[nodiscard]] std::string msg_id(std::uint64_t index) const;
    [[nodiscard]] std::string reason(std::uint64_t index) const;
    [[nodiscard]] std::size_t size() const noexcept { return targets_.size(); }

private:
    struct target_state {
        std::uint32_t target = 0; ///< a part of the hash
        last state = last::nothing;
    };
    struct unfinished {
        std::string msg_id;
        std::string reason;
    };

    chat_hash hash_;
    boost::unordered_flat_map<std::uint64_t, target_state> targets_;
    std::unordered_map<std::uint64_t, unfinished> unfinished_;
};

} // namespace detail
YUNHU_NAMESPACE_END
