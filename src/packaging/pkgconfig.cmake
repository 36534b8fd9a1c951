# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# yunhu.pc, yunhu-testing.pc, and those of the outbox's libraries that are built. They find their folder by themselves: `cmake --install --prefix` may choose another.
set(pc_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH pc_prefix "/prefix/${pc_dir}" "/prefix")
if(BUILD_SHARED_LIBS)
  set(pc_requires "")
  set(pc_libs "-pthread")
  set(pc_outbox_requires "")
  set(pc_postgres_requires "")
else()
  # One of the two is installed, never both: what a static one needs is not private, so that nobody has to know of
  # `pkg-config --static`.
  set(pc_requires "openssl >= 3.0, protobuf-lite")
  set(pc_libs "-lboost_json -lboost_url -pthread")
  set(pc_outbox_requires ", sqlite3 >= 3.37")
  set(pc_postgres_requires ", libpq >= 15")
endif()
set(pc_names yunhu yunhu-testing)
if(YUNHU_OUTBOX)
  list(APPEND pc_names yunhu-outbox)
  if(YUNHU_OUTBOX_POSTGRES)
    list(APPEND pc_names yunhu-outbox-postgres)
  endif()
endif()
foreach(name IN LISTS pc_names)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/${name}.pc.in" "${CMAKE_CURRENT_BINARY_DIR}/${name}.pc" @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${name}.pc" DESTINATION "${pc_dir}" COMPONENT yunhu_development)
endforeach()
