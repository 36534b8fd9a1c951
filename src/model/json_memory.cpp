// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "model/json_memory.hpp"

#include <boost/json/parser.hpp>

#include <algorithm>
#include <memory>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

namespace json = boost::json;

/// Memory of a running parse, which is freed as it grows.
class counted_heap final : public boost::container::pmr::memory_resource {
public:
    explicit counted_heap(memory_budget& budget) noexcept : budget_(budget) {}

private:
    void* do_allocate(std::size_t bytes, std::size_t /*alignment*/) override {
        budget_.take(bytes);
        try {
            return ::operator new(bytes);
        } catch (...) {
            budget_.give_back(bytes);
            throw;
        }
    }
    void do_deallocate(void* p, std::size_t bytes, std::size_t /*alignment*/) override {
        ::operator delete(p);
        budget_.give_back(bytes);
    }
    [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

    memory_budget& budget_;
};

} // namespace

struct alignas(std::max_align_t) json_arena::block {
    block* before;
    std::size_t size; ///< with this head
};

json_arena::json_arena(memory_budget& budget) noexcept : budget_(budget), at_(&first_), left_(sizeof(first_)) {}

json_arena::~json_arena() {
    while (last_ != nullptr) {
        block* const gone = last_;
        last_ = gone->before;
        budget_.give_back(gone->size);
        ::operator delete(gone);
    }
}

void* json_arena::do_allocate(std::size_t bytes, std::size_t alignment) {
    if (std::align(alignment, bytes, at_, left_) == nullptr) {
        add_block(bytes + alignment);
        std::align(alignment, bytes, at_, left_);
    }
    void* const made = at_;
    at_ = static_cast<unsigned char*>(at_) + bytes;
    left_ -= bytes;
    return made;
}

// Grows by an eighth and not by doubling: unused capacity counts against the budget.
void json_arena::add_block(std::size_t bytes) {
    constexpr std::size_t smallest = std::size_t{4} * 1024;
    const std::size_t size = sizeof(block) + std::max({bytes, smallest, total_ / 8});
    budget_.take(size);
    void* memory = nullptr;
    try {
        memory = ::operator new(size);
    } catch (...) {
        budget_.give_back(size);
        throw;
    }
    last_ = ::new (memory) block{last_, size};
    total_ += size;
    at_ = last_ + 1;
    left_ = size - sizeof(block);
}

json::value parse_json(std::string_view text, boost::system::error_code& ec, json_arena& arena, memory_budget& budget) {
    json::parse_options options;
    options.allow_invalid_utf8 = true;
    counted_heap heap(budget);
    std::array<unsigned char, 2048> first;
    json::parser parser(json::storage_ptr(&heap), options, first.data(), first.size());
    parser.reset(json::storage_ptr(&arena));
    parser.write(text.data(), text.size(), ec);
    return ec ? json::value() : parser.release();
}

} // namespace detail
YUNHU_NAMESPACE_END
