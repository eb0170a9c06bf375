# SPDX-License-Identifier: Apache-2.0

# gyr_add_plugin(NAME SOURCES...) builds the plugin libNAME.so, which exports nothing but
# the functions of the plugin interface.
function(gyr_add_plugin name)
  find_package(Threads REQUIRED)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE gyr::sdk Threads::Threads)
  set_target_properties(${name} PROPERTIES
    PREFIX lib
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
endfunction()
