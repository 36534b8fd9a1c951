// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

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

/// A hash of a chat; of this process only.
[[nodiscard]] std::uint64_t hash_of(const chat& c) noexcept;

/// What a journal says of each target: a few bytes for one that is sent, more for one that still asks for something.
class journal_state {
public:
    enum class last : std::uint8_t {
        nothing, ///< or it did not leave after all
        started, ///< and no more: it may have arrived
        sent,
        failed,
        unknown,
    };

    void apply(const journal_record& record);
    [[nodiscard]] last of(std::uint64_t index) const noexcept;
    /// Whether the target with that index, if there was one, was this one.
    [[nodiscard]] bool was(std::uint64_t index, const chat& target) const noexcept;
    /// Empty when it is sent.
    [[nodiscard]] std::string msg_id(std::uint64_t index) const;
    [[nodiscard]] std::string reason(std::uint64_t index) const;
    [[nodiscard]] std::size_t size() const noexcept { return known_.size(); }

private:
    struct known {
        std::uint32_t target = 0; ///< a part of its hash
        last state = last::nothing;
    };
    struct open {
        std::string msg_id;
        std::string reason;
    };

    boost::unordered_flat_map<std::uint64_t, known> known_;
    std::unordered_map<std::uint64_t, open> open_;
};

} // namespace detail
YUNHU_NAMESPACE_END
