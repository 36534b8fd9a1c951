// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/testing/emulator.hpp>

#include <utility>

namespace yunhu::test {

/// The options of an emulator that refuses what this library must not send. That it leaves open where the target of
/// list-message-by-mid-seq is makes clients search it.
inline testing::emulator_options strict(testing::emulator_options options = {}) {
    options.strict = true;
    options.mid_seq = testing::mid_seq_order::any_position;
    return options;
}

/// Such an emulator: the one for tests of the library.
class strict_emulator : public testing::emulator {
public:
    explicit strict_emulator(testing::emulator_options options = {}) : testing::emulator(strict(std::move(options))) {}
};

} // namespace yunhu::test
