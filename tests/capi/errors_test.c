/* SPDX-License-Identifier: Apache-2.0 */
/* Every error code, from what causes it. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static int attach(const char* name) {
  shmv_reader* reader;
  const int result = shmv_reader_attach(name, NULL, &reader);
  shmv_reader_detach(reader);
  return result;
}

static int create(const char* name, uint64_t capacity) {
  shmv_writer_options options = SHMV_WRITER_OPTIONS_INIT;
  shmv_writer* writer;
  int result;
  options.slot_capacity_bytes = capacity;
  result = shmv_writer_create(name, &options, &writer);
  shmv_writer_close(writer);
  return result;
}

/* Runs a test in a process of its own, because it changes what belongs to the process. */
static void in_a_process_of_its_own(void (*test)(const char*), const char* name) {
  int status;
  const pid_t child = fork();
  if (child == 0) {
    test(name);
    _exit(0);
  }
  CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void results_have_names(void) {
  static const struct {
    int result;
    int number; /* that programs were compiled with */
    const char* name;
  } names[] = {{SHMV_OK, 0, "ok"},
               {SHMV_TIMEOUT, 1, "timeout"},
               {SHMV_STALLED, 2, "stalled"},
               {SHMV_WRITER_GONE, 3, "writer_gone"},
               {SHMV_CLOSED, 4, "closed"},
               {SHMV_TOO_LARGE, 5, "too_large"},
               {SHMV_NO_SLOT, 6, "no_slot"},
               {SHMV_ERROR_INVALID_ARGUMENT, -1, "invalid_argument"},
               {SHMV_ERROR_INVALID_NAME, -2, "invalid_name"},
               {SHMV_ERROR_NOT_FOUND, -3, "not_found"},
               {SHMV_ERROR_PERMISSION_DENIED, -4, "permission_denied"},
               {SHMV_ERROR_NOT_A_SEGMENT, -5, "not_a_segment"},
               {SHMV_ERROR_INCOMPATIBLE, -6, "incompatible"},
               {SHMV_ERROR_CORRUPT, -7, "corrupt"},
               {SHMV_ERROR_WRITER_EXISTS, -8, "writer_exists"},
               {SHMV_ERROR_OWNED_BY_OTHER_USER, -9, "owned_by_other_user"},
               {SHMV_ERROR_NO_SPACE, -10, "no_space"},
               {SHMV_ERROR_NO_PLACE, -11, "no_place"},
               {SHMV_ERROR_CANCELLED, -13, "cancelled"},
               {SHMV_ERROR_SYSTEM, -15, "system"},
               {SHMV_ERROR_OUT_OF_MEMORY, -16, "out_of_memory"},
               {SHMV_ERROR_REVOKED, -17, "revoked"},
               {SHMV_ERROR_NO_FRAME, -18, "no_frame"},
               {7, 7, "unknown"},
               {-19, -19, "unknown"},
               {INT32_MIN, INT32_MIN, "unknown"}};
  size_t i;
  for (i = 0; i < sizeof names / sizeof names[0]; ++i) {
    CHECK(names[i].result == names[i].number);
    CHECK(strcmp(shmv_result_name(names[i].result), names[i].name) == 0);
  }
  CHECK(shmv_version()[0] >= '0' && shmv_version()[0] <= '9');
}

static void names_that_are_none_and_segments_that_are_not_there(void) {
  CHECK_RESULT(attach("../etc/passwd"), SHMV_ERROR_INVALID_NAME);
  CHECK_RESULT(create("a/b", 1000), SHMV_ERROR_INVALID_NAME);
  CHECK_RESULT(attach(new_name()), SHMV_ERROR_NOT_FOUND);
  CHECK(strstr(shmv_last_error(), "capi-") && shmv_last_errno() == ENOENT);
}

static void* fail_elsewhere(void* unused) {
  CHECK(shmv_last_error()[0] == '\0');
  CHECK_RESULT(attach("../elsewhere"), SHMV_ERROR_INVALID_NAME);
  CHECK(strstr(shmv_last_error(), "elsewhere"));
  return unused;
}

static void errors_are_the_threads_own(void) {
  pthread_t other;
  CHECK_RESULT(attach("not-there"), SHMV_ERROR_NOT_FOUND);
  CHECK(pthread_create(&other, NULL, fail_elsewhere, NULL) == 0 && pthread_join(other, NULL) == 0);
  CHECK(strstr(shmv_last_error(), "not-there"));
}

static void null_is_an_error_and_not_a_crash(void) {
  shmv_frame* frame = shmv_frame_new();
  shmv_reader* reader;
  shmv_writer* writer;
  shmv_loan* loan;
  shmv_set* set;
  uint8_t ready = 0;
  size_t bytes = 0;
  const int bad = SHMV_ERROR_INVALID_ARGUMENT;
  CHECK_RESULT(shmv_set_new(&set), SHMV_OK);
  CHECK(shmv_frame_info_packed(shmv_format_fourcc("BGR24"), 1, 1, NULL) == bad);
  CHECK(shmv_format_fourcc(NULL) == 0);
  CHECK(!shmv_frame_info_of(NULL) && !shmv_frame_bytes(NULL) && !shmv_frame_is_held(NULL));
  CHECK(shmv_frame_valid(NULL) == bad && shmv_frame_copy(NULL, &ready, 1) == bad);
  CHECK(shmv_frame_copy(frame, NULL, 1) == bad && shmv_frame_plane(NULL, 0, NULL) == bad);
  shmv_frame_free(NULL);
  shmv_frame_release(NULL);
  shmv_frame_move(NULL, frame);
  CHECK(shmv_reader_attach(NULL, NULL, &reader) == bad && shmv_reader_attach("a", NULL, NULL) == bad);
  CHECK(shmv_reader_next(NULL, frame, 0) == bad && shmv_reader_fd(NULL) == bad);
  shmv_reader_detach(NULL);
  shmv_reader_interrupt(NULL);
  CHECK(shmv_reader_stream(NULL, NULL) == bad && shmv_reader_statistics_of(NULL, NULL) == bad);
  CHECK(shmv_reader_state(NULL) == bad && shmv_reader_source_state(NULL) == bad);
  CHECK(shmv_reader_generation(NULL) == 0 && shmv_reader_extradata(NULL, NULL, &bytes) == bad);
  CHECK(shmv_reader_request_key(NULL) == bad);
  CHECK(shmv_set_new(NULL) == bad && shmv_set_add(set, NULL) == bad && shmv_set_add(NULL, NULL) == bad);
  CHECK(shmv_set_wait(NULL, &ready, 1, 0) == bad && shmv_set_wait(set, NULL, 1, 0) == bad);
  CHECK(shmv_set_pair(NULL, &frame, 1, 0, 0) == bad && shmv_set_pair(set, NULL, 0, 0, 0) == bad);
  CHECK(shmv_set_pair(set, &frame, 0, 0, 0) == bad);
  shmv_set_free(NULL);
  CHECK(shmv_writer_create(NULL, NULL, &writer) == bad && shmv_writer_create("a", NULL, NULL) == bad);
  CHECK(shmv_writer_create("a", NULL, &writer) == bad && shmv_writer_publish(NULL, NULL, NULL) == bad);
  shmv_writer_close(NULL);
  shmv_writer_progress(NULL);
  CHECK(shmv_writer_loan(NULL, &loan) == bad && !shmv_loan_bytes(NULL) && shmv_loan_capacity(NULL) == 0);
  CHECK(shmv_loan_publish(NULL, NULL) == bad);
  shmv_loan_abandon(NULL);
  CHECK(shmv_writer_reserve(NULL, NULL, 0) == bad && shmv_writer_drop(NULL, 0, 1) == bad);
  CHECK(shmv_writer_set_source_state(NULL, 1) == bad && shmv_writer_set_frame_interval(NULL, 1) == bad);
  CHECK(shmv_writer_set_extradata(NULL, NULL, 0) == bad && shmv_writer_key_requests(NULL) == 0);
  CHECK(shmv_writer_statistics_of(NULL, NULL) == bad);
  CHECK(shmv_list_open(NULL, NULL) == bad && shmv_list_count(NULL) == 0 && !shmv_list_at(NULL, 0));
  CHECK(shmv_remove(NULL) == bad);
  shmv_list_free(NULL);
  writer = new_writer(new_name(), 2);
  CHECK(shmv_writer_publish(writer, NULL, &ready) == bad && shmv_writer_reserve(writer, NULL, 0) == bad);
  CHECK(shmv_writer_loan(writer, NULL) == bad && shmv_writer_set_extradata(writer, NULL, 1) == bad);
  CHECK(shmv_writer_statistics_of(writer, NULL) == bad);
  shmv_writer_close(writer);
  CHECK(strstr(shmv_last_error(), "NULL"));
  shmv_set_free(set);
  shmv_frame_free(frame);
}

static void a_name_has_one_writer(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 2);
  CHECK_RESULT(create(name, 1000), SHMV_ERROR_WRITER_EXISTS);
  shmv_writer_close(writer);
}

