# The one place for compiler flags, and the functions with which every room and every test is made.

add_library(earmark_options INTERFACE)
target_compile_features(earmark_options INTERFACE cxx_std_20)
target_compile_options(earmark_options INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Werror=switch -Werror=unused-result -Werror=return-type)
target_compile_definitions(earmark_options INTERFACE
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_CAST_FROM_BYTEARRAY
  QT_USE_QSTRINGBUILDER QT_STRICT_ITERATORS QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_NO_KEYWORDS QT_NO_FOREACH
  QT_DISABLE_DEPRECATED_BEFORE=0x060400
  EARMARK_VERSION="${PROJECT_VERSION}")
target_include_directories(earmark_options INTERFACE "${PROJECT_SOURCE_DIR}")
if(EARMARK_SANITIZE)
  # No recovery: a report that does not end the program could not fail a test.
  target_compile_options(earmark_options INTERFACE
    -fsanitize=${EARMARK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(earmark_options INTERFACE -fsanitize=${EARMARK_SANITIZE})
endif()

# earmark_room(<name> SOURCES ... [LINKS ...]): one static library per room, so that a room can be built and tested
# alone and the linker sees which rooms it needs.
function(earmark_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS" ${ARGN})
  add_library(earmark_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(earmark_${name} PUBLIC earmark_options ${ROOM_LINKS})
endfunction()

# What sanitized programs of tests are told, children included: an exit code that nothing else uses, so that a report in
# the program under test fails the test that ran it.
set(earmark_test_environment "QT_QPA_PLATFORM=offscreen" "TZ=UTC" "LC_ALL=C.UTF-8")
if(EARMARK_SANITIZE)
  set(suppressions "${PROJECT_SOURCE_DIR}/tests/sanitizers")
  list(APPEND earmark_test_environment
    "ASAN_OPTIONS=exitcode=97:detect_leaks=1"
    "LSAN_OPTIONS=exitcode=97:print_suppressions=0:suppressions=${suppressions}/leaks.supp"
    "UBSAN_OPTIONS=exitcode=97:halt_on_error=1:print_stacktrace=1"
    "TSAN_OPTIONS=exitcode=97:halt_on_error=1:second_deadlock_stack=1:suppressions=${suppressions}/tsan.supp")
endif()

# earmark_test(<name> SOURCES ... [LINKS ...] [LABELS ...]): one QtTest program, run offscreen.
function(earmark_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINKS;LABELS" ${ARGN})
  # Only for what hangs: no test takes a minute on a machine that does nothing else.
  set(timeout 300)
  if(EARMARK_SANITIZE)
    set(timeout 900)  # several times slower; a limit of its own counts more than "ctest --timeout"
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE earmark_options ${TEST_LINKS} Qt6::Test)
  target_compile_definitions(${name} PRIVATE QT_FORCE_ASSERTS
    EARMARK_SOURCE_DIR="${PROJECT_SOURCE_DIR}" EARMARK_SHARED_DIR="${PROJECT_SOURCE_DIR}/../shared")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${timeout} LABELS "${TEST_LABELS}"
    ENVIRONMENT "${earmark_test_environment};EARMARK_PROGRAM=${PROJECT_BINARY_DIR}/app/earmark")
endfunction()
