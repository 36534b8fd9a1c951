// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "host_info.hpp"

#include "build_info.hpp"

#include <yunhu/version.hpp>

#include <boost/version.hpp>

#include <openssl/crypto.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string_view>
#include <thread>

#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace bench {
namespace {

std::string processor() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);) {
        const auto colon = line.find(": ");
        if (colon != line.npos && (line.starts_with("model name") || line.starts_with("Model"))) {
            return line.substr(colon + 2);
        }
    }
    return "unknown";
}

int usable_cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

double seconds(const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
}

rusage usage() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return used;
}

} // namespace

boost::json::object describe_host() {
    utsname system{};
    uname(&system);
    std::array<double, 1> load{};
    const bool loaded = getloadavg(load.data(), 1) == 1;
    const auto memory = static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
    return {{"cpu", processor()},
            {"cores", std::thread::hardware_concurrency()},
            {"cores_usable", usable_cores()},
            {"memory_bytes", memory},
            {"kernel", std::string(system.sysname) + ' ' + system.release},
            {"architecture", system.machine},
            {"load_average", loaded ? load[0] : -1.0}};
}

boost::json::object describe_versions() {
    return {{"yunhu", yunhu::version},    {"boost", BOOST_LIB_VERSION}, {"openssl", OpenSSL_version(OPENSSL_VERSION)},
            {"compiler", build_compiler}, {"build_type", build_type},   {"flags", build_flags}};
}

double own_cpu() {
    const rusage used = usage();
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::uint64_t peak_memory() {
    return static_cast<std::uint64_t>(usage().ru_maxrss) * 1024;
}

std::string now_utc() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text.data(), size};
}

} // namespace bench
