// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/testing/emulator.hpp>

#include <string>
#include <string_view>

// Faults as words: key=value, separated by commas. A body must be the last field: it may contain commas.
namespace emulator_cli {

/// "endpoint=send-message,action=response,status=503,header=Retry-After:1", for example. Throws `std::invalid_argument`
/// with the field that is not valid.
[[nodiscard]] yunhu::testing::fault parse_fault(std::string_view spec);

/// "on=push_message,action=drop,nth=3", for example; `body_hex` gives the bytes of a frame. Throws
/// `std::invalid_argument` with the field that is not valid.
[[nodiscard]] yunhu::testing::gateway_fault parse_gateway_fault(std::string_view spec);

/// The names of the actions above.
[[nodiscard]] std::string name_of(yunhu::testing::fault::action action);
[[nodiscard]] std::string name_of(yunhu::testing::gateway_fault::action action);

} // namespace emulator_cli
