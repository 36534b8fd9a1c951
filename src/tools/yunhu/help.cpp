// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "help.hpp"

#include "message.hpp"
#include "print.hpp"
#include "terminal.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <numeric>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {
namespace {

void localise_options(CLI::App& app) {
    for (CLI::Option* o : app.get_options()) {
        o->group(message("Options").translated());
    }
    app.get_help_ptr()->description(message("Print this help and end").translated());
}

// The option that the error is about: CLI11 has its name in the text only, before anything that was given.
const CLI::Option* culprit(const CLI::App& program, std::string_view text) {
    const std::size_t begin = std::min(text.find("--"), text.size());
    const std::size_t end = std::min(text.find_first_of(": ", begin), text.size());
    const std::string name(text.substr(begin, end - begin));
    std::vector<const CLI::App*> places{&program};
    for (const CLI::App* sub : program.get_subcommands()) {
        places.push_back(sub);
    }
    for (const CLI::App* place : places) {
        if (const CLI::Option* o = name.empty() ? nullptr : place->get_option_no_throw(name)) {
            return o;
        }
    }
    return nullptr;
}

// How an error is put: in the user's language, or in English.
using wording = std::string (*)(message text, const std::vector<std::string>& parts);

std::string for_people(message text, const std::vector<std::string>& parts) {
    return translated(text, parts);
}
std::string for_machines(message text, const std::vector<std::string>& parts) {
    return text.english(parts);
}

std::string unexpected(const CLI::App& program, wording put) {
    std::string words;
    for (const std::string& word : program.remaining(true)) {
        words += ' ';
        words += word.starts_with("-") ? tools::on_one_line(word.substr(0, word.find('='))) : put("(a value)", {});
    }
    return put("unknown arguments:", {}) + words;
}

// Insertions, deletions and replacements that make one word of the other.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
        }
    }
    return row.back();
}

// The subcommand that is meant, or none: the one that begins so, or that differs by a slip of the finger.
std::string similar_subcommand(const CLI::App& program, std::string word) {
    std::ranges::replace(word, '_', '-');
    std::string best;
    std::size_t best_distance = word.size() < 4 ? 2 : 3; // below that
    for (const CLI::App* sub : program.get_subcommands([](const CLI::App*) { return true; })) {
        const std::string& name = sub->get_name();
        const std::size_t far = word.size() >= 3 && name.starts_with(word) ? 0 : distance(word, name);
        if (far < best_distance) {
            best = name;
            best_distance = far;
        }
    }
    return best;
}

std::string missing_subcommand(const CLI::App& program, wording put) {
    const std::vector<std::string> words = program.remaining();
    const auto word = std::ranges::find_if(words, [](const std::string& w) { return !w.starts_with('-'); });
    if (word == words.end()) {
        return put("a subcommand is missing", {});
    }
    const std::string meant = similar_subcommand(program, *word);
    return meant.empty() ? put("unknown subcommand", {})
                         : put("unknown subcommand {0}; did you mean {1}?", {tools::on_one_line(*word), meant});
}

std::string what_is_wrong(const CLI::App& program, const CLI::ParseError& e, wording put) {
    if (dynamic_cast<const CLI::ExtrasError*>(&e) != nullptr) {
        return unexpected(program, put);
    }
    const CLI::Option* option = culprit(program, e.what());
    if (option == nullptr) {
        return program.get_subcommands().empty() ? missing_subcommand(program, put)
                                                 : put("an argument is missing or invalid", {});
    }
    if (dynamic_cast<const CLI::RequiredError*>(&e) != nullptr) {
        return put("{0} is missing", {option->get_name()});
    }
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&e) != nullptr) {
        return put("{0}: given more than once, or without a value", {option->get_name()});
    }
    return put("{0}: invalid; must be {1}", {option->get_name(), option->get_type_name()});
}

constexpr std::size_t help_columns = 80;

// CLI11 pads by bytes, which moves Chinese, and does not wrap.
class help_formatter : public CLI::Formatter {
public:
    help_formatter() { column_width(31); }

