// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "catch_up_script.hpp"
#include "engine/catch_up_fsm.hpp"
#include "engine/cursor_book.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

// A simulated service and a program that hears it, in virtual time.
namespace yunhu::test {

struct model_options {
    model_options() { machine.own_id = own_id; }

    int steps = 2'000;
    int chats = 12;
    double edit = 0.1; ///< of the actions in a chat: an edit or a recall instead of a message
    // Probabilities of a pushed frame, a step, a request.
    double drop = 0;
    double duplicate = 0;
    double swap = 0;
    double disconnect = 0;
    double kill = 0;
    double request_failure = 0;
    std::uint64_t list_lag = 0;  ///< ms in which a new message may be missing in lists
    std::uint64_t tick = 1;      ///< ms of the service's clock: what happens within one has the same time
    std::size_t silence = 2'000; ///< ms, at most, until a connection that is lost is known to be
    std::size_t outage = 3'000;  ///< ms, at most, until the next connection
    bool sparse = false;         ///< numbers are not dense
    bool changes_move_chats = false;
    bool check_changes = false;
    bool gaps_allowed = false;
    engine::catch_up_options machine;
};

/// Chats, their messages, the list endpoints and the pushes.
class model_service {
public:
    struct chat_log {
        chat in;
        std::vector<message> messages; ///< by their number
        std::uint64_t moved = 0;
    };

    model_service(const model_options& options, std::mt19937& random) : options_(options), random_(random) {
        for (int i = 0; i < options.chats; ++i) {
            const std::string id = std::to_string(7'000'000 + i);
            const chat in = i % 3 == 0 ? user(id) : i % 3 == 1 ? group("g" + id) : bot_chat(id);
            logs_.push_back({in, {}, 0});
            for (int k = 0; k < i % 5; ++k) {
                (void)send(logs_.back(), base_time + static_cast<std::uint64_t>(k));
            }
        }
    }

    /// An action of the people in a chat: the frame of its push.
    gateway::pushed_message act(std::uint64_t now) {
        chat_log& log = logs_[below(logs_.size())];
        if (!log.messages.empty() && unit() < options_.edit) {
            return change(log, now);
        }
        return send(log, now);
    }

    [[nodiscard]] std::vector<engine::listed_conversation> conversations() const {
        std::vector<engine::listed_conversation> made;
        for (const chat_log& log : logs_) {
            if (!log.messages.empty()) {
                made.push_back({log.in, log.moved});
            }
        }
        return made;
    }
    [[nodiscard]] std::string md5() const {
        std::string made;
        for (const chat_log& log : logs_) {
            made +=
                std::to_string(log.moved) + (options_.tick == 1 ? "/" + std::to_string(log.messages.size()) : "") + " ";
        }
        return made;
    }

    [[nodiscard]] std::vector<message> page(const chat& in, const engine::page_query& q, std::uint64_t now) {
        const chat_log& log = *std::find_if(logs_.begin(), logs_.end(), [&](const auto& l) { return l.in == in; });
        const std::uint64_t lag = options_.list_lag != 0 ? below(options_.list_lag) : 0;
        const std::size_t most = q.what == engine::page_query::kind::by_seq ? 31 : q.count;
        const std::uint64_t below_seq = q.what == engine::page_query::kind::before ? seq_of(log, q.msg_id) : 0;
        std::vector<message> made;
        for (auto at = log.messages.rbegin(); at != log.messages.rend() && made.size() < most; ++at) {
            const message& m = *at;
            if (m.send_time + lag > now && lag != 0) {
                continue;
            }
            const bool wanted = q.what == engine::page_query::kind::by_seq   ? m.msg_seq > q.seq
                                : q.what == engine::page_query::kind::before ? m.msg_seq < below_seq
                                                                             : engine::last_time(m) > q.time;
            if (wanted) {
                made.push_back(m);
            }
        }
        std::shuffle(made.begin(), made.end(), random_); // the API promises no order
        return made;
    }

    [[nodiscard]] const std::vector<chat_log>& logs() const { return logs_; }
    [[nodiscard]] std::size_t below(std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
    }
    [[nodiscard]] double unit() { return std::uniform_real_distribution<double>(0, 1)(random_); }

private:
    static std::uint64_t seq_of(const chat_log& log, const std::string& msg_id) {
        for (const message& m : log.messages) {
            if (m.msg_id == msg_id) {
                return m.msg_seq;
            }
        }
        return 0;
    }

