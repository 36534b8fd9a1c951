#include "testing/journal.hpp"

#include <utility>

namespace yunhu::inline v0_1::testing::detail {

void journal::add(exchange e) {
    if (limit_ == 0) {
        return;
    }
    if (exchanges_.size() == limit_) {
        exchanges_.pop_front();
    }
    exchanges_.push_back(std::move(e));
}

} // namespace yunhu::inline v0_1::testing::detail
