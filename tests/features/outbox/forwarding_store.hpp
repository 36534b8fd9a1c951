// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/outbox_store.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace yunhu::test {

/// Another store, whose operations a test changes.
class forwarding_store : public outbox_store {
public:
    explicit forwarding_store(std::shared_ptr<outbox_store> of) : of_(std::move(of)) {}

    operation<void> prepare() override { return of_->prepare(); }
    operation<std::vector<enqueued_item>> enqueue(std::vector<outbox_item> i) override {
        return of_->enqueue(std::move(i));
    }
    operation<claim_batch> claim(claim_request r) override { return of_->claim(std::move(r)); }
    operation<std::vector<outbox_ticket>> mark_sending(std::vector<outbox_ticket> c, milliseconds l) override {
        return of_->mark_sending(std::move(c), l);
    }
    operation<std::size_t> settle(std::vector<settlement> o) override { return of_->settle(std::move(o)); }
    operation<std::vector<outbox_claim>> take_overdue(claim_request r) override {
        return of_->take_overdue(std::move(r));
    }
    operation<void> renew(std::vector<outbox_ticket> c, milliseconds l) override { return of_->renew(std::move(c), l); }
    operation<std::optional<outbox_record>> find(std::string k) override { return of_->find(std::move(k)); }
    operation<std::vector<outbox_record>> list(outbox_filter f) override { return of_->list(std::move(f)); }
    operation<outbox_counts> counts() override { return of_->counts(); }
    operation<resend_outcome> resend(std::string k, milliseconds q) override { return of_->resend(std::move(k), q); }
    operation<std::uint64_t> repair() override { return of_->repair(); }
    operation<std::uint64_t> prune(milliseconds o) override { return of_->prune(o); }
    operation<void> set_lane(outbox_lane l) override { return of_->set_lane(std::move(l)); }
    operation<void> pause_lane(std::string a, milliseconds l) override { return of_->pause_lane(std::move(a), l); }

protected:
    [[nodiscard]] outbox_store& of() { return *of_; }

private:
    std::shared_ptr<outbox_store> of_;
};

} // namespace yunhu::test