static void an_observer_cannot_ask_for_key_frames(void) {
  const char* name = new_name();
  shmv_writer* writer = new_writer(name, 2);
  shmv_reader_options options = SHMV_READER_OPTIONS_INIT;
  shmv_reader* reader;
  options.present = 0;
  CHECK_RESULT(shmv_reader_attach(name, &options, &reader), SHMV_OK);
  CHECK_RESULT(shmv_reader_request_key(reader), SHMV_ERROR_PERMISSION_DENIED);
  shmv_reader_detach(reader);
  shmv_writer_close(writer);
}

/* Changes one byte of a living segment's file; the writer, who looks at none of it again, goes on. */
static void poke(const char* name, off_t at, char byte) {
  shmv_list* list;
  int file;
  CHECK_RESULT(shmv_list_open(name, &list), SHMV_OK);
  file = open(shmv_list_at(list, 0)->path, O_RDWR | O_CLOEXEC);
  CHECK(file >= 0 && pwrite(file, &byte, 1, at) == 1 && close(file) == 0);
  shmv_list_free(list);
}

static void files_that_are_no_segments_are_told_from_damaged_ones(void) {
  const char *damaged = new_name(), *newer = new_name(), *foreign = new_name();
  shmv_writer *first = new_writer(damaged, 2), *second = new_writer(newer, 2),
              *third = new_writer(foreign, 2);
  poke(damaged, offsetof(shmv_header, slot_count), 77);
  CHECK_RESULT(attach(damaged), SHMV_ERROR_CORRUPT);
  poke(newer, offsetof(shmv_header, abi_major), SHMV_ABI_MAJOR + 1);
  CHECK_RESULT(attach(newer), SHMV_ERROR_INCOMPATIBLE);
  poke(foreign, offsetof(shmv_header, magic), 'x');
  CHECK_RESULT(attach(foreign), SHMV_ERROR_NOT_A_SEGMENT);
  shmv_writer_close(first);
  shmv_writer_close(second);
  shmv_writer_close(third);
}

