// Files and directories.
#ifndef BRANCHLINE_LINUX_FILES_H
#define BRANCHLINE_LINUX_FILES_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/// open(2) for reading; the variadic function does not import.
static inline int linux_open_to_read(const char *_Nonnull path) { return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY); }

static inline int linux_open_to_write(const char *_Nonnull path, unsigned mode) {
  return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, mode);
}

/// A file that nobody has made before, in place of what has its name.
static inline int linux_open_new(const char *_Nonnull path, unsigned mode) {
  unlink(path);
  return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, mode);
}

/// Forces what stands in a directory to the disk. 0 or -1.
static inline int linux_force_directory(const char *_Nonnull path) {
  int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return -1;
  int result = fsync(directory);
  int code = errno;
  close(directory);
  errno = code;
  return result;
}

/// Gives a file the owner and rights of another, where that is there and it may be done.
static inline void linux_copy_owner(const char *_Nonnull from, const char *_Nonnull to) {
  struct stat state;
  if (stat(from, &state) != 0) return;
  if (chown(to, state.st_uid, state.st_gid) == 0) chmod(to, state.st_mode & 0777);
}

/// A new file belongs to whom its neighbour belongs to; its rights stay.
static inline void linux_give_owner(const char *_Nonnull path, const char *_Nonnull neighbour) {
  struct stat state;
  if (stat(neighbour, &state) != 0) return;
  // Who may not give it away keeps it.
  int result = chown(path, state.st_uid, state.st_gid);
  (void)result;
}

/// 0 for a plain file, 1 for a directory, 2 for something else, links too; -1 where nothing is.
static inline int linux_path_kind(const char *_Nonnull path) {
  struct stat state;
  if (lstat(path, &state) != 0) return -1;
  return S_ISREG(state.st_mode) ? 0 : S_ISDIR(state.st_mode) ? 1 : 2;
}

/// For this process alone, as long as the descriptor is open. 0 or -1, EWOULDBLOCK where another has it.
static inline int linux_lock_file(int fd) { return flock(fd, LOCK_EX | LOCK_NB); }

/// The next entry of a directory; null at the end. Valid until the next call.
static inline const char *_Nullable linux_next_entry(void *_Nonnull directory) {
  struct dirent *entry = readdir((DIR *)directory);
  return entry ? entry->d_name : 0;
}
static inline void *_Nullable linux_open_directory(const char *_Nonnull path) { return opendir(path); }
static inline void linux_close_directory(void *_Nonnull directory) { closedir((DIR *)directory); }

static inline int linux_open_to_append(const char *_Nonnull path) {
  return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);
}

static inline bool linux_is_regular_file(int fd) {
  struct stat information;
  return fstat(fd, &information) == 0 && S_ISREG(information.st_mode);
}

static inline const void *_Nullable linux_map_to_read(int fd, size_t count) {
  void *start = mmap(NULL, count, PROT_READ, MAP_PRIVATE, fd, 0);
  return start == MAP_FAILED ? NULL : start;
}

#endif
