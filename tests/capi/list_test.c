/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "check.h"

static const shmv_segment_info* find(const shmv_list* list, const char* name) {
  size_t i;
  for (i = 0; i < shmv_list_count(list); ++i)
    if (strcmp(shmv_list_at(list, i)->name, name) == 0) return shmv_list_at(list, i);
  return NULL;
}

static void segments_are_listed_with_what_is_known_of_them(void) {
  const char *name = new_name(), *empty = new_name();
  shmv_writer *writer = new_writer(name, 4), *idle = new_writer(empty, 2);
  shmv_reader* reader = new_reader(name, SHMV_GRADE_HOLD, SHMV_ORDER_NEWEST, SHMV_START_NEXT);
  shmv_list* list;
  const shmv_segment_info* info;
  publish(writer, 1, 1000000000);
  publish(writer, 2, 1100000000);
  publish(writer, 3, 1200000000);
  CHECK_RESULT(shmv_writer_drop(writer, SHMV_DROP_LATE, 2), SHMV_OK);
  CHECK_RESULT(shmv_list_open(NULL, &list), SHMV_OK);
  CHECK(find(list, empty) && !find(list, "not there") && !shmv_list_at(list, shmv_list_count(list)));
  info = find(list, name);
  CHECK(info && info->struct_bytes == sizeof *info && info->stream.struct_bytes == sizeof info->stream);
  CHECK(info->state == SHMV_SEGMENT_LIVE && info->source_state == SHMV_SOURCE_OK && info->slot_count == 4);
  CHECK(info->latest == 3 && info->published == 3 && info->dropped == 2 && info->readers == 1);
  CHECK(info->fps > 9.9 && info->fps < 10.1 && info->last_frame_age_ns < UINT64_MAX);
  CHECK(info->writer_pid == (uint32_t)getpid() && info->generation == 1 && info->stream.width == WIDTH);
  CHECK(strcmp(info->program, "capi") == 0 && strcmp(info->source, "a test") == 0);
  CHECK(strstr(info->path, name) && access(info->path, R_OK) == 0);
  CHECK(find(list, empty)->last_frame_age_ns == UINT64_MAX && find(list, empty)->fps == 0);
  shmv_writer_close(idle);
  shmv_list_free(list);

  CHECK_RESULT(shmv_list_open(name, &list), SHMV_OK);
  CHECK(shmv_list_count(list) == 1 && find(list, name));
  shmv_list_free(list);
  CHECK_RESULT(shmv_list_open(empty, &list), SHMV_ERROR_NOT_FOUND);
  CHECK(list == NULL);
  shmv_reader_detach(reader);
  shmv_writer_close(writer);
}

static void a_leftover_is_removed_and_a_living_one_is_not(void) {
  const char* name = new_name();
  peer writer = peer_start(name);
  shmv_list* list;
  CHECK_RESULT(shmv_remove(name), SHMV_ERROR_WRITER_EXISTS);
  peer_kill(&writer);
  CHECK_RESULT(shmv_list_open(name, &list), SHMV_OK);
  CHECK(shmv_list_at(list, 0)->state == SHMV_SEGMENT_DEAD);
  shmv_list_free(list);
  CHECK_RESULT(shmv_remove(name), SHMV_OK);
  CHECK_RESULT(shmv_list_open(name, &list), SHMV_ERROR_NOT_FOUND);
  CHECK_RESULT(shmv_remove(name), SHMV_ERROR_NOT_FOUND);
}

int main(void) {
  RUN(segments_are_listed_with_what_is_known_of_them);
  RUN(a_leftover_is_removed_and_a_living_one_is_not);
  return 0;
}
