// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/client.hpp>
#include <yunhu/download.hpp>
#include <yunhu/upload.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <signal.h>
#include <unistd.h>

// transfer_child up|down PORT CA_FILE TOKEN FILE DIE_AFTER PARALLEL
// up: uploads FILE by parts of 1 MiB, with the record FILE.record, so many at once. down: downloads the key `big.bin`
// to FILE. With DIE_AFTER > 0 it kills itself when so many bytes of this run have been transferred. Prints the number
// of parts that it has sent and the key, or the bytes that were there before.

namespace {

constexpr std::uint64_t mib = 1U << 20U;

// Counts the bytes of this run; what an earlier one has left is not among them.
class killer {
public:
    explicit killer(std::uint64_t after) : after_(after) {}

    void on_progress(const yunhu::transfer_progress& at) {
        first_ = first_ ? first_ : at.done;
        if (after_ > 0 && at.done - std::min(at.done, *first_) >= after_) {
            ::kill(::getpid(), SIGKILL);
        }
    }

private:
    std::uint64_t after_;
    std::optional<std::uint64_t> first_;
};

int run(const std::vector<std::string>& arguments) {
    yunhu::client_config config(yunhu::secret(arguments.at(3)));
    config.base_url = "https://127.0.0.1:" + arguments.at(1);
    config.connect_to["*"] = "127.0.0.1:" + arguments.at(1);
    config.tls.ca_file = arguments.at(2);
    const std::string& file = arguments.at(4);
    const auto death = std::make_shared<killer>(std::stoull(arguments.at(5)));
    boost::asio::io_context context;
    const yunhu::client through(context, config);
    int status = EXIT_FAILURE;
    const auto end = [&status](yunhu::error_code ec, const yunhu::call_info& info, std::uint64_t number,
                               const std::string& key) {
        if (ec) {
            std::cerr << yunhu::failure(ec, info) << '\n';
            return;
        }
        std::cout << number << ' ' << key << std::endl;
        status = EXIT_SUCCESS;
    };
    if (arguments.at(0) == "up") {
        yunhu::upload_options options;
        options.part_size = mib;
        options.form_limit = mib;
        options.check_limits = false;
        options.parallel_parts = static_cast<unsigned>(std::stoul(arguments.at(6)));
        options.resume_file = file + ".record";
        options.progress = [death](const yunhu::transfer_progress& at) { death->on_progress(at); };
        yunhu::upload(through, std::filesystem::path(file), options,
                      [end](yunhu::error_code ec, const yunhu::uploaded_file& done) {
                          end(ec, done, done.parts_sent, done.key);
                      });
    } else {
        yunhu::download_options options;
        options.progress = [death](const yunhu::transfer_progress& at) { death->on_progress(at); };
        yunhu::download(through, "https://chat-file.jwznb.com/big.bin", std::filesystem::path(file), options,
                        [end](yunhu::error_code ec, const yunhu::downloaded_file& done) {
                            end(ec, done, done.resumed, done.hash);
                        });
    }
    while (status != EXIT_SUCCESS && context.run_one() > 0) {}
    return status;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return EXIT_FAILURE;
    }
}
