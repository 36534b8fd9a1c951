#pragma once

#include "net/connection.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/endpoint.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace yunhu::inline v0_1::detail {

/// A client's configuration, checked, and what follows from it. Does not change.
class settings {
public:
    /// Throws `yunhu::error` (`errc::invalid_request`) naming the field that can't work.
    explicit settings(client_config config);

    [[nodiscard]] const client_config& config() const noexcept { return config_; }
    [[nodiscard]] const net::peer& peer() const noexcept { return peer_; }
    /// Writes the head of a request into `out`, whose memory is used again. `traceparent` may be empty.
    void write_head(const endpoint_info& where, std::size_t body_size, std::string_view traceparent,
                    std::string& out) const;

private:
    client_config config_;
    net::peer peer_;
    std::string before_path_; ///< `POST ` and the base URL's path
    std::string protobuf_;    ///< from the path's end to the value of content-length
    std::string json_;
};

} // namespace yunhu::inline v0_1::detail
