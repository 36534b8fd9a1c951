#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// HTTP as text: what the emulator needs to know of headers, and how it writes an answer.
namespace yunhu::inline v0_1::testing::detail {

using header_list = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// How often the header occurs.
[[nodiscard]] std::size_t count_header(const header_list& headers, std::string_view name) noexcept;
/// The first value of the header; empty where there is none.
[[nodiscard]] std::string_view find_header(const header_list& headers, std::string_view name) noexcept;
/// Whether `connection: close` is among them.
[[nodiscard]] bool wants_close(const header_list& headers) noexcept;

/// The whole answer; adds a content-length unless `headers` have one.
[[nodiscard]] std::string http_answer(int status, const header_list& headers, std::string_view body);

} // namespace yunhu::inline v0_1::testing::detail
