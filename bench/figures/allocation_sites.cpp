// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "allocation_sites.hpp"

#if __has_include(<boost/process/v1/child.hpp>) // Boost 1.86: the other version is the default of 1.88
#include <boost/process/v1/args.hpp>
#include <boost/process/v1/child.hpp>
#include <boost/process/v1/exe.hpp>
#include <boost/process/v1/io.hpp>
#include <boost/process/v1/pipe.hpp>
#include <boost/process/v1/search_path.hpp>
#else
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/io.hpp>
#include <boost/process/pipe.hpp>
#include <boost/process/search_path.hpp>
#endif

#include <cxxabi.h>
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <string_view>
#include <utility>

namespace yunhu::bench {
namespace {

#if __has_include(<boost/process/v1/child.hpp>)
namespace process = boost::process::v1;
#else
namespace process = boost::process;
#endif

struct place {
    std::string object; ///< file name of the executable or library
    std::string function;
};

std::string demangled(const char* name) {
    const std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(name, nullptr, nullptr, nullptr),
                                                           &std::free);
    return text ? text.get() : name;
}

// Layers are recognised by names without the library's inline namespace.
std::string plain(const std::string& function) {
    static const std::regex versioned("yunhu::v[0-9_]+::");
    return std::regex_replace(function, versioned, "yunhu::");
}

// Function names of addresses in one object. dladdr has no names of functions with internal linkage; addr2line does.
void ask_addr2line(const std::string& object, const std::map<std::uintptr_t, void*>& offsets,
                   std::map<void*, place>& into) {
    const auto program = process::search_path("addr2line");
    if (program.empty()) {
        return;
    }
    std::vector<std::string> arguments{"-f", "-C", "-e", object};
    for (const auto& [offset, address] : offsets) {
        std::ostringstream text;
        text << std::hex << "0x" << offset;
        arguments.push_back(text.str());
    }
    process::ipstream lines;
    process::child running(process::exe = program, process::args = arguments, process::std_out > lines,
                           process::std_err > process::null);
    std::string function;
    std::string position;
    for (const auto& [offset, address] : offsets) {
        if (!std::getline(lines, function) || !std::getline(lines, position)) {
            return;
        }
        if (function != "??") {
            into[address].function = plain(function);
        }
    }
}

std::map<void*, place> look_up(const std::vector<heap_site>& sites) {
    std::map<void*, place> places;
    std::map<std::string, std::map<std::uintptr_t, void*>> by_object;
    for (const heap_site& site : sites) {
        for (std::size_t i = 0; i < site.depth; ++i) {
            void* const address = site.frames[i];
            Dl_info found{};
            if (places.count(address) > 0 || dladdr(address, &found) == 0 || found.dli_fname == nullptr) {
                continue;
            }
            const std::string_view path = found.dli_fname;
            place& p = places[address];
            p.object = path.substr(path.rfind('/') + 1);
            p.function = found.dli_sname != nullptr ? plain(demangled(found.dli_sname)) : std::string();
            if (p.object.find(".so") == std::string::npos) {
                const auto base = reinterpret_cast<std::uintptr_t>(found.dli_fbase);
                by_object["/proc/" + std::to_string(getpid()) + "/exe"]
                         [reinterpret_cast<std::uintptr_t>(address) - 1 - base] =
                             address; // the call instruction, not the return address
            }
        }
    }
    for (const auto& [object, offsets] : by_object) {
        ask_addr2line(object, offsets, places);
    }
    return places;
}

// "void a::b<c::d>(e::f)" -> "void a::b": template arguments do not name the caller.
std::string_view own_name(std::string_view function) {
    constexpr std::string_view hidden = "(anonymous namespace)";
    std::size_t from = 0;
    if (const auto at = function.find(hidden); at != function.npos) {
        from = at + hidden.size();
    }
    return function.substr(0, function.find_first_of("<(", from));
}

const char* layer_of(const place& p) {
    const std::string_view name = own_name(p.function);
    const auto in = [&](std::string_view part) { return name.find(part) != name.npos; };
    if (in("yunhu::bench::") || in("caller")) {
        return "caller";
    }
    if (in("google::protobuf") || !in("yunhu::")) {
        return nullptr;
    }
    if (in("yunhu::transport::")) {
        return "transport";
    }
    if (in("yunhu::http::")) {
        return "http";
    }
    if (in("yunhu::engine::")) {
        return "engine";
    }
    if (in("yunhu::codec::") || in("yunhu::wire::") || in("decode_row")) {
        return "endpoints";
    }
    if (in("yunhu::detail::") || in("yunhu::client::") || in("make_call")) {
        return "runtime";
    }
    return "model";
}

std::string shortened(std::string text) {
    constexpr std::size_t most = 140;
    if (text.size() > most) {
        text.replace(most, text.npos, "...");
    }
    return text;
}

// The layer whose handler an operation of Asio's is for.
const char* layer_served(const place& p) {
    const auto mentions = [&](std::string_view part) { return p.function.find(part) != p.function.npos; };
    if (p.function.find("boost::asio::") == p.function.npos) {
        return nullptr;
    }
    return mentions("yunhu::transport::") ? "transport" : mentions("yunhu::detail::") ? "runtime" : nullptr;
}

allocation_site name_one(const heap_site& site, const std::map<void*, place>& places) {
    allocation_site named;
    named.times = site.times;
    named.bytes = site.bytes;
    const auto is_of = [](const place& p, std::string_view library) { return p.object.starts_with(library); };
    bool openssl = false;
    const char* served = nullptr;
    for (std::size_t i = 0; i < site.depth && named.layer.empty(); ++i) {
        const auto found = places.find(site.frames[i]);
        if (found == places.end() || found->second.function.starts_with("operator new")) {
            continue;
        }
        const place& p = found->second;
        if (p.function.starts_with("boost::asio::detail::scheduler::")) {
            break; // outer frames only run the loop
        }
        openssl = openssl || is_of(p, "libssl") || is_of(p, "libcrypto");
        served = served != nullptr ? served : layer_served(p);
        const std::string shown = p.function.empty() ? p.object : p.function;
        if (named.frames.size() < 8 && (named.frames.empty() || named.frames.back() != shown)) {
            named.frames.push_back(shortened(shown));
        }
        if (const char* const layer = layer_of(p)) {
            named.layer = layer;
        }
    }
    if (openssl) {
        named.layer = "OpenSSL";
    } else if (named.layer.empty()) {
        named.layer = served != nullptr ? served : "caller";
    }
    return named;
}

} // namespace

std::vector<allocation_site> name_allocation_sites(const std::vector<heap_site>& sites) {
    const std::map<void*, place> places = look_up(sites);
    std::map<std::pair<std::string, std::vector<std::string>>, allocation_site> merged;
    for (const heap_site& site : sites) {
        const allocation_site one = name_one(site, places);
        allocation_site& all = merged[{one.layer, one.frames}];
        all.layer = one.layer;
        all.frames = one.frames;
        all.times += one.times;
        all.bytes += one.bytes;
    }
    std::vector<allocation_site> named;
    named.reserve(merged.size());
    for (auto& [key, site] : merged) {
        named.push_back(std::move(site));
    }
    std::sort(named.begin(), named.end(), [](const allocation_site& a, const allocation_site& b) {
        return a.layer != b.layer ? a.layer < b.layer : a.times > b.times;
    });
    return named;
}

} // namespace yunhu::bench
