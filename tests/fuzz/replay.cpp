// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

// Feeds every seed in the given folders to a fuzzer's entry: whole, and truncated after every byte.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    if (!in) {
        throw std::runtime_error("can't read " + path.string());
    }
    return bytes;
}

// In a buffer of exactly that size, so that a sanitizer detects every read beyond it.
void feed(const std::string& bytes, std::size_t size) {
    const auto buffer = std::make_unique<std::uint8_t[]>(size);
    std::copy_n(bytes.begin(), size, buffer.get());
    LLVMFuzzerTestOneInput(buffer.get(), size);
}

std::size_t replay(const std::filesystem::path& folder) {
    std::size_t seeds = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string bytes = read_file(entry.path());
        for (std::size_t size = 0; size <= bytes.size(); ++size) {
            feed(bytes, size);
        }
        ++seeds;
    }
    return seeds;
}

} // namespace

int main(int argc, char** argv) {
    try {
        std::size_t seeds = 0;
        for (const std::string& folder : std::vector<std::string>(argv + 1, argv + argc)) {
            seeds += replay(folder);
        }
        std::cout << seeds << " seeds\n";
        return seeds > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return EXIT_FAILURE;
    }
}