    gateway::pushed_message send(chat_log& log, std::uint64_t now) {
        message m;
        m.msg_seq = (log.messages.empty() ? 0 : log.messages.back().msg_seq) + 1 + (options_.sparse ? below(5) : 0);
        m.msg_id = log.in.id + "-" + std::to_string(m.msg_seq);
        const bool own = below(4) == 0;
        m.sender.chat_id = own ? own_id : log.in.type == chat_type::group ? "55" : log.in.id;
        m.sender.chat_type = !own && log.in.type == chat_type::bot ? chat_type::bot : chat_type::user;
        m.direction = own ? "right" : "left";
        m.send_time = now;
        m.content_type = content_type::text;
        log.messages.push_back(m);
        log.moved = now;
        gateway::pushed_message p;
        p.message = std::move(m);
        p.message.direction.clear();
        address(p, log, own);
        return p;
    }

    gateway::pushed_message change(chat_log& log, std::uint64_t now) {
        const std::size_t back = below(std::min<std::size_t>(log.messages.size(), 20));
        message& m = log.messages[log.messages.size() - 1 - back];
        if (m.msg_delete_time != 0 || m.edit_time >= now) {
            return send(log, now); // a recalled message does not change any more, and each edit has its own time
        }
        gateway::pushed_message p;
        p.what = kind::edit;
        if (below(3) == 0) {
            m.msg_delete_time = now;
            p.what = kind::recall;
        } else {
            m.edit_time = now;
        }
        if (options_.changes_move_chats) {
            log.moved = std::max(now, engine::last_time(m));
        }
        p.message.msg_id = m.msg_id;
        p.message.msg_seq = m.msg_seq;
        p.message.edit_time = m.edit_time;
        p.message.msg_delete_time = p.what == kind::recall ? m.msg_delete_time : 0;
        address(p, log, m.direction == "right");
        if (p.what == kind::edit) {
            p.chat.type = chat_type{};
            p.recv_id = p.chat.id;
        }
        return p;
    }

    /// The fields that name the chat, as the gateway fills them.
    void address(gateway::pushed_message& p, const chat_log& log, bool own) {
        p.recv_id = own_id;
        p.chat = log.in;
        if (log.in.type == chat_type::user && !own) {
            p.chat.id = own_id;
        } else if (log.in.type == chat_type::user && below(2) == 0) {
            std::swap(p.chat.id, p.recv_id); // clients disagree about own echoes
        }
        if (log.in.type == chat_type::user && p.what == kind::recall) {
            p.message.sender.chat_id = own ? std::string(own_id) : log.in.id;
        }
    }

    const model_options& options_;
    std::mt19937& random_;
    std::vector<chat_log> logs_;
};

/// The program: its machine, its connection, its requests, and what it has heard.
class catch_up_model {
public:
    catch_up_model(const model_options& options, std::uint32_t seed)
        : options_(options), random_(seed), service_(options_, random_) {
        start({});
    }

    void run() {
        for (int i = 0; i < options_.steps; ++i) {
            step();
            if (testing::Test::HasFailure()) {
                return;
            }
        }
        finish();
        check();
    }

private:
    struct outstanding {
        engine::catch_up_fsm::request request;
        std::uint64_t read_at = 0;
        std::uint64_t answer_at = 0;
        std::uint64_t read_time = 0; ///< the service's
        bool answered = false;
        bool fails = false;
        std::vector<message> page;
        std::vector<engine::listed_conversation> list;
        std::string md5;
    };
    struct heard {
        std::uint64_t last_seq = 0;
        std::set<std::string> messages; ///< in this process
        std::set<std::pair<std::string, std::uint64_t>> edits;
        std::set<std::string> recalls;
    };

