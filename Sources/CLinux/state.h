// What a person asks of the machine: room on the disk, sizes of files, its kernel, its interfaces.
#ifndef BRANCHLINE_LINUX_STATE_H
#define BRANCHLINE_LINUX_STATE_H

#include <ifaddrs.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <time.h>

/// Bytes of the disk that a path is on; free are those that an ordinary program may use.
static inline bool linux_disk_room(const char *_Nonnull path, int64_t *_Nonnull total, int64_t *_Nonnull free) {
  struct statvfs disk;
  if (statvfs(path, &disk)) return false;
  *total = (int64_t)disk.f_blocks * (int64_t)disk.f_frsize;
  *free = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
  return true;
}

/// -1 where there is none, or something else than a file.
static inline int64_t linux_file_size(const char *_Nonnull path) {
  struct stat state;
  return stat(path, &state) == 0 && S_ISREG(state.st_mode) ? (int64_t)state.st_size : -1;
}

/// When it was written last, in nanoseconds since 1970; -1 where there is none.
static inline int64_t linux_file_time(const char *_Nonnull path) {
  struct stat state;
  return stat(path, &state) ? -1 : (int64_t)state.st_mtim.tv_sec * 1000000000 + state.st_mtim.tv_nsec;
}

/// `6.1.0-18-arm64` and `aarch64`, with a zero at the end.
static inline bool linux_kernel(char *_Nonnull release, char *_Nonnull machine, unsigned long bytes) {
  struct utsname names;
  if (uname(&names)) return false;
  for (unsigned long i = 0; i < bytes; i++) {
    release[i] = i < sizeof names.release && i + 1 < bytes ? names.release[i] : 0;
    machine[i] = i < sizeof names.machine && i + 1 < bytes ? names.machine[i] : 0;
  }
  return true;
}

/// Seconds since the machine started, those asleep included.
static inline int64_t linux_seconds_since_boot(void) {
  struct timespec time;
  return clock_gettime(CLOCK_BOOTTIME, &time) ? 0 : (int64_t)time.tv_sec;
}

static inline bool linux_interface_is_up(const struct ifaddrs *_Nonnull entry) {
  return (entry->ifa_flags & IFF_UP) && (entry->ifa_flags & IFF_RUNNING);
}
/// The entry that each interface has, addresses or not.
static inline bool linux_is_link_entry(const struct ifaddrs *_Nonnull entry) {
  return entry->ifa_addr && entry->ifa_addr->sa_family == AF_PACKET;
}

#endif
