// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Succeeds if the kernel has io_uring and allows its use.
#include <liburing.h>

int main() {
    io_uring ring{};
    if (io_uring_queue_init(8, &ring, 0) != 0) {
        return 1;
    }
    io_uring_queue_exit(&ring);
    return 0;
}
