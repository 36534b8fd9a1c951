#pragma once

#include "net/connect_race.hpp"
#include "net/executor.hpp"
#include "net/serial.hpp"

#include <yunhu/error.hpp>

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

namespace yunhu::inline v0_1::net {

/// What a dial came to: a connected socket, or what failed and why.
struct dialed {
    error_code ec;      ///< none, `errc::resolve_failed` or `errc::connect_failed`
    error_code cause;   ///< the last address's error
    std::string detail; ///< each address that was tried, and its error
    std::optional<socket> connected;
};

/// Resolves a name, anew each time, and connects to the address that answers first.
class dial : public std::enable_shared_from_this<dial> {
public:
    dial(std::shared_ptr<serial> in, std::string host, std::string port, std::function<void(dialed)> done);

    void start();
    /// No more will come of it; `done` is not called.
    void cancel();
    [[nodiscard]] bool resolving() const noexcept { return resolving_; }

private:
    void resolved(const error_code& ec, const asio::ip::tcp::resolver::results_type& results);
    void race(std::vector<connect_race::endpoint> addresses);
    void attempt();
    void attempted(std::list<socket>::iterator which, const connect_race::endpoint& address, const error_code& ec);
    void finish(dialed what);

    std::shared_ptr<serial> serial_;
    std::string host_;
    std::string port_;
    std::function<void(dialed)> done_;
    resolver resolver_;
    timer delay_;
    std::optional<connect_race> race_;
    std::list<socket> attempts_;
    error_code last_error_;
    std::string failures_; ///< in words
    bool resolving_ = true;
};

} // namespace yunhu::inline v0_1::net
