// libpcap in as few words as the program needs, without its headers: those declare structures that Swift's own Glibc
// module declares too. Each call is the bare one; nothing is decided here.
#ifndef CPCAP_H
#define CPCAP_H

#include <stdbool.h>
#include <stdint.h>

#define CPCAP_ERROR_BYTES 256

typedef struct pcap cpcap;
typedef struct cpcap_file cpcap_file;

struct cpcap_frame {
  /// Since 1970; as near to it as 64 bits can where a file says more.
  int64_t nanoseconds;
  /// Until the next call.
  const uint8_t *_Nullable bytes;
  uint32_t captured, length;
};

/// nil with words in `error`, which has CPCAP_ERROR_BYTES. Of either format; with nanoseconds.
cpcap *_Nullable cpcap_open_file(const char *_Nonnull path, char *_Nonnull error);

/// A network interface, or "any"; not blocking. - Parameter buffer: bytes that the kernel keeps for us.
cpcap *_Nullable cpcap_open_interface(
  const char *_Nonnull name, int snapshot, int buffer, char *_Nonnull error);

void cpcap_close(cpcap *_Nonnull pcap);

/// As in a file: the numbers of LINKTYPE_.
int cpcap_link_type(cpcap *_Nonnull pcap);

/// 1 with a frame, 0 where none waits, -2 at the end of a file, -1 with words in cpcap_error.
int cpcap_next(cpcap *_Nonnull pcap, struct cpcap_frame *_Nonnull frame);

const char *_Nonnull cpcap_error(cpcap *_Nonnull pcap);

/// False with words in `error`.
bool cpcap_set_filter(cpcap *_Nonnull pcap, const char *_Nonnull text, char *_Nonnull error);

/// Whether it is a filter for such frames; false with words in `error`.
bool cpcap_check_filter(int link_type, const char *_Nonnull text, char *_Nonnull error);

/// Readable when frames wait; -1 where there is none.
int cpcap_descriptor(cpcap *_Nonnull pcap);

/// Frames that the kernel had no room for since the start; -1 where it cannot tell.
int64_t cpcap_dropped(cpcap *_Nonnull pcap);

/// A new file of the old format with nanoseconds, readable to its owner alone. nil with words in `error`, also where
/// there is one of that name.
cpcap_file *_Nullable cpcap_create(
  const char *_Nonnull path, int link_type, int snapshot, char *_Nonnull error);

/// False where the disk takes no more.
bool cpcap_write(cpcap_file *_Nonnull file, const struct cpcap_frame *_Nonnull frame);

/// What is written so far is where others can read it.
bool cpcap_flush(cpcap_file *_Nonnull file);
/// What was written is on the disk when this returns.
bool cpcap_force(cpcap_file *_Nonnull file);

/// False where the last bytes could not be written.
bool cpcap_finish(cpcap_file *_Nonnull file);

/// False where there is none.
bool cpcap_remove(const char *_Nonnull path);

/// Of the library.
const char *_Nonnull cpcap_version(void);

#endif
