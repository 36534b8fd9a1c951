// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/lease_store.hpp>

YUNHU_NAMESPACE_BEGIN

lease_store::~lease_store() = default;

YUNHU_NAMESPACE_END
