// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/journal_state.hpp"
#include "features/broadcast/journal_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// Any file, read whole and in pieces: reading its valid part again, and its records after writing, gives the same
// state.

namespace {

using yunhu::detail::journal_reader;
using yunhu::detail::journal_record;

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

struct reading {
    reading(std::string_view text, std::size_t piece) : reader([this](const journal_record& r) { note(r); }) {
        while (!text.empty()) {
            reader.feed(text.substr(0, piece));
            text.remove_prefix(std::min(piece, text.size()));
        }
        end = reader.finish();
    }

    void note(const journal_record& r) {
        fits = append_line(r, written) && fits;
        state.apply(r);
        ++records;
    }

    journal_reader reader;
    yunhu::detail::journal_state state;
    std::string written;
    std::size_t records = 0;
    bool fits = true; ///< every record fits in a line; in format 1 it may have been shorter
    journal_reader::status end{};
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const reading whole(text, size + 1);
    const reading pieces(text, 3);
    require(whole.end == pieces.end && whole.written == pieces.written);
    require(whole.state.size() <= whole.records);
    if (whole.end != journal_reader::status::good) {
        return 0;
    }
    require(whole.reader.good_bytes() <= size);
    const reading again(text.substr(0, whole.reader.good_bytes()), size + 1);
    require(again.end == journal_reader::status::good && again.written == whole.written);
    require(again.reader.good_bytes() == whole.reader.good_bytes());
    if (!whole.fits) {
        return 0;
    }
    const reading rewritten(to_line(whole.reader.header()) + whole.written, size + 1);
    require(rewritten.end == journal_reader::status::good && rewritten.written == whole.written);
    return 0;
}
