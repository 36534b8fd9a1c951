#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace yunhu::inline v0_1::net {

/// A base URL, taken apart.
struct base_url {
    std::string host;        ///< a name or an address, without brackets
    std::string port;        ///< digits
    std::string host_header; ///< as it goes into `Host`
    std::string path;        ///< prefix of every path; empty or `/like/this`
    bool tls = true;
};

/// Why a base URL is refused; never repeats it.
struct bad_url {
    std::string detail;
};

[[nodiscard]] boost::system::result<base_url, bad_url> parse_base_url(std::string_view text, bool allow_plain_loopback);

} // namespace yunhu::inline v0_1::net
