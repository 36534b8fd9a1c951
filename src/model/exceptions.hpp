// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <chrono>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Throws `yunhu::error` (`errc::invalid_request`). `detail` names the field and the rule.
[[noreturn]] inline void throw_invalid(std::string detail) {
    call_info info;
    info.detail = std::move(detail);
    throw error(failure(errc::invalid_request, std::move(info)));
}

/// Throws `yunhu::error` (`errc::invalid_request`) with the rule, which names the field, unless the condition is met.
inline void require(bool condition, const char* rule) {
    if (!condition) {
        throw_invalid(rule);
    }
}

/// The current exception as an error code. To be called in a `catch` block.
[[nodiscard]] inline error_code current_exception_code() noexcept {
    try {
        throw;
    } catch (const std::bad_alloc&) {
        return make_error_code(boost::system::errc::not_enough_memory);
    } catch (const boost::system::system_error& e) {
        return e.code();
    } catch (const std::system_error& e) {
        return e.code();
    } catch (...) {
        return make_error_code(boost::system::errc::state_not_recoverable);
    }
}

/// Repeats `step` until it does not throw `std::bad_alloc`, for steps that must not be skipped. A throwing step must
/// have no effect. Other exceptions propagate.
template <class Step> void retry_on_bad_alloc(Step step) {
    for (;;) {
        try {
            step();
            return;
        } catch (const std::bad_alloc&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1)); // another thread may free memory
        }
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
