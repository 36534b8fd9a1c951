// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/resume_record.hpp"

#include "media/json_reading.hpp"
#include "media/storage_hosts.hpp"
#include "media/upload_body.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

YUNHU_NAMESPACE_BEGIN
namespace storage {

std::string to_text(const resume_record& record) {
    boost::json::array parts;
    for (const stored_part& each : record.parts) {
        parts.push_back({{"n", each.number}, {"etag", each.etag}});
    }
    const boost::json::object made{{"yunhu_upload", 1},         {"bucket", record.bucket},
                                   {"key", record.key},         {"md5", record.md5},
                                   {"size", record.size},       {"part_size", record.part_size},
                                   {"host", record.host},       {"upload_id", record.upload_id},
                                   {"expires", record.expires}, {"parts", std::move(parts)}};
    return boost::json::serialize(made) + "\n";
}

std::optional<resume_record> parse_resume_record(std::string_view text) {
    const auto object = parse_object(text);
    const boost::json::array* const parts = object ? array_in(*object, "parts") : nullptr;
    if (parts == nullptr || number_in(*object, "yunhu_upload") != 1) {
        return std::nullopt;
    }
    resume_record made;
    made.bucket = text_in(*object, "bucket");
    made.key = text_in(*object, "key");
    made.md5 = text_in(*object, "md5");
    made.size = number_in(*object, "size");
    made.part_size = number_in(*object, "part_size");
    made.host = text_in(*object, "host");
    made.upload_id = text_in(*object, "upload_id");
    made.expires = number_in(*object, "expires");
    if (made.part_size == 0 || !is_upload_id(made.upload_id) || !is_storage_host(made.host)) {
        return std::nullopt;
    }
    const parts_plan plan{made.size, made.part_size};
    std::set<std::uint64_t> seen;
    for (const boost::json::value& each : *parts) {
        if (!each.is_object()) {
            return std::nullopt;
        }
        stored_part part;
        part.number = number_in(each.get_object(), "n");
        part.etag = text_in(each.get_object(), "etag");
        if (part.number == 0 || part.number > plan.count() || part.etag.empty() || !seen.insert(part.number).second) {
            return std::nullopt;
        }
        made.parts.push_back(std::move(part));
    }
    return made;
}

bool continues(const resume_record& record, std::string_view bucket, std::string_view key, std::string_view md5,
               std::uint64_t size, std::uint64_t now) noexcept {
    constexpr std::uint64_t margin = 3600; // it must not expire before the last part
    return record.bucket == bucket && record.key == key && record.md5 == md5 && record.size == size &&
           (record.expires == 0 || record.expires > now + margin);
}

} // namespace storage
YUNHU_NAMESPACE_END
