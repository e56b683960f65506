// What the storage thread needs of C: SQLite, one thread with a condition variable, an eventfd, and file names.

#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// Swift does not import variadic functions, nor the macro errno.

static inline int csqlite_disable_lookaside(sqlite3 *db) {
  return sqlite3_db_config(db, SQLITE_DBCONFIG_LOOKASIDE, (void *)0, 0, 0);
}

/// With 1, closing leaves the log and the database as they are.
static inline int csqlite_keep_log_on_close(sqlite3 *db, int keep) {
  return sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep, (int *)0);
}

static inline int csqlite_errno(void) { return errno; }

/// A new file, readable to its owner alone; -1 where there is one.
static inline int csqlite_create_to_append(const char *path) {
  return open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
}

/// Makes the names in a directory durable; 0 or an errno.
static inline int csqlite_sync_directory(const char *path) {
  int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  int result = fsync(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  return result;
}

/// The name of a directory entry: d_name is an array, which Swift would import as a tuple.
static inline const char *csqlite_entry_name(const struct dirent *entry) { return entry->d_name; }

#endif