    [[nodiscard]] engine::time_point now() const {
        return engine::time_point(1'000'000h) + std::chrono::milliseconds(ms_);
    }
    [[nodiscard]] std::uint64_t server_now() const { return base_time + 1'000 + ms_ / options_.tick * options_.tick; }
    [[nodiscard]] bool chance(double p) { return p > 0 && service_.unit() < p; }

    void start(const inbox_cursors& from) {
        machine_ = std::make_unique<engine::catch_up_fsm>(options_.machine, from);
        book_ = std::make_unique<engine::cursor_book>(from, 1'000);
        heard_.clear();
        requests_.clear();
        frames_.clear();
        connected_ = half_open_ = false;
        reconnect_at_ = ms_;
        if (from.since == 0) {
            baseline_ = 0; // it starts anew
        }
    }

    void step() {
        ms_ += service_.below(20);
        if (!connected_ && ms_ >= reconnect_at_) {
            connect();
        }
        if (connected_ && chance(options_.disconnect)) {
            half_open_ = true; // pushes vanish, until the silence is noticed
            disconnect_at_ = ms_ + service_.below(options_.silence);
        }
        if (half_open_ && ms_ >= disconnect_at_) {
            disconnect();
        }
        if (chance(options_.kill)) {
            start(book_->snapshot());
        }
        for (std::size_t i = service_.below(3); i > 0; --i) {
            push(service_.act(server_now()));
        }
        if (service_.below(50) == 0) {
            for (int i = 0; i < 40; ++i) { // a burst within a millisecond
                push(service_.act(server_now()));
            }
        }
        drive(false);
    }

    void connect() {
        connected_ = true;
        half_open_ = false;
        frames_.clear();
        machine_->connected(now());
    }
    void disconnect() {
        connected_ = half_open_ = false;
        frames_.clear();
        machine_->disconnected();
        reconnect_at_ = ms_ + service_.below(options_.outage);
    }

    void push(gateway::pushed_message p) {
        if (!connected_ || half_open_ || chance(options_.drop)) {
            return;
        }
        if (chance(options_.duplicate)) {
            frames_.push_back(p);
        }
        frames_.push_back(std::move(p));
        if (frames_.size() >= 2 && chance(options_.swap)) {
            std::swap(frames_[frames_.size() - 1], frames_[frames_.size() - 2]);
        }
    }

    /// Frames, answers, timers and events; `all`: as long as there are any.
    void drive(bool all) {
        for (std::size_t i = all ? frames_.size() : service_.below(6); i > 0; --i) {
            if (!frames_.empty() && machine_->wants_frames()) {
                machine_->pushed(std::move(frames_.front()), now());
                frames_.pop_front();
                send_requests();
            }
        }
        answer_requests();
        if (machine_->due() && *machine_->due() <= now()) {
            machine_->timer(now());
        }
        send_requests();
        for (std::size_t i = all ? 100'000 : service_.below(8); i > 0 && machine_->has_event(); --i) {
            engine::queued_event e = machine_->take();
            hear(e.value);
            book_->start_at(machine_->since());
            book_->acknowledge(e);
            if (testing::Test::HasFailure()) {
                return;
            }
        }
        send_requests();
        EXPECT_LE(machine_->buffered(), options_.machine.max_total + 4 * 50);
    }

    void send_requests() {
        while (auto r = machine_->next_request(now())) {
            outstanding o;
            o.request = *std::move(r);
            o.read_at = ms_ + service_.below(150);
            o.answer_at = o.read_at + service_.below(150);
            o.fails = chance(options_.request_failure);
            requests_.push_back(std::move(o));
        }
    }

    void answer_requests() {
        for (outstanding& o : requests_) {
            if (!o.answered && ms_ >= o.read_at) { // what the service reads may be old when it arrives
                o.answered = true;
                if (o.request.conversations) {
                    o.md5 = service_.md5();
                    if (o.md5 != o.request.md5) {
                        o.list = service_.conversations();
                    }
                    o.read_time = server_now();
                } else {
                    o.page = service_.page(o.request.chat, o.request.query, server_now());
                }
            }
        }
        for (std::size_t i = 0; i < requests_.size();) {
            if (!requests_[i].answered || ms_ < requests_[i].answer_at) {
                ++i;
                continue;
            }
            outstanding o = std::move(requests_[i]);
            requests_.erase(requests_.begin() + static_cast<std::ptrdiff_t>(i));
            if (o.fails) {
                machine_->on_failure(o.request.id, true, now());
            } else if (o.request.conversations) {
                const bool first = machine_->since() == 0;
                machine_->on_conversations(o.request.id, o.list, o.md5, now());
                if (first && machine_->since() != 0) {
                    baseline_ = o.read_time;
                }
            } else {
                machine_->on_page(o.request.id, std::move(o.page), now());
            }
            send_requests();
        }
    }

    void hear(const event& e) {
        const chat* const in = chat_of(e);
        if (in == nullptr) {
            return;
        }
        heard& h = heard_[in->id];
        if (const auto* const m = std::get_if<message_event>(&e)) {
            EXPECT_TRUE(h.messages.insert(m->message.msg_id).second) << m->message.msg_id << " twice";
            EXPECT_GT(m->message.msg_seq, h.last_seq) << m->message.msg_id << " out of order";
            EXPECT_EQ(m->own, m->message.sender.chat_id == own_id) << m->message.msg_id;
            h.last_seq = m->message.msg_seq;
            ever_.insert(m->message.msg_id);
            last_edit_[m->message.msg_id] = std::max(last_edit_[m->message.msg_id], m->message.edit_time);
            h.edits.emplace(m->message.msg_id, m->message.edit_time);
        } else if (const auto* const ed = std::get_if<edit_event>(&e)) {
            EXPECT_TRUE(h.edits.emplace(ed->message.msg_id, ed->message.edit_time).second)
                << "edit of " << ed->message.msg_id << " twice";
            // Of a private chat whose message was not pushed yet only the id of the message is known.
            EXPECT_TRUE(in->type == chat_type{} || ed->message.msg_seq <= h.last_seq ||
                        ed->message.msg_seq <= first_known(in->id))
                << ed->message.msg_id << " edited early";
            last_edit_[ed->message.msg_id] = std::max(last_edit_[ed->message.msg_id], ed->message.edit_time);
        } else if (const auto* const r = std::get_if<recall_event>(&e)) {
            EXPECT_TRUE(h.recalls.insert(r->message.msg_id).second) << "recall of " << r->message.msg_id << " twice";
            ever_.insert(r->message.msg_id);
            recalled_.insert(r->message.msg_id);
            h.last_seq = std::max(h.last_seq, r->message.msg_seq);
        } else if (const auto* const g = std::get_if<gap_event>(&e)) {
            ++gaps_;
            if (g->reason == gap_reason::changes) {
                unreviewed_.insert(in->id);
                return;
            }
            EXPECT_TRUE(options_.gaps_allowed) << text_of(e);
            gaps_in_[in->id].emplace_back(g->from_seq, g->to_seq);
            if (g->reason != gap_reason::late) {
                h.last_seq = std::max(h.last_seq, g->to_seq);
            }
        }
    }

    /// A process knows what an earlier one, or the history before the first start, has.
    std::uint64_t first_known(const std::string& id) const {
        for (const auto& log : service_.logs()) {
            if (log.in.id == id) {
                std::uint64_t known = 0;
                for (const message& m : log.messages) {
                    if (m.send_time <= baseline_ || ever_.contains(m.msg_id)) {
                        known = std::max(known, m.msg_seq);
                    }
                }
                return known;
            }
        }
        return 0;
    }

    /// Without faults from now on, and after one more connect, everything must arrive.
    void finish() {
        options_.drop = options_.duplicate = options_.swap = options_.disconnect = options_.kill = 0;
        options_.request_failure = 0;
        options_.list_lag = 0;
        if (connected_) {
            disconnect();
        }
        ms_ += 3'000;
        connect();
        for (int i = 0; i < 20'000; ++i) {
            ms_ += 100;
            drive(true);
            if (machine_->settled() && !machine_->has_event() && requests_.empty() && frames_.empty()) {
                return;
            }
        }
        FAIL() << "it does not settle: " << machine_->buffered() << " are held";
    }

    void check() {
        std::size_t required = 0;
        for (const auto& log : service_.logs()) {
            for (const message& m : log.messages) {
                if (m.send_time <= baseline_) {
                    continue;
                }
                ++required;
                EXPECT_TRUE(ever_.contains(m.msg_id) || in_gap(log.in.id, m.msg_seq)) << m.msg_id << " is lost";
                if (options_.check_changes && ever_.contains(m.msg_id) && !unreviewed_.contains(log.in.id)) {
                    if (m.msg_delete_time != 0) {
                        EXPECT_TRUE(recalled_.contains(m.msg_id)) << "the recall of " << m.msg_id << " is lost";
                    } else {
                        EXPECT_EQ(last_edit_[m.msg_id], m.edit_time) << "an edit of " << m.msg_id << " is lost";
                    }
                }
            }
        }
        EXPECT_GT(required, 100U);
    }

    bool in_gap(const std::string& chat_id, std::uint64_t seq) const {
        const auto found = gaps_in_.find(chat_id);
        return found != gaps_in_.end() && std::any_of(found->second.begin(), found->second.end(),
                                                      [&](const auto& g) { return g.first <= seq && seq <= g.second; });
    }

    model_options options_;
    std::mt19937 random_;
    model_service service_;
    std::unique_ptr<engine::catch_up_fsm> machine_;
    std::unique_ptr<engine::cursor_book> book_;
    std::uint64_t ms_ = 0;
    std::uint64_t baseline_ = 0; ///< the first list was read then
    bool connected_ = false;
    bool half_open_ = false;
    std::uint64_t reconnect_at_ = 0;
    std::uint64_t disconnect_at_ = 0;
    std::deque<gateway::pushed_message> frames_;
    std::vector<outstanding> requests_;

    std::map<std::string, heard> heard_; ///< of this process
    std::set<std::string> ever_;
    std::set<std::string> recalled_;
    std::map<std::string, std::uint64_t> last_edit_;
    std::map<std::string, std::vector<std::pair<std::uint64_t, std::uint64_t>>> gaps_in_;
    std::set<std::string> unreviewed_; ///< chats of which changes may be missing
    std::size_t gaps_ = 0;
};

} // namespace yunhu::test
