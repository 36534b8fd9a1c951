#include "exit_code.hpp"

#include <boost/asio/error.hpp>

namespace cli {

exit_code exit_code_of(const yunhu::failure& f, yunhu::retry_class retry) {
    if (f.code == boost::asio::error::operation_aborted) {
        return interrupted;
    }
    if (f.code == yunhu::errc::invalid_request) {
        return usage;
    }
    if (f.code == yunhu::errc::not_authenticated) {
        return not_authenticated;
    }
    switch (f.delivery) {
    case yunhu::delivery::answered:
        return refused_by_api;
    case yunhu::delivery::maybe_sent: // a list that was asked for twice harms nobody
        return retry == yunhu::retry_class::read ? transport : outcome_unknown;
    case yunhu::delivery::not_sent:
        break;
    }
    return transport;
}

} // namespace cli
