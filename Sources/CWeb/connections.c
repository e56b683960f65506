// Connections until their request is there. They have a time for it; one address has so many of them; and when there are as
// many as there may be, the one that has said nothing for longest makes room.
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "server.h"

/// Under which OpenSSL keeps a connection with its TLS state.
static int connection_index = -1;

bool address_of(evutil_socket_t fd, uint8_t address[16]) {
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  if (fd < 0 || getpeername(fd, (struct sockaddr *)&storage, &length)) return false;
  if (storage.ss_family == AF_INET) {
    memset(address, 0, 10);
    memset(address + 10, 0xFF, 2);
    memcpy(address + 12, &((struct sockaddr_in *)&storage)->sin_addr, 4);
  } else {
    memcpy(address, &((struct sockaddr_in6 *)&storage)->sin6_addr, 16);
  }
  return true;
}

/// OpenSSL frees what belongs to the connection: it is over.
static void on_tls_freed(void *parent, void *pointer, CRYPTO_EX_DATA *data, int index, long argl, void *argp) {
  (void)parent, (void)data, (void)index, (void)argl, (void)argp;
  struct connection *connection = pointer;
  if (!connection) return;
  struct web_server *server = connection->server;
  TAILQ_REMOVE(&server->connections, connection, next);
  free(connection);
  if (server->counters.open-- == server->limits.connections) evconnlistener_enable(server->listener);
}

void begin_connections(struct web_server *server) {
  TAILQ_INIT(&server->connections);
  if (connection_index < 0) connection_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, on_tls_freed);
  if (connection_index < 0) abort();
}

struct bufferevent *make_stream(struct event_base *base, void *context) {
  struct web_server *server = context;
  SSL *tls = SSL_new(server->tls);
  struct connection *connection = calloc(1, sizeof *connection);
  if (!tls || !connection) abort();
  connection->server = server;
  connection->patience = server->limits.request_seconds;
  connection->stream = bufferevent_openssl_socket_new(base, -1, tls, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
  // evhttp would go on without TLS.
  if (!connection->stream || SSL_set_ex_data(tls, connection_index, connection) != 1) abort();
  bufferevent_openssl_set_allow_dirty_shutdown(connection->stream, 1);
  TAILQ_INSERT_TAIL(&server->connections, connection, next);
  server->counters.connections++;
  if (++server->counters.open == server->limits.connections) {
    server->counters.full++;
    evconnlistener_disable(server->listener);
  }
  // evhttp gives it its socket only after this.
  event_active(server->look, EV_TIMEOUT, 0);
  return connection->stream;
}

void has_asked(struct bufferevent *stream) {
  SSL *tls = bufferevent_openssl_get_ssl(stream);
  struct connection *connection = tls ? SSL_get_ex_data(tls, connection_index) : NULL;
  if (connection) connection->patience = -1;
}

/// evhttp then sees the end and tidies up.
static void cut(struct connection *connection) {
  connection->patience = 0;
  evutil_socket_t fd = bufferevent_getfd(connection->stream);
  if (fd >= 0) shutdown(fd, SHUT_RDWR);
}

void count_down_connections(struct web_server *server) {
  struct connection *connection;
  TAILQ_FOREACH(connection, &server->connections, next) {
    if (connection->patience <= 0 || --connection->patience > 0) continue;
    server->counters.expired++;
    cut(connection);
  }
}

// MARK: Too many

static bool is_preferred(const struct web_server *server, const uint8_t address[16]) {
  for (size_t i = 0; i < server->preferred_count; i++)
    if (!memcmp(server->preferred[i], address, 16)) return true;
  return false;
}

/// The one that has said no request for longest, of an address if one is given; strangers first. NULL: all have.
static struct connection *longest_silent(struct web_server *server, const uint8_t *address) {
  struct connection *connection, *found = NULL;
  bool is_found_preferred = false;
  TAILQ_FOREACH(connection, &server->connections, next) {
    if (connection->patience <= 0 || (address && memcmp(connection->address, address, 16))) continue;
    bool is_this_preferred = is_preferred(server, connection->address);
    if (found && (is_this_preferred > is_found_preferred ||
                  (is_this_preferred == is_found_preferred && connection->patience >= found->patience)))
      continue;
    found = connection;
    is_found_preferred = is_this_preferred;
  }
  return found;
}

static void place(struct web_server *server, struct connection *new) {
  new->is_placed = true;
  if (!address_of(bufferevent_getfd(new->stream), new->address)) return;
  int count = 0;
  struct connection *connection;
  TAILQ_FOREACH(connection, &server->connections, next) {
    if (connection->patience != 0 && !memcmp(connection->address, new->address, 16)) count++;
  }
  int most = is_preferred(server, new->address) ? server->limits.connections_of_preferred
                                                : server->limits.connections_of_address;
  if (count <= most) return;
  server->counters.crowded++;
  struct connection *silent = longest_silent(server, new->address);
  cut(silent ? silent : new);
}

void look_at_connections(evutil_socket_t none, short what, void *context) {
  (void)none, (void)what;
  struct web_server *server = context;
  struct connection *connection;
  bool makes_room = false;
  TAILQ_FOREACH(connection, &server->connections, next) {
    if (!connection->is_placed) place(server, connection);
    makes_room = makes_room || connection->patience == 0;
  }
  if (server->counters.open < server->limits.connections || makes_room) return;
  connection = longest_silent(server, NULL);
  if (!connection) return;
  server->counters.displaced++;
  cut(connection);
}

void web_prefer(struct web_server *server, const uint8_t *addresses, size_t count) {
  size_t room = sizeof server->preferred / sizeof server->preferred[0];
  server->preferred_count = count < room ? count : room;
  memcpy(server->preferred, addresses, server->preferred_count * 16);
}