static void more_than_there_is_cannot_be_had(void) {
  CHECK_RESULT(create(new_name(), UINT64_C(1) << 37), SHMV_ERROR_NO_SPACE);
}

static void look_without_a_place(const char* name) {
  CHECK(setenv("SHM_VIDEO_DIR", "/proc/no/such/place", 1) == 0);
  CHECK_RESULT(create(name, 1000), SHMV_ERROR_NO_PLACE);
}

static void attach_without_descriptors(const char* name) {
  const struct rlimit none = {0, 0};
  CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
  CHECK_RESULT(attach(name), SHMV_ERROR_SYSTEM);
  CHECK(shmv_last_errno() == EMFILE);
}

static void attach_as_nobody(const char* name) {
  CHECK(setgid(65534) == 0 && setuid(65534) == 0);
  CHECK_RESULT(attach(name), SHMV_ERROR_PERMISSION_DENIED);
}

static void take_over_as_nobody(const char* name) {
  CHECK(setgid(65534) == 0 && setuid(65534) == 0);
  CHECK_RESULT(create(name, 1000), SHMV_ERROR_OWNED_BY_OTHER_USER);
}

/* Sanitizers need more of the address space than there is left. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
static void attach_without_memory(const char* name) {
  const size_t much = (size_t)256 << 20;
  struct rlimit limit;
  shmv_reader_options options = SHMV_READER_OPTIONS_INIT;
  shmv_reader* reader;
  char* program = malloc(much);
  CHECK(program != NULL);
  memset(program, 'a', much - 1);
  program[much - 1] = '\0';
  limit.rlim_cur = limit.rlim_max = much + much / 2; /* not enough to copy it */
  CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
  options.program = program;
  CHECK_RESULT(shmv_reader_attach(name, &options, &reader), SHMV_ERROR_OUT_OF_MEMORY);
}
#endif

static void what_the_process_may_and_has(void) {
  const char* name = new_name();
  shmv_writer_options options = SHMV_WRITER_OPTIONS_INIT;
  shmv_writer* writer;
  peer dying;
  options.slot_capacity_bytes = 1000;
  options.mode = 0600;
  CHECK_RESULT(shmv_writer_create(name, &options, &writer), SHMV_OK);
  in_a_process_of_its_own(look_without_a_place, name);
  in_a_process_of_its_own(attach_without_descriptors, name);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  in_a_process_of_its_own(attach_without_memory, name);
#endif
  if (geteuid() == 0) in_a_process_of_its_own(attach_as_nobody, name);
  shmv_writer_close(writer);
  if (geteuid() != 0) return;
  name = new_name();
  dying = peer_start(name);
  peer_kill(&dying);
  in_a_process_of_its_own(take_over_as_nobody, name);
  CHECK_RESULT(shmv_remove(name), SHMV_OK);
}

int main(void) {
  RUN(results_have_names);
  RUN(names_that_are_none_and_segments_that_are_not_there);
  RUN(errors_are_the_threads_own);
  RUN(null_is_an_error_and_not_a_crash);
  RUN(a_name_has_one_writer);
  RUN(an_observer_cannot_ask_for_key_frames);
  RUN(files_that_are_no_segments_are_told_from_damaged_ones);
  RUN(more_than_there_is_cannot_be_had);
  RUN(what_the_process_may_and_has);
  return 0;
}