    std::string make_option(const CLI::Option* option, bool is_positional) const override {
        return entry(make_option_name(option, is_positional) + make_option_opts(option), make_option_desc(option));
    }
    std::string make_subcommand(const CLI::App* sub) const override {
        return entry(sub->get_display_name(true), sub->get_description());
    }
    std::string make_description(const CLI::App* app) const override {
        return paragraphs(CLI::Formatter::make_description(app));
    }
    std::string make_footer(const CLI::App* app) const override { return paragraphs(app->get_footer()); }

private:
    // A name, with its description beside or below it.
    [[nodiscard]] std::string entry(const std::string& name, const std::string& description) const {
        constexpr std::size_t margin = 2;
        constexpr std::size_t further_margin = 6;
        std::string result;
        std::size_t used = 0;
        for (const std::string& line : wrap(name, help_columns - further_margin)) {
            result += (result.empty() ? "" : "\n") + std::string(result.empty() ? margin : further_margin, ' ') + line;
            used = (result.find('\n') == std::string::npos ? margin : further_margin) + columns_of(line);
        }
        if (used + margin > get_column_width()) {
            result += '\n';
            used = 0;
        }
        for (const std::string& line : wrap(description, help_columns - get_column_width())) {
            result += std::string(get_column_width() - used, ' ') + line + '\n';
            used = 0;
        }
        return result.ends_with('\n') ? result : result + '\n';
    }

    // Lines that are indented, and the one before them, stay as they are; all others are made anew of paragraphs.
    static std::string paragraphs(const std::string& text) {
        std::vector<std::string> lines;
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) {
            lines.push_back(line);
        }
        std::string result;
        std::string paragraph;
        const auto finish = [&] {
            for (const std::string& line : wrap(paragraph, help_columns)) {
                result += line + '\n';
            }
            paragraph.clear();
        };
        const auto is_indented = [&](std::size_t i) { return i < lines.size() && lines[i].starts_with(' '); };
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (is_indented(i)) {
                finish();
                result += command_line(lines[i]);
            } else {
                if (is_indented(i + 1)) {
                    finish();
                }
                paragraph += (paragraph.empty() || ends_wide(paragraph) ? "" : " ") + lines[i];
            }
        }
        finish();
        return result;
    }

    static bool ends_wide(const std::string& text) { return static_cast<unsigned char>(text.back()) >= 0x80; }

    // An example that is too long goes on in the next line, as a shell takes it.
    static std::string command_line(std::string line) {
        std::string result;
        while (columns_of(line) > help_columns) {
            const std::size_t at = line.rfind(" --", help_columns - 2);
            if (at == std::string::npos || at < 8) {
                break;
            }
            result += line.substr(0, at) + " \\\n";
            line = std::string(6, ' ') + line.substr(at + 1);
        }
        return result + line + '\n';
    }
};

} // namespace

void localise(CLI::App& program) {
    const auto formatter = std::make_shared<help_formatter>();
    formatter->label("Usage", message("Usage").translated());
    formatter->label("OPTIONS", message("OPTIONS").translated());
    formatter->label("SUBCOMMAND", message("SUBCOMMAND").translated());
    formatter->label("Positionals", message("Positionals").translated());
    formatter->label("REQUIRED", message("REQUIRED").translated());
    formatter->label("Env", message("Env").translated());
    program.formatter(formatter);
    localise_options(program);
    program.get_version_ptr()->description(message("Print the version and end").translated());
    for (CLI::App* sub : program.get_subcommands({})) {
        sub->formatter(formatter);
        sub->group(message("Subcommands").translated());
        localise_options(*sub);
    }
}

std::string example_footer(std::string_view example) {
    return message("Example:").translated().append("\n  yunhu ").append(example) + "\n" +
           message("Options of all subcommands: yunhu --help").translated();
}

void print_parse_error(std::ostream& out, const CLI::App& program, const CLI::ParseError& e) {
    out << "yunhu: " << what_is_wrong(program, e, for_people) << '\n'
        << message("Run with --help for more information.").translated() << '\n';
}

std::string parse_error_text(const CLI::App& program, const CLI::ParseError& e) {
    return what_is_wrong(program, e, for_machines);
}

} // namespace cli
