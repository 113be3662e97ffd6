// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <vector>

#include "peer/options.hpp"

namespace shmvideo_test {
namespace {

[[noreturn]] void give_up(const char* what) {
  std::printf("unavailable %s: %s\n", what, std::strerror(errno));
  ::_exit(77);
}

/// A file system of its own over the place, so small that it fills up.
void mount_small_place(const std::string& size) {
  if (::unshare(CLONE_NEWNS) != 0) give_up("unshare");
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) give_up("private mounts");
  if (::mount("tmpfs", ::getenv("SHM_VIDEO_DIR"), "tmpfs", 0, ("size=" + size).c_str()) != 0)
    give_up("mount");
}

/// Sees the file systems that another peer sees.
void join_mounts(const std::string& pid) {
  const int there = ::open(("/proc/" + pid + "/ns/mnt").c_str(), O_RDONLY | O_CLOEXEC);
  if (there < 0 || ::setns(there, CLONE_NEWNS) != 0) give_up("setns");
  ::close(there);
}

/// Hides /dev/shm behind a file system that may only be read.
void forbid_dev_shm() {
  if (::unshare(CLONE_NEWNS) != 0) give_up("unshare");
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) give_up("private mounts");
  if (::mount("tmpfs", "/dev/shm", "tmpfs", MS_RDONLY, "size=64k") != 0) give_up("mount");
  ::unsetenv("SHM_VIDEO_DIR");
}

/// Goes on as process 1 of a new PID namespace; the process outside waits for it.
void enter_pid_namespace() {
  if (::unshare(CLONE_NEWPID) != 0) give_up("unshare");
  const pid_t child = ::fork();
  if (child < 0) give_up("fork");
  if (child == 0) return;
  int status = 0;
  ::waitpid(child, &status, 0);
  ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

void enter_filter(sock_filter* filter, std::size_t count) {
  const sock_fprog program{static_cast<unsigned short>(count), filter};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    give_up("seccomp");
}

/// The kernel answers ENOSYS to futex_waitv, as one before Linux 5.16 does.
void forbid_waitv() {
  constexpr std::uint32_t kWaitv = 449;
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kWaitv, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  enter_filter(filter, std::size(filter));
}

#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
constexpr bool kIsSanitized = false;
#else
constexpr bool kIsSanitized = true;
#endif

void become(const PeerOptions& options) {
  const auto uid = static_cast<uid_t>(options.number("uid", 0));
  const auto gid = static_cast<gid_t>(options.number("gid", uid));
  if (::setgroups(0, nullptr) != 0 || ::setresgid(gid, gid, gid) != 0 || ::setresuid(uid, uid, uid) != 0)
    give_up("another user");
}

}  // namespace

void wait_for_word(const PeerOptions& options) {
  if (!options.has("on_word")) return;
  std::printf("waiting pid=%d\n", ::getpid());
  // Not by way of the stream that commands are read from later.
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n') continue;
}

void forbid_waiting() {
  if (kIsSanitized) return;  // their runtimes have calls of their own
  constexpr auto kCall = offsetof(seccomp_data, nr);
  constexpr auto kSecond = offsetof(seccomp_data, args) + 8;  // its lower half, on little-endian machines
  std::vector<sock_filter> filter{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kCall)};
  const auto allow_if = [&](long number, std::uint32_t argument_mask, std::initializer_list<int> second) {
    const auto behind = static_cast<std::uint8_t>(second.size() * 2 + 3);
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(number), 0, behind));
    filter.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kSecond));
    filter.push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, argument_mask));
    for (const int value : second) {
      filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(value), 0, 1));
      filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    }
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  };
  // Its own input and output, which are the test's; files that are there; clocks; memory.
  for (const long number : {SYS_read, SYS_write, SYS_pread64, SYS_pwrite64, SYS_fstat, SYS_newfstatat,
                            SYS_clock_gettime, SYS_getpid, SYS_mmap, SYS_munmap, SYS_brk, SYS_exit_group}) {
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(number), 0, 1));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }
  allow_if(SYS_futex, static_cast<std::uint32_t>(FUTEX_CMD_MASK), {FUTEX_WAKE});
  allow_if(SYS_fcntl, 0xffffffff, {F_OFD_SETLK, F_OFD_GETLK});  // not F_OFD_SETLKW
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  enter_filter(filter.data(), filter.size());
}

void enter_surroundings(const PeerOptions& options) {
  if (options.has("newpid")) enter_pid_namespace();
  if (options.has("tmpfs")) mount_small_place(options.text("tmpfs"));
  if (options.has("join")) join_mounts(options.text("join"));
  if (options.has("no_dev_shm")) forbid_dev_shm();
  if (options.has("uid")) become(options);
  if (options.has("no_waitv")) forbid_waitv();
}

}  // namespace shmvideo_test
