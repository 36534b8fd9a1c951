// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// host PLUGIN FUNCTION...: calls a function of each shared object on a thread of its own, and has a copy of the library
// itself; all at once.
#include <dlfcn.h>

#include <cstdlib>
#include <future>
#include <iostream>
#include <vector>

#define PLUGIN send_of_host
#include "plugin.cpp"

int main(int argc, char** argv) {
    std::vector<bool (*)()> functions{&send_of_host};
    for (int i = 1; i + 1 < argc; i += 2) {
        void* const object = dlopen(argv[i], RTLD_NOW | RTLD_LOCAL);
        void* const function = object != nullptr ? dlsym(object, argv[i + 1]) : nullptr;
        if (function == nullptr) {
            std::cerr << argv[i] << ": " << dlerror() << '\n';
            return EXIT_FAILURE;
        }
        functions.push_back(reinterpret_cast<bool (*)()>(function));
    }
    std::vector<std::future<bool>> results;
    for (bool (*const f)() : functions) {
        results.push_back(std::async(std::launch::async, f));
    }
    int status = EXIT_SUCCESS;
    for (auto& result : results) {
        if (!result.get()) {
            std::cerr << "a copy of the library has not sent its message\n";
            status = EXIT_FAILURE;
        }
    }
    return status;
}
