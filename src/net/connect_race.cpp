#include "net/connect_race.hpp"

#include <utility>

namespace yunhu::inline v0_1::net {

connect_race::connect_race(std::vector<endpoint> resolved) {
    if (resolved.empty()) {
        return;
    }
    std::vector<endpoint> first;
    std::vector<endpoint> second;
    const bool v6_first = resolved.front().address().is_v6();
    for (endpoint& e : resolved) {
        (e.address().is_v6() == v6_first ? first : second).push_back(e);
    }
    addresses_.reserve(resolved.size());
    for (std::size_t i = 0; i < first.size() || i < second.size(); ++i) {
        if (i < first.size()) {
            addresses_.push_back(first[i]);
        }
        if (i < second.size()) {
            addresses_.push_back(second[i]);
        }
    }
}

std::optional<connect_race::endpoint> connect_race::next() {
    if (!more()) {
        return std::nullopt;
    }
    ++running_;
    return addresses_[started_++];
}

} // namespace yunhu::inline v0_1::net
