// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/bot.hpp>

/// Answers /hello: asks for a name, and welcomes the user by it.
void add_greeter(yunhu::bot& bot);
