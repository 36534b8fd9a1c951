// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "completion.hpp"

#include "command.hpp"
#include "exit_code.hpp"
#include "help.hpp"
#include "message.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace cli {
namespace {

using options = std::vector<const CLI::Option*>;

options named_options(const CLI::App& app) {
    return app.get_options([](const CLI::Option* o) { return o->nonpositional(); });
}

const CLI::Option* positional(const CLI::App& app) {
    const options found = app.get_options([](const CLI::Option* o) { return o->get_positional(); });
    return found.empty() ? nullptr : found.front();
}

bool takes_value(const CLI::Option& o) {
    return o.get_items_expected_max() > 0;
}

// `--msg-id`, and the API's other name of it.
std::vector<std::string> names_of(const CLI::Option& o) {
    std::vector<std::string> names;
    for (const std::string& name : o.get_lnames()) {
        names.push_back("--" + name);
    }
    for (const std::string& name : o.get_snames()) {
        names.push_back("-" + name);
    }
    return names;
}

// The values that the option's type allows.
struct values {
    bool files = false;
    bool unfinished = false;        // the words are beginnings, e.g. `group:`
    std::vector<std::string> words; // none: anything
};

values values_of(const CLI::Option& o) {
    values v;
    const std::string type = o.get_type_name();
    if (type == "FILE" || type == "DIR") {
        v.files = true;
    } else if (type == "TYPE:ID") {
        v.unfinished = true;
        v.words = {"user:", "group:", "bot:"};
    } else if (type.find('|') != std::string::npos) {
        for (std::size_t at = 0; at <= type.size();) {
            const std::size_t end = std::min(type.find('|', at), type.size());
            if (const std::string word = type.substr(at, end - at); word != "N") {
                v.words.push_back(word);
            }
            at = end + 1;
        }
    }
    return v;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
    std::string all;
    for (const std::string& word : words) {
        all.append(all.empty() ? "" : between).append(word);
    }
    return all;
}

std::vector<std::string> names_of(const options& all) {
    std::vector<std::string> names;
    for (const CLI::Option* o : all) {
        const std::vector<std::string> some = names_of(*o);
        names.insert(names.end(), some.begin(), some.end());
    }
    return names;
}

options with_value(options all) {
    std::erase_if(all, [](const CLI::Option* o) { return !takes_value(*o); });
    return all;
}

std::string in_single_quotes(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

// bash: a line of the `case` with the values of `subcommand,option`.
void print_bash_values(std::ostream& out, const std::string& pattern, const values& v) {
    out << "    " << pattern << ")\n";
    if (v.files) {
        out << "        compopt -o filenames 2>/dev/null\n"
               "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;\n";
    } else {
        out << "        " << (v.unfinished ? "compopt -o nospace 2>/dev/null\n        " : "") << "words='"
            << joined(v.words, " ") << "' ;;\n";
    }
}

void print_bash_options(std::ostream& out, const std::string& command, const options& all) {
    for (const CLI::Option* o : with_value(all)) {
        std::vector<std::string> patterns;
        for (const std::string& name : names_of(*o)) {
            patterns.push_back(command + "," + name);
        }
        print_bash_values(out, joined(patterns, " | "), values_of(*o));
    }
}

// bash: the first argument of a subcommand that is no option.
void print_bash_positional(std::ostream& out, const std::string& command, const values& v) {
    out << "        if [[ $cur != -* ]]; then\n";
    if (v.files) {
        out << "            compopt -o filenames 2>/dev/null\n"
               "            mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
               "            return\n";
    } else {
        if (v.unfinished) { // others may follow it, of which nothing is known
            out << "            [[ $before == " << command
                << " ]] || return\n"
                   "            compopt -o nospace 2>/dev/null\n";
        }
        out << "            words='" << joined(v.words, " ") << "'\n";
    }
    out << "        fi\n";
}

std::string zsh_values(const values& v) {
    return v.files ? "_files" : v.unfinished ? "_yunhu_chats" : "(" + joined(v.words, " ") + ")";
}

// zsh: `*'(-n --lines)'{-n,--lines}'[help]:N:...'` in its simple form, one for each name.
void print_zsh_option(std::ostream& out, const CLI::Option& o) {
    for (const std::string& name : names_of(o)) {
        std::string help;
        for (const char c : o.get_description()) {
            help += c == '[' || c == ']' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
        }
        std::string spec = (o.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll ? "*" : "") + name;
        spec += takes_value(o) && name.starts_with("--") ? "=[" : "[";
        spec += help + "]";
        if (takes_value(o)) {
            const values v = values_of(o);
            spec += ":" + message("value").translated() + ":";
            spec += zsh_values(v);
        }
        out << ' ' << in_single_quotes(spec);
    }
}

std::vector<const CLI::App*> subcommands(const CLI::App& program) {
    return program.get_subcommands([](const CLI::App*) { return true; });
}

} // namespace

void print_bash_completion(std::ostream& out, const CLI::App& program) {
    std::vector<std::string> names;
    for (const CLI::App* sub : subcommands(program)) {
        names.push_back(sub->get_name());
    }
    const options common = named_options(program);
    out << "# bash completion of yunhu; in ~/.bashrc: source <(yunhu completion bash)\n"
           "_yunhu() {\n"
           "    local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= words= i\n"
           "    COMPREPLY=()\n"
           "    # Bash takes `:` and `=` for words of their own.\n"
           "    [[ $cur == : || $before == : ]] && return\n"
           "    [[ $cur == = ]] && cur=\n"
           "    [[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD - 2]}\n"
           "    for ((i = 1; i < COMP_CWORD; ++i)); do\n"
           "        case ${COMP_WORDS[i]} in\n"
           "        "
        << joined(names_of(with_value(common)), " | ")
        << ") ((++i)) ;;\n"
           "        "
        << joined(names, " | ")
        << ")\n"
           "            command=${COMP_WORDS[i]}\n"
           "            break ;;\n"
           "        esac\n"
           "    done\n"
           "    case $command,$before in\n";
    for (const CLI::App* sub : subcommands(program)) {
        print_bash_options(out, sub->get_name(), named_options(*sub));
    }
    print_bash_options(out, "*", common);
    for (const CLI::App* sub : subcommands(program)) {
        out << "    " << sub->get_name() << ",*)\n        words='" << joined(names_of(named_options(*sub)), " ") << ' '
            << joined(names_of(common), " ") << "'\n";
        if (const CLI::Option* first = positional(*sub)) {
            print_bash_positional(out, sub->get_name(), values_of(*first));
        }
        out << "        ;;\n";
    }
    out << "    *)\n"
           "        words='"
        << joined(names, " ")
        << "'\n"
           "        [[ $cur == -* ]] && words='"
        << joined(names_of(common), " ")
        << "' ;;\n"
           "    esac\n"
           "    [[ -z $words ]] || mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
           "}\n"
           "complete -F _yunhu yunhu\n";
}

void print_zsh_completion(std::ostream& out, const CLI::App& program) {
    out << "#compdef yunhu\n"
           "# zsh completion of yunhu; in ~/.zshrc, after compinit: source <(yunhu completion zsh)\n"
           "_yunhu_chats() { compadd -S '' -- user: group: bot: }\n"
           "_yunhu() {\n"
           "    local curcontext=\"$curcontext\" state\n"
           "    local -A opt_args\n"
           "    local -a commands=(";
    for (const CLI::App* sub : subcommands(program)) {
        out << "\n        " << in_single_quotes(sub->get_name() + ":" + sub->get_description());
    }
    out << ")\n"
           "    local -a common=(";
    for (const CLI::Option* o : named_options(program)) {
        print_zsh_option(out, *o);
    }
    out << ")\n"
           "    _arguments -C $common '1: :->command' '*:: :->arguments'\n"
           "    case $state in\n"
           "    command) _describe -t commands command commands ;;\n"
           "    arguments)\n"
           "        case $words[1] in\n";
    for (const CLI::App* sub : subcommands(program)) {
        out << "        " << sub->get_name() << ") _arguments $common";
        for (const CLI::Option* o : named_options(*sub)) {
            if (o != sub->get_help_ptr()) { // the program has it too
                print_zsh_option(out, *o);
            }
        }
        if (const CLI::Option* first = positional(*sub)) {
            const values v = values_of(*first);
            out << " '1: :" << zsh_values(v) << "'";
        }
        out << " ;;\n";
    }
    out << "        esac ;;\n"
           "    esac\n"
           "}\n"
           "if [[ $funcstack[1] == _yunhu ]]; then\n"
           "    _yunhu \"$@\"\n"
           "else\n"
           "    compdef _yunhu yunhu\n"
           "fi\n";
}

command completion_command(CLI::App& program) {
    const auto shell = std::make_shared<std::string>();
    CLI::App* app =
        program.add_subcommand("completion", message("Print the completion script for a shell").translated());
    app->add_option("shell", *shell, message("bash or zsh").translated())->type_name("bash|zsh")->required();
    app->footer(message("Permanently, in ~/.bashrc or in ~/.zshrc after compinit:").translated() +
                "\n  source <(yunhu completion bash)\n" + example_footer("completion bash > yunhu.bash"));
    const auto print = [shell, &program](const settings&) -> int {
        if (*shell == "bash") {
            print_bash_completion(std::cout, program);
        } else if (*shell == "zsh") {
            print_zsh_completion(std::cout, program);
        } else {
            std::cerr << "yunhu: " << message("completion: the shells are bash and zsh").translated() << '\n';
            return usage;
        }
        return std::cout.flush() ? fine : transport;
    };
    return {app, print, false};
}

} // namespace cli
