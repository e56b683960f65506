// What the files of this target share.
#ifndef BRANCHLINE_CWEB_SERVER_H
#define BRANCHLINE_CWEB_SERVER_H

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <openssl/ssl.h>
#include <sys/queue.h>

#include "CTLS.h"
#include "CWeb.h"

/// Something that has happened and was not taken yet.
struct happening {
  TAILQ_ENTRY(happening) next;
  struct web_event event;
  uint8_t bytes[];
};

/// A request that is not answered whole.
struct request {
  TAILQ_ENTRY(request) next;
  struct web_server *server;
  uint64_t number;
  struct evhttp_request *http;
  bool streams;
};

/// A connection, from its first byte on until its TLS state is freed.
struct connection {
  TAILQ_ENTRY(connection) next;
  struct web_server *server;
  struct bufferevent *stream;
  /// Turns of the clock until its request must be there; negative: it is; 0: it was cut off.
  int patience;
  /// Known when it is placed; an IPv4 address as IPv6 maps it.
  uint8_t address[16];
  bool is_placed;
};

/// A question to the daemon that waits for its answer.
struct question {
  TAILQ_ENTRY(question) next;
  struct web_server *server;
  uint64_t number;
  /// Turns of the clock until it is given up.
  int patience;
};

struct web_server {
  struct web_limits limits;
  struct web_counters counters;
  struct event_base *base;
  struct evhttp *http;
  struct evconnlistener *listener;
  struct event *clock, *alarm, *look;
  SSL_CTX *tls;
  uint8_t fingerprint[32];
  /// To the daemon; NULL: it is gone.
  struct bufferevent *channel;
  uint8_t preferred[16][16];
  size_t preferred_count;
  uint64_t last_request;
  struct happening *taken;
  TAILQ_HEAD(, happening) happenings;
  TAILQ_HEAD(, request) requests;
  TAILQ_HEAD(, question) questions;
  TAILQ_HEAD(, connection) connections;
};

/// `bytes` are copied.
void happen(struct web_server *server, enum web_kind kind, uint64_t number, const void *bytes, size_t count);
/// Before the first connection.
void begin_connections(struct web_server *server);
/// For evhttp, of each new connection.
struct bufferevent *make_stream(struct event_base *base, void *context);
/// After new ones have come.
void look_at_connections(evutil_socket_t none, short what, void *context);
/// Once a second.
void count_down_connections(struct web_server *server);
/// Its request is there.
void has_asked(struct bufferevent *stream);
/// Of the other end; an IPv4 address as IPv6 maps it.
bool address_of(evutil_socket_t fd, uint8_t address[16]);
/// Takes a connection to the daemon.
void open_channel(struct web_server *server, int channel);
/// Once a second.
void count_down_questions(struct web_server *server);

#endif
