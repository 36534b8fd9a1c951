// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <boost/asio/detail/config.hpp>
#include <boost/version.hpp>

// Settings that change the layout of types of Boost and of the standard library. A program and the library must be
// compiled with the same ones: otherwise the program crashes, or its calls never complete. So each file that includes
// this header refers to a function with the settings in its name, and the library defines the one with its own: a
// mismatch is an error of the linker, which prints both.

YUNHU_NAMESPACE_BEGIN
namespace detail {

template <int MajorMinor> struct boost_version {};
template <bool> struct rtti {};
template <bool> struct asio_threads {};
template <bool> struct asio_epoll {};
template <bool> struct asio_eventfd {};
template <bool> struct asio_io_uring {};
template <bool> struct asio_handler_tracking {};
template <bool> struct glibcxx_debug {};

#if defined(BOOST_ASIO_NO_TYPEID)
using used_rtti = rtti<false>;
#else
using used_rtti = rtti<true>;
#endif
#if defined(BOOST_ASIO_HAS_THREADS)
using used_threads = asio_threads<true>;
#else
using used_threads = asio_threads<false>;
#endif
#if defined(BOOST_ASIO_HAS_EPOLL)
using used_epoll = asio_epoll<true>;
#else
using used_epoll = asio_epoll<false>;
#endif
#if defined(BOOST_ASIO_HAS_EVENTFD)
using used_eventfd = asio_eventfd<true>;
#else
using used_eventfd = asio_eventfd<false>;
#endif
#if defined(BOOST_ASIO_HAS_IO_URING)
using used_io_uring = asio_io_uring<true>;
#else
using used_io_uring = asio_io_uring<false>;
#endif
#if defined(BOOST_ASIO_ENABLE_HANDLER_TRACKING)
using used_handler_tracking = asio_handler_tracking<true>;
#else
using used_handler_tracking = asio_handler_tracking<false>;
#endif
#if defined(_GLIBCXX_DEBUG)
using used_containers = glibcxx_debug<true>;
#else
using used_containers = glibcxx_debug<false>;
#endif

YUNHU_EXPORT void library_was_built_with(boost_version<BOOST_VERSION / 100>, used_rtti, used_threads, used_epoll,
                                         used_eventfd, used_io_uring, used_handler_tracking, used_containers) noexcept;

#if defined(__GNUC__)
[[gnu::used]] inline constexpr auto checked_by_the_linker = &library_was_built_with;
#endif

} // namespace detail
YUNHU_NAMESPACE_END
