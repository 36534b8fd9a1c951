// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace storage {

/// What is to be done after a response of the storage.
enum class storage_step : std::uint8_t {
    done,          ///< the response says what was stored
    done_unseen,   ///< stored, but the response does not say what (579)
    exists,        ///< the key has another content already (614): with a key of the content's hash, that is success
    use_host,      ///< repeat at the host that the response names
    next_host,     ///< repeat at another host
    renew_token,   ///< repeat with a new token
    wait,          ///< repeat later (573, 429)
    restart_parts, ///< the upload of parts is unknown (612, 701): begin it again
    fail,          ///< refused
};

struct storage_decision {
    storage_step step = storage_step::fail;
    std::string host;   ///< of `use_host`
    std::string text;   ///< of the server; untrusted
    std::string detail; ///< of the library
};

/// Decides by the table of the storage's answers. `in_parts`: a call of an upload in parts.
[[nodiscard]] storage_decision decide(int status, std::string_view body, bool in_parts);

/// What the storage says that it has stored.
struct stored_object {
    std::string key;
    std::string hash;       ///< may be empty
    std::uint64_t size = 0; ///< 0: not said
    std::uint64_t width = 0;
    std::uint64_t height = 0;
};

[[nodiscard]] std::optional<stored_object> parse_stored_object(std::string_view body);

/// The beginning of an upload in parts.
struct parts_session {
    std::string upload_id;
    std::uint64_t expires = 0; ///< seconds since the epoch; 0: not said
};
/// Whether the text can be part of a request's path.
[[nodiscard]] bool is_upload_id(std::string_view text) noexcept;
[[nodiscard]] std::optional<parts_session> parse_parts_session(std::string_view body);

/// A part that the storage has.
struct stored_part {
    bool operator==(const stored_part&) const = default;

    std::uint64_t number = 0; ///< from 1
    std::string etag;
    std::string md5;        ///< hex; may be empty
    std::uint64_t size = 0; ///< in a list
};
[[nodiscard]] std::optional<stored_part> parse_stored_part(std::string_view body, std::uint64_t number);

struct part_list {
    std::vector<stored_part> parts;
    std::uint64_t next_marker = 0; ///< 0: this is the end
};
[[nodiscard]] std::optional<part_list> parse_part_list(std::string_view body);

} // namespace storage
YUNHU_NAMESPACE_END
