// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/inbox/inbox_core.hpp"
#include "model/exceptions.hpp"

#include <utility>

// How a function gets to the strand, for the files of `inbox_core`.
YUNHU_NAMESPACE_BEGIN
namespace detail {

/// On the strand: an input, and what follows from it. An exception ends the inbox.
template <class Function> void inbox_core::run(Function function) noexcept {
    if (left_) {
        return;
    }
    const auto keep = shared_from_this();
    try {
        function();
        pump();
    } catch (...) {
        fail_by_exception();
    }
}

template <class Function> void inbox_core::enter(Function function) {
    strand_->dispatch(transport::inline_strand::origin::initiator,
                      [self = shared_from_this(), f = std::move(function)]() mutable { self->run(std::move(f)); });
}

} // namespace detail
YUNHU_NAMESPACE_END
