# One library a folder. Sources are found by name, so adding a file means putting it into its folder; the
# links given here are the only way to another folder's headers being used (see tests/lint/levels).
include_guard(GLOBAL)

add_library(rastro_options INTERFACE)
target_compile_features(rastro_options INTERFACE cxx_std_20)
target_include_directories(rastro_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(
  rastro_options
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wnon-virtual-dtor
            -Wold-style-cast
            -Werror
            $<$<CXX_COMPILER_ID:GNU>:-Wno-error=mismatched-new-delete>
            $<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>
            $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> # false on "a" + std::string in g++ 12 (GCC bug 105651)
            # g++ warns of members that a designated initialiser leaves at their default; clang does not.
            $<$<CXX_COMPILER_ID:GNU>:-Wno-missing-field-initializers>
            $<$<CONFIG:Debug>:-g1>)
# Every target sees the same macros: mixing them would break the one-definition rule.
target_compile_definitions(
  rastro_options
  INTERFACE BOOST_ASIO_SEPARATE_COMPILATION
            BOOST_BEAST_SEPARATE_COMPILATION
            BOOST_ASIO_NO_DEPRECATED
            SPDLOG_FMT_EXTERNAL
            SPDLOG_COMPILED_LIB
            # An empty optional read, or the front of an empty list, stops the process with its
            # place instead of reading a stranger's memory; in the delivered build too.
            _GLIBCXX_ASSERTIONS)
if(RASTRO_SANITIZE)
  string(REPLACE "," ";" _kinds "${RASTRO_SANITIZE}")
  target_compile_options(rastro_options INTERFACE -fsanitize=${RASTRO_SANITIZE}
                                                  -fno-omit-frame-pointer -O1)
  target_link_options(rastro_options INTERFACE -fsanitize=${RASTRO_SANITIZE})
  if("undefined" IN_LIST _kinds)
    # Debian's SOCI is built without run-time type information that vptr checks need.
    target_compile_options(rastro_options INTERFACE -fno-sanitize=vptr
                                                    -fno-sanitize-recover=undefined)
  endif()
  if("thread" IN_LIST _kinds)
    target_compile_options(rastro_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
endif()
if(RASTRO_FUZZ)
  target_compile_options(rastro_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# rastro_library(NAME FOLDER PUBLIC libs... PRIVATE libs...)
function(rastro_library name)
  cmake_parse_arguments(arg "RECURSE" "FOLDER" "PUBLIC;PRIVATE;EXCLUDE" ${ARGN})
  if(NOT arg_FOLDER)
    set(arg_FOLDER ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  if(arg_RECURSE)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${arg_FOLDER}/*.cpp)
  else()
    file(GLOB sources CONFIGURE_DEPENDS ${arg_FOLDER}/*.cpp)
  endif()
  foreach(excluded IN LISTS arg_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${excluded}")
  endforeach()
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PUBLIC rastro_options ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
endfunction()

# rastro_embed(TARGET SYMBOL FILE): the file's bytes become  rastro::embedded::SYMBOL()  -> std::string_view.
# .incbin keeps large files out of the compiler (1.7 MB in 0.25 s against 2.7 s for an array).
function(rastro_embed target symbol file)
  get_filename_component(path ${file} ABSOLUTE)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol})
  file(
    CONFIGURE
    OUTPUT ${out}.S
    CONTENT
      ".section .rodata\n.balign 16\n.global rastro_embedded_${symbol}_begin\n.global rastro_embedded_${symbol}_end\nrastro_embedded_${symbol}_begin:\n.incbin \"${path}\"\nrastro_embedded_${symbol}_end:\n.byte 0\n.section .note.GNU-stack,\"\",%progbits\n"
    @ONLY)
  file(
    CONFIGURE
    OUTPUT ${out}.cpp
    CONTENT
      "#include <string_view>\nextern \"C\" const char rastro_embedded_${symbol}_begin[];\nextern \"C\" const char rastro_embedded_${symbol}_end[];\nnamespace rastro::embedded {\nstd::string_view ${symbol}();\nstd::string_view ${symbol}() {\n    return {rastro_embedded_${symbol}_begin, static_cast<std::size_t>(rastro_embedded_${symbol}_end - rastro_embedded_${symbol}_begin)};\n}\n}\n"
    @ONLY)
  set_source_files_properties(${out}.S PROPERTIES OBJECT_DEPENDS ${path})
  target_sources(${target} PRIVATE ${out}.S ${out}.cpp)
endfunction()

# rastro_test(NAME LABEL LIBS... [SOURCES ...]): one doctest binary from the .cpp files of the current folder.
function(rastro_test name)
  cmake_parse_arguments(arg "RECURSE" "LABEL;FOLDER;TIMEOUT" "LIBS;EXCLUDE" ${ARGN})
  if(NOT arg_FOLDER)
    set(arg_FOLDER ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 600) # seconds mostly; sanitizers and a busy machine many times that
  endif()
  if(arg_RECURSE)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${arg_FOLDER}/*.cpp)
  else()
    file(GLOB sources CONFIGURE_DEPENDS ${arg_FOLDER}/*.cpp)
  endif()
  foreach(excluded IN LISTS arg_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${excluded}")
  endforeach()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE rastro_options rastro_doctest_main ${arg_LIBS})
  # Where tests find files of the tree, whatever folder they are run in.
  target_compile_definitions(${name} PRIVATE RASTRO_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT})
endfunction()
