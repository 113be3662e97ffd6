// SPDX-License-Identifier: Apache-2.0
// In the place of libc's, for everything in this program: outside of executions the real ones.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <thread>

#include "machine/arena.hpp"
#include "machine/machine.hpp"
#include "shmvideo/layout.h"
#include "transport/quiet_thread.hpp"

using scheduler::Machine;
namespace arena = scheduler::arena;

namespace {

constexpr long kFutexWaitv = 449;

struct WaitvEntry {
  std::uint64_t value;
  std::uint64_t address;
  std::uint32_t flags;
  std::uint32_t reserved;
};

template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

std::uint64_t inode_of(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? status.st_ino : 0;
}

std::uint64_t to_ns(const timespec* time) {
  if (!time) return UINT64_MAX;
  return static_cast<std::uint64_t>(time->tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(time->tv_nsec);
}

bool is_readers_file(int fd) {
  static auto* const next = real<ssize_t(int, void*, size_t, off_t)>("pread");
  std::uint64_t magic = 0;
  return next(fd, &magic, sizeof magic, 0) == sizeof magic && magic == SHMV_READERS_MAGIC;
}

long answer(int error) {
  if (error == 0) return 0;
  errno = error;
  return -1;
}

long wait(const scheduler::SleepWords& on, const void* timeout) {
  return answer(Machine::get().futex_wait(on, to_ns(static_cast<const timespec*>(timeout))));
}

/// Threads that the library started while the world was set up sleep in the machine, too.
bool is_ours() { return Machine::get().is_running() || Machine::get().is_starting(); }

}  // namespace

extern "C" ssize_t pread(int fd, void* to, size_t bytes, off_t at) {
  static auto* const next = real<ssize_t(int, void*, size_t, off_t)>("pread");
  const ssize_t got = next(fd, to, bytes, at);
  Machine& machine = Machine::get();
  if (got <= 0 || !machine.is_running()) return got;
  const std::uint64_t inode = inode_of(fd);
  if (inode == machine.readers_inode())
    machine.file_read(static_cast<std::size_t>(at), static_cast<std::size_t>(got),
                      static_cast<unsigned char*>(to));
  else
    machine.overlay_segment(inode, static_cast<std::size_t>(at), static_cast<std::size_t>(got),
                            static_cast<unsigned char*>(to));
  return got;
}

extern "C" ssize_t pwrite(int fd, const void* from, size_t bytes, off_t at) {
  static auto* const next = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  Machine& machine = Machine::get();
  if (!machine.is_running()) return next(fd, from, bytes, at);
  const std::uint64_t inode = inode_of(fd);
  if (inode == machine.readers_inode()) {
    machine.file_write(static_cast<std::size_t>(at), bytes, static_cast<const unsigned char*>(from));
    return static_cast<ssize_t>(bytes);
  }
  if (machine.addresses().find_in_segment(inode, static_cast<std::size_t>(at)) && bytes == 4) {
    machine.write_segment(inode, static_cast<std::size_t>(at), *static_cast<const std::uint32_t*>(from));
    return static_cast<ssize_t>(bytes);
  }
  return next(fd, from, bytes, at);
}

extern "C" int clock_gettime(clockid_t clock, timespec* to) {
  static auto* const next = real<int(clockid_t, timespec*)>("clock_gettime");
  Machine& machine = Machine::get();
  if (!machine.is_running() && !machine.is_setting_up()) return next(clock, to);
  to->tv_sec = static_cast<time_t>(machine.now_ns() / 1'000'000'000U);
  to->tv_nsec = static_cast<long>(machine.now_ns() % 1'000'000'000U);
  return 0;
}

extern "C" void* mmap(void* where, size_t bytes, int protection, int flags, int fd, off_t at) {
  static auto* const next = real<void*(void*, size_t, int, int, int, off_t)>("mmap");
  // Refused: holds are then changed by pwrite, the weaker of the two ways.
  if (fd >= 0 && is_readers_file(fd)) {
    errno = EACCES;
    return MAP_FAILED;
  }
  void* address = next(where, bytes, protection, flags, fd, at);
  Machine& machine = Machine::get();
  if (address == MAP_FAILED || fd < 0 || !(machine.is_running() || machine.is_setting_up())) return address;
  const arena::Inside outside(false);
  machine.addresses().add(address, bytes, inode_of(fd));
  return address;
}

extern "C" int munmap(void* address, size_t bytes) {
  static auto* const next = real<int(void*, size_t)>("munmap");
  // A mapping of an execution's beginning has to be there for the next one.
  if (Machine::get().is_running()) return 0;
  Machine::get().addresses().remove(address);
  return next(address, bytes);
}

extern "C" long syscall(long number, ...) {
  static auto* const next = real<long(long, ...)>("syscall");
  va_list list;
  va_start(list, number);
  long a[6];
  for (long& argument : a) argument = va_arg(list, long);
  va_end(list);
  if (!is_ours()) {
    // Nobody sleeps while the world is made but those whom the machine runs.
    if (number == SYS_futex && Machine::get().is_setting_up())
      return Machine::get().futex_wake(reinterpret_cast<const std::uint32_t*>(a[0]),
                                       static_cast<unsigned>(a[2]));
    return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }
  if (number == SYS_set_robust_list) {
    Machine::get().set_robust_list(static_cast<std::uint64_t>(a[0]));
    return 0;
  }
  if (number == kFutexWaitv) {
    const auto* entries = reinterpret_cast<const WaitvEntry*>(a[0]);
    scheduler::SleepWords on;
    for (; on.count < static_cast<unsigned>(a[1]) && on.count < on.words.size(); ++on.count) {
      on.words[on.count] = reinterpret_cast<const std::uint32_t*>(entries[on.count].address);
      on.expected[on.count] = static_cast<std::uint32_t>(entries[on.count].value);
    }
    return wait(on, reinterpret_cast<const void*>(a[3]));
  }
  if (number != SYS_futex) return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  const auto* word = reinterpret_cast<const std::uint32_t*>(a[0]);
  if ((a[1] & FUTEX_CMD_MASK) == FUTEX_WAKE)
    return Machine::get().futex_wake(word, static_cast<unsigned>(a[2]));
  return wait({{word}, {static_cast<std::uint32_t>(a[2])}, 1}, reinterpret_cast<const void*>(a[3]));
}

namespace {

bool is_segment_name(const char* path) {
  const char* last = std::strrchr(path, '/');
  return last && std::strcmp(last + 1, "name") == 0;
}
void step_on_directory(const char* path, bool does_change) {
  if (Machine::get().is_running() && is_segment_name(path))
    Machine::get().touch(scheduler::kDirectory, does_change);
}

}  // namespace

extern "C" int close(int fd) {
  static auto* const next = real<int(int)>("close");
  // What was open at an execution's beginning has to be there for the next one.
  if (Machine::get().is_running() && fd < Machine::get().first_fd()) return 0;
  return next(fd);
}
extern "C" int rename(const char* from, const char* to) {
  static auto* const next = real<int(const char*, const char*)>("rename");
  step_on_directory(to, true);
  return next(from, to);
}
extern "C" int unlink(const char* path) {
  static auto* const next = real<int(const char*)>("unlink");
  step_on_directory(path, true);
  return next(path);
}
extern "C" int stat(const char* path, struct stat* to) {
  static auto* const next = real<int(const char*, struct stat*)>("stat");
  step_on_directory(path, false);
  return next(path, to);
}
extern "C" int lstat(const char* path, struct stat* to) {
  static auto* const next = real<int(const char*, struct stat*)>("lstat");
  step_on_directory(path, false);
  return next(path, to);
}
extern "C" int open(const char* path, int flags, ...) {
  static auto* const next = real<int(const char*, int, ...)>("open");
  va_list list;
  va_start(list, flags);
  const auto mode = va_arg(list, mode_t);
  va_end(list);
  step_on_directory(path, false);
  return next(path, flags, mode);
}
// How much memory is left is asked each time that a file is made, by way of streams: executions are not told.
extern "C" [[gnu::visibility("default")]] FILE* fopen64(const char* path, const char* mode) {
  static auto* const next = real<FILE*(const char*, const char*)>("fopen64");
  const bool is_of_memory = std::strstr(path, "cgroup") || std::strstr(path, "meminfo");
  if (!Machine::get().is_running() || !is_of_memory) return next(path, mode);
  errno = ENOENT;
  return nullptr;
}

namespace shmvideo {

// In the place of transport/quiet_thread.cpp: a fiber, in something that says it is a thread.
std::thread start_quiet_thread(std::function<void()> run) {
  std::thread thread;
  static_assert(sizeof thread == sizeof(pthread_t));
  const pthread_t handle = Machine::get().start_thread(std::move(run)) + 1;
  std::memcpy(static_cast<void*>(&thread), &handle, sizeof handle);
  return thread;
}

}  // namespace shmvideo

// In the place of libstdc++'s: the only threads of this program are those above.
void std::thread::join() {
  Machine::get().join(static_cast<unsigned>(native_handle() - 1));
  _M_id = id();
}
