// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "load.hpp"

#include <algorithm>

namespace bench {
namespace {

// A stream of its own, independent of the choice of endpoints.
constexpr std::uint64_t seed_of_arrivals(std::uint64_t seed) {
    return seed ^ 0x9e3779b97f4a7c15U;
}

} // namespace

load::load(const load_settings& settings, time_point start)
    : settings_(settings), start_(start), measured_from_(start + settings.warm_up), random_(settings.seed),
      arrivals_(settings.arrivals, settings.rate.value_or(1), seed_of_arrivals(settings.seed)) {
    if (settings_.duration) {
        end_ = measured_from_ + *settings_.duration;
    }
    if (settings_.rate) {
        due_ = start_ + arrivals_.next();
    }
}

bool load::over(time_point at) const noexcept {
    return stopped_ || (end_ && at >= *end_) || (settings_.calls && measured_ >= *settings_.calls);
}

std::optional<planned_call> load::take(time_point now) {
    if (settings_.rate ? due_ > now : in_flight_ >= settings_.concurrency) {
        return std::nullopt;
    }
    const time_point intended = settings_.rate ? due_ : now;
    if (over(intended)) {
        return std::nullopt;
    }
    planned_call c;
    c.number = taken_++;
    c.what = settings_.calls_of.pick(to_unit(random_()));
    c.choice = random_();
    c.intended = intended;
    c.measured = intended >= measured_from_;
    measured_ += c.measured ? 1 : 0;
    ++in_flight_;
    if (settings_.rate) {
        due_ = start_ + arrivals_.next();
    }
    return c;
}

std::optional<time_point> load::next_due() const noexcept {
    if (!settings_.rate || over(due_)) {
        return std::nullopt;
    }
    return due_;
}

bool load::finished(time_point now) const noexcept {
    return in_flight_ == 0 && over(settings_.rate ? due_ : now);
}

double load::progress(time_point now) const noexcept {
    double done = 0;
    if (end_) {
        done = std::chrono::duration<double>(now - start_) / std::chrono::duration<double>(*end_ - start_);
    }
    if (settings_.calls) {
        done = std::max(done, static_cast<double>(measured_) / static_cast<double>(*settings_.calls));
    }
    return std::clamp(done, 0.0, 1.0);
}

} // namespace bench
