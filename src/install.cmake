# What `cmake --install` lays down: both libraries, the headers, and a package for find_package(yunhu).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/yunhu")

install(TARGETS yunhu yunhu_testing EXPORT yunhuTargets INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/yunhu" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.hpp")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(EXPORT yunhuTargets NAMESPACE yunhu:: DESTINATION "${package_dir}")

configure_package_config_file(
  "${CMAKE_CURRENT_SOURCE_DIR}/yunhuConfig.cmake.in" "${CMAKE_CURRENT_BINARY_DIR}/yunhuConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/yunhuConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/yunhuConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/yunhuConfigVersion.cmake"
  DESTINATION "${package_dir}")
