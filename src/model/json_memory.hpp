// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "model/memory_budget.hpp"

#include <yunhu/config.hpp>

#include <boost/container/pmr/memory_resource.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <string_view>

// Parses JSON with a bound on its memory: three bytes of text can become a value of 24 bytes, several times over while
// it is parsed.
YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Memory of values: freed together at the end. The first bytes are in the object itself.
class json_arena final : public boost::container::pmr::memory_resource {
public:
    explicit json_arena(memory_budget& budget) noexcept;
    json_arena(const json_arena&) = delete;
    json_arena& operator=(const json_arena&) = delete;
    ~json_arena() override;

private:
    struct block;

    void* do_allocate(std::size_t bytes, std::size_t alignment) override;
    void do_deallocate(void* /*p*/, std::size_t /*bytes*/, std::size_t /*alignment*/) override {}
    [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
    void add_block(std::size_t bytes);

    memory_budget& budget_;
    block* last_ = nullptr;
    std::size_t total_ = 0; ///< of all blocks
    void* at_;
    std::size_t left_;
    alignas(std::max_align_t) std::array<unsigned char, 4096> first_;
};

/// Parses a complete text. A badly encoded text must not make the whole page that it is in unreadable, so UTF-8 is not
/// checked. Values live in `arena`. Throws `over_budget`.
[[nodiscard]] boost::json::value parse_json(std::string_view text, boost::system::error_code& ec, json_arena& arena,
                                            memory_budget& budget);

} // namespace detail
YUNHU_NAMESPACE_END

template <> struct boost::json::is_deallocate_trivial<yunhu::detail::json_arena> {
    static constexpr bool value = true;
};
