# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# Headers of others that most files of a set include, parsed once per set. Never our own: a test of a pure machine must
# not be compiled again because the client's header has changed. Without them everything compiles as well, which CI's
# clang-tidy proves (CMAKE_DISABLE_PRECOMPILE_HEADERS): a file includes what it uses. Loading a set costs GCC about a
# third of parsing it, so files that use little of it are better off without.
set(yunhu_asio_headers
  <boost/asio/any_completion_handler.hpp> <boost/asio/any_io_executor.hpp> <boost/asio/awaitable.hpp>
  <boost/asio/bind_cancellation_slot.hpp> <boost/asio/cancellation_signal.hpp> <boost/asio/co_spawn.hpp>
  <boost/asio/error.hpp> <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp> <boost/asio/post.hpp>
  <boost/asio/signal_set.hpp> <boost/asio/steady_timer.hpp> <boost/asio/thread_pool.hpp>
  <boost/asio/use_awaitable.hpp> <boost/asio/use_future.hpp>)
set(yunhu_std_headers
  <algorithm> <array> <atomic> <chrono> <cstdint> <exception> <filesystem> <fstream> <functional> <future> <iostream>
  <map> <memory> <mutex> <optional> <random> <set> <span> <sstream> <stdexcept> <string> <string_view> <thread>
  <utility> <variant> <vector>)

# yunhu_precompiled_set(name HEADERS header... [LIBRARIES target...])
function(yunhu_precompiled_set name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;LIBRARIES")
  set(source "${PROJECT_BINARY_DIR}/${name}.cpp")
  file(CONFIGURE OUTPUT "${source}" CONTENT "// has only the precompiled headers\n")
  add_library(${name} OBJECT EXCLUDE_FROM_ALL "${source}")
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_link_libraries(${name} PRIVATE yunhu_ours ${arg_LIBRARIES})
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()
