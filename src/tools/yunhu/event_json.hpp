// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "to_json.hpp"

#include <yunhu/event.hpp>

#include <boost/json/object.hpp>

namespace cli {

/// An event on a line of its own: "event" is its name, and the other keys are those of the event's kind. Null where
/// nothing is known. Numbers of kinds and times are the API's, as in a message.
[[nodiscard]] json::object to_json(const yunhu::event& e);

} // namespace cli
