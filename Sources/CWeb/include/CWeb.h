// HTTPS by libevent's evhttp over OpenSSL, and questions to the daemon by the same loop, for a program with one thread.
// Nothing calls back into Swift: what has happened is taken one by one (web_next). Every request comes on a connection of
// its own, which is closed behind the answer.
#ifndef BRANCHLINE_CWEB_H
#define BRANCHLINE_CWEB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct web_server;

struct web_limits {
  /// Connections at once; more wait in the kernel.
  int connections;
  /// Of one address, and of one that is preferred (web_prefer).
  int connections_of_address, connections_of_preferred;
  /// How long a connection may take until its request is there, and how long a piece of an answer may wait to be taken.
  int request_seconds, write_seconds;
  size_t header_bytes, body_bytes;
  /// Of a stream's unsent bytes; one that takes them too slowly is closed.
  size_t stream_bytes;
  /// Of an answer of the daemon, and how long it may take.
  size_t answer_bytes;
  int answer_seconds;
};

/// Since the start.
struct web_counters {
  uint64_t connections, expired, slow_streams;
  /// Cut off because their address had too many, and because others needed the room.
  uint64_t crowded, displaced;
  /// Turns of the loop at which no further connection was taken.
  uint64_t full;
  int open;
};

enum web_kind { WEB_NOTHING, WEB_REQUEST, WEB_GONE, WEB_ANSWER, WEB_NO_ANSWER };

/// What has happened; valid until the next call of web_next or web_turn.
struct web_event {
  enum web_kind kind;
  /// Of the request, or of the question.
  uint64_t number;
  const uint8_t *_Nullable bytes;
  size_t count;
};

enum web_method { WEB_GET, WEB_HEAD, WEB_POST };

/// A server on a listening socket, and a connection to the daemon; both become its own. NULL: `error` says why.
struct web_server *_Nullable web_open(int listener, int channel, const uint8_t *_Nonnull certificate,
                                      size_t certificate_count, const uint8_t *_Nonnull key, size_t key_count,
                                      const struct web_limits *_Nonnull limits, char *_Nonnull error, size_t size);
/// A non-blocking socket that listens; -1 with errno.
int web_listen(bool v6, const uint8_t *_Nonnull address, uint16_t port);
int web_errno(void);

/// The SHA-256 of the server's certificate.
void web_fingerprint(const struct web_server *_Nonnull server, uint8_t digest[_Nonnull 32]);

/// Waits for anything, so long at most, and does what is due.
void web_turn(struct web_server *_Nonnull server, int milliseconds);
/// False when there is nothing more.
bool web_next(struct web_server *_Nonnull server, struct web_event *_Nonnull event);

// Of a request that is there: valid until it is answered or gone; NULL and 0 where it is none.
enum web_method web_request_method(const struct web_server *_Nonnull server, uint64_t number);
const char *_Nullable web_request_target(const struct web_server *_Nonnull server, uint64_t number);
const char *_Nullable web_request_header(const struct web_server *_Nonnull server, uint64_t number,
                                         const char *_Nonnull name);
/// 4 or 6, and the address's bytes; 0 where it is not known.
int web_request_peer(const struct web_server *_Nonnull server, uint64_t number, uint8_t address[_Nonnull 16]);

/// A header of the answer that follows.
void web_add_header(struct web_server *_Nonnull server, uint64_t number, const char *_Nonnull name,
                    const char *_Nonnull value);
void web_reply(struct web_server *_Nonnull server, uint64_t number, int status, const uint8_t *_Nullable bytes,
               size_t count);
/// An answer that goes on until web_stream_end.
void web_stream_begin(struct web_server *_Nonnull server, uint64_t number);
void web_stream_send(struct web_server *_Nonnull server, uint64_t number, const uint8_t *_Nonnull bytes, size_t count);
void web_stream_end(struct web_server *_Nonnull server, uint64_t number);

/// One line to the daemon, and the text behind it: WEB_ANSWER or WEB_NO_ANSWER follows.
void web_ask(struct web_server *_Nonnull server, uint64_t number, const uint8_t *_Nonnull bytes, size_t count);
/// False: the connection to it has ended.
bool web_has_daemon(const struct web_server *_Nonnull server);

/// What this process may still do; each was tried.
struct web_confinement {
  unsigned user;
  /// Get more rights by a program, open a file in spite of Landlock, make calls of the system that it does not need.
  bool has_privileges, has_files, has_calls;
};
/// For good: goes on as `user` if it is root, with no capability, and without what `web_confinement` tells.
struct web_confinement web_confine(unsigned user);

/// Addresses of 16 bytes, 16 at most, whose connections are the last to be cut off for others. An IPv4 address as IPv6 maps
/// it.
void web_prefer(struct web_server *_Nonnull server, const uint8_t *_Nonnull addresses, size_t count);

struct web_counters web_counters(const struct web_server *_Nonnull server);

// The page's files, as they stand in Page/.
enum web_file { WEB_PAGE, WEB_STYLE, WEB_SCRIPT };
const uint8_t *_Nonnull web_file(enum web_file file, size_t *_Nonnull count);

#endif
