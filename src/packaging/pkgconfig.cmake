# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# yunhu.pc and yunhu-testing.pc. They find their folder by themselves: `cmake --install --prefix` may choose another.
set(pc_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH pc_prefix "/prefix/${pc_dir}" "/prefix")
if(BUILD_SHARED_LIBS)
  set(pc_requires "")
  set(pc_libs "-pthread")
else()
  # One of the two is installed, never both: what a static one needs is not private, so that nobody has to know of
  # `pkg-config --static`.
  set(pc_requires "openssl >= 3.0, protobuf-lite")
  set(pc_libs "-lboost_json -lboost_url -pthread")
endif()
foreach(name IN ITEMS yunhu yunhu-testing)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/${name}.pc.in" "${CMAKE_CURRENT_BINARY_DIR}/${name}.pc" @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${name}.pc" DESTINATION "${pc_dir}" COMPONENT yunhu_development)
endforeach()
