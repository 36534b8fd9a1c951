// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/state_file.hpp"

#include "testing/certificate.hpp"

#include <boost/algorithm/hex.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

namespace json = boost::json;

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::string line_of(const json::object& object) {
    return json::serialize(object) + '\n';
}

std::string line_of(const conversation& in, const stored_message& each, const directory& people) {
    json::array hidden;
    for (const account_index account : each.hidden_from) {
        hidden.emplace_back(people.at(account).user_id);
    }
    json::object line{{"type", static_cast<std::uint64_t>(in.type)},
                      {"first", in.first},
                      {"second", in.second},
                      {"hidden", std::move(hidden)},
                      {"erased", each.erased},
                      {"message", boost::algorithm::hex_lower(each.message.SerializeAsString())}};
    line["author"] = each.author == no_account ? json::value(nullptr) : json::value(people.at(each.author).user_id);
    return line_of(line);
}

std::string line_of(const std::string& msg_id, const old_version& version) {
    return line_of({{"edit_of", msg_id},
                    {"id", version.id},
                    {"content_type", version.content_type},
                    {"content", version.content},
                    {"create_time", version.create_time},
                    {"edit_time", version.edit_time}});
}

std::string text(const json::object& in, std::string_view name) {
    return json::value_to<std::string>(in.at(name));
}

std::uint64_t number(const json::object& in, std::string_view name) {
    return in.at(name).to_number<std::uint64_t>();
}

void restore_line(const json::object& line, state& to) {
    if (line.contains("edit_of")) {
        old_version version{number(line, "id"), number(line, "content_type"), text(line, "content"),
                            number(line, "create_time"), number(line, "edit_time")};
        return to.restore_edit(text(line, "edit_of"), std::move(version));
    }
    stored_message each;
    if (!each.message.ParseFromString(boost::algorithm::unhex(text(line, "message")))) {
        throw std::runtime_error("message");
    }
    each.erased = line.at("erased").as_bool();
    if (!line.at("author").is_null()) {
        each.author = to.people().with_id(text(line, "author")).value_or(no_account);
        if (each.author == no_account) {
            each.message.set_direction("left"); // of an account that this emulator does not have
        }
    }
    for (const json::value& id : line.at("hidden").as_array()) {
        if (const auto account = to.people().with_id(json::value_to<std::string>(id))) {
            each.hidden_from.push_back(*account);
        }
    }
    to.restore(static_cast<chat_type>(number(line, "type")), text(line, "first"), text(line, "second"),
               std::move(each));
}

} // namespace

state_file::state_file(const std::filesystem::path& folder, state& restored) {
    std::filesystem::create_directories(folder);
    const std::filesystem::path path = folder / "messages.jsonl";
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file_ < 0) {
        fail("opening " + path.string());
    }
    try {
        if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
            throw std::runtime_error(folder.string() + " is in use by another emulator");
        }
        std::istringstream in(read_file(path));
        std::size_t at = 0;
        std::size_t whole = 0; // bytes of complete lines
        for (std::string line; std::getline(in, line);) {
            ++at;
            if (in.eof()) {
                break; // the emulator was killed while it wrote this line
            }
            whole += line.size() + 1;
            try {
                restore_line(json::parse(line).as_object(), restored);
            } catch (const std::exception&) {
                throw std::runtime_error(path.string() + ", line " + std::to_string(at) +
                                         ": not written by an emulator");
            }
        }
        if (::ftruncate(file_, static_cast<off_t>(whole)) != 0) {
            fail("writing " + path.string());
        }
    } catch (...) {
        ::close(file_);
        throw;
    }
}

state_file::~state_file() {
    ::close(file_);
}

void state_file::append(std::span<const change> changes, const state& of) {
    std::string lines;
    std::set<const stored_message*> written;
    for (const change& each : changes) {
        const stored_message& message = each.message();
        if (each.what == change::kind::edited) {
            const auto* versions = of.edits_of(message.message.msg_id());
            lines += versions == nullptr ? std::string() : line_of(message.message.msg_id(), versions->back());
        }
        if (written.insert(&message).second) {
            lines += line_of(*each.in, message, of.people());
        }
    }
    write(lines);
}

void state_file::write(const std::string& lines) const {
    for (std::string_view rest = lines; !rest.empty();) {
        const ssize_t done = ::write(file_, rest.data(), rest.size());
        if (done < 0 && errno != EINTR) {
            fail("writing the stored state");
        }
        rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(done, 0)));
    }
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
