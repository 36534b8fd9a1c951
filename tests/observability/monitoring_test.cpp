// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "observability/promtool.hpp"

#include <yunhu/error.hpp>
#include <yunhu/metrics.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

// The dashboard and the alert rules of examples/monitoring.
namespace yunhu::test {
namespace {

namespace json = boost::json;
using names = std::set<std::string>;

const std::filesystem::path folder = std::filesystem::path(YUNHU_SOURCE_DIR) / "examples/monitoring"; // NOLINT

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    EXPECT_TRUE(in) << file;
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The names of all series that a page may have.
names exported() {
    const std::vector<inbox_stats> inboxes(1);
    std::istringstream page(to_prometheus(metrics_snapshot(), client_stats()) + to_prometheus(inboxes));
    names all;
    std::string word;
    for (std::string line; std::getline(page, line);) {
        std::istringstream words(line);
        std::string name;
        std::string type;
        if (words >> word >> word && word == "TYPE" && words >> name >> type) {
            for (const char* suffix : {"_bucket", "_sum", "_count"}) {
                all.insert(type == "histogram" ? name + suffix : name);
            }
        }
    }
    return all;
}

names matches(const std::string& text, const std::string& pattern) {
    const std::regex expression(pattern);
    names found;
    for (std::sregex_iterator at(text.begin(), text.end(), expression); at != std::sregex_iterator(); ++at) {
        found.insert(at->str(at->size() - 1));
    }
    return found;
}

// Every text that is a query of a panel or a variable.
void collect_queries(const json::value& v, std::vector<std::string>& queries) {
    if (const json::object* o = v.if_object()) {
        for (const auto& [key, value] : *o) {
            if ((key == "expr" || key == "definition") && value.is_string()) {
                queries.emplace_back(value.get_string());
            }
            collect_queries(value, queries);
        }
    } else if (const json::array* a = v.if_array()) {
        for (const json::value& item : *a) {
            collect_queries(item, queries);
        }
    }
}

std::vector<std::string> queries_of_the_dashboard() {
    boost::system::error_code ec;
    const json::value dashboard = json::parse(content_of(folder / "dashboard.json"), ec);
    EXPECT_FALSE(ec) << ec.message();
    std::vector<std::string> queries;
    collect_queries(dashboard, queries);
    return queries;
}

std::string all_queries() {
    std::string all = content_of(folder / "alerts.yml") + content_of(folder / "alerts_test.yml");
    for (const std::string& query : queries_of_the_dashboard()) {
        all += '\n' + query;
    }
    return all;
}

void expect_success(const std::vector<std::string>& arguments) {
    std::vector<std::string> command{PROMTOOL};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const finished end = ::run(command);
    EXPECT_EQ(end.exit_code, 0) << PROMTOOL " (sh tests/run.sh fetches it): " << end.out << end.err;
}

TEST(monitoring, promtool_accepts_the_rules_and_their_test_passes) {
    expect_success({"check", "rules", (folder / "alerts.yml").string()});
    expect_success({"test", "rules", (folder / "alerts_test.yml").string()});
}

TEST(monitoring, every_query_of_the_dashboard_is_promql) {
    const temporary_directory directory;
    const std::string file = (directory / "rules.yml").string();
    std::ofstream rules(file);
    rules << "groups: [{name: dashboard, rules: [\n";
    int count = 0;
    for (std::string query : queries_of_the_dashboard()) {
        if (query.starts_with("label_values(")) {
            continue;
        }
        query = std::regex_replace(query, std::regex(R"(\$__(rate_interval|range))"), "5m");
        rules << "{record: 'query_" << ++count << "', expr: " << json::value(query) << "},\n";
    }
    rules << "]}]\n";
    rules.close();
    EXPECT_GE(count, 40);
    expect_success({"check", "rules", file});
}

TEST(monitoring, every_metric_in_use_exists_and_every_metric_is_in_use) {
    const names existing = exported();
    const names used = matches(all_queries(), R"(\b(yunhu_[a-z_]+))");
    for (const std::string& name : used) {
        EXPECT_TRUE(existing.contains(name)) << name << " is not on the page";
    }
    for (const std::string& name : existing) {
        const bool is_part = name.ends_with("_sum") || name.ends_with("_count"); // of a histogram
        EXPECT_TRUE(is_part || used.contains(name)) << name << " is on no panel";
    }
}

TEST(monitoring, every_label_in_use_exists) {
    names codes{"success"};
    for (int i = 1; i <= static_cast<int>(errc::incomplete_list); ++i) {
        codes.emplace(name(make_error_code(static_cast<errc>(i))));
    }
    const std::string queries = all_queries();
    for (const std::string& code : matches(queries, R"rx(\bcode!?="([^"]*)")rx")) {
        EXPECT_TRUE(codes.contains(code)) << code;
    }
    const names deliveries{std::string(to_string(delivery::not_sent)), std::string(to_string(delivery::maybe_sent)),
                           std::string(to_string(delivery::answered))};
    for (const std::string& how : matches(queries, R"rx(\bdelivery!?="([^"]*)")rx")) {
        EXPECT_TRUE(deliveries.contains(how)) << how;
    }
}

} // namespace
} // namespace yunhu::test
