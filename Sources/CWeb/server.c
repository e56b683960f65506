// The loop and the requests.
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server.h"

void happen(struct web_server *server, enum web_kind kind, uint64_t number, const void *bytes, size_t count) {
  struct happening *new = malloc(sizeof *new + count);
  // Without memory for a few bytes this process is over; whoever keeps it starts another.
  if (!new) abort();
  if (count) memcpy(new->bytes, bytes, count);
  new->event = (struct web_event){.kind = kind, .number = number, .bytes = new->bytes, .count = count};
  TAILQ_INSERT_TAIL(&server->happenings, new, next);
}

bool web_next(struct web_server *server, struct web_event *event) {
  free(server->taken);
  server->taken = TAILQ_FIRST(&server->happenings);
  if (!server->taken) return false;
  TAILQ_REMOVE(&server->happenings, server->taken, next);
  *event = server->taken->event;
  return true;
}

// MARK: Requests

static struct request *find(const struct web_server *server, uint64_t number) {
  struct request *request;
  TAILQ_FOREACH(request, &server->requests, next) {
    if (request->number == number) return request;
  }
  return NULL;
}

static void forget(struct request *request) {
  TAILQ_REMOVE(&request->server->requests, request, next);
  free(request);
}

/// Also behind each answer.
static void on_close(struct evhttp_connection *connection, void *context) {
  (void)connection;
  struct web_server *server = context;
  struct request *request, *after;
  for (request = TAILQ_FIRST(&server->requests); request; request = after) {
    after = TAILQ_NEXT(request, next);
    struct evhttp_connection *own = evhttp_request_get_connection(request->http);
    if (own != connection && own != NULL) continue;
    happen(server, WEB_GONE, request->number, NULL, 0);
    // One that evhttp has taken off its connection is nobody's any more.
    if (!own) evhttp_request_free(request->http);
    forget(request);
  }
}

static void on_request(struct evhttp_request *http, void *context) {
  struct web_server *server = context;
  struct evhttp_connection *http_connection = evhttp_request_get_connection(http);
  struct bufferevent *stream = evhttp_connection_get_bufferevent(http_connection);
  has_asked(stream);
  struct request *request = calloc(1, sizeof *request);
  if (!request) abort();
  request->server = server;
  request->number = ++server->last_request;
  request->http = http;
  TAILQ_INSERT_TAIL(&server->requests, request, next);
  evhttp_connection_set_closecb(http_connection, on_close, server);
  struct evbuffer *body = evhttp_request_get_input_buffer(http);
  size_t count = evbuffer_get_length(body);
  happen(server, WEB_REQUEST, request->number, count ? evbuffer_pullup(body, -1) : NULL, count);
}

enum web_method web_request_method(const struct web_server *server, uint64_t number) {
  struct request *request = find(server, number);
  if (!request) return WEB_GET;
  switch (evhttp_request_get_command(request->http)) {
    case EVHTTP_REQ_POST: return WEB_POST;
    case EVHTTP_REQ_HEAD: return WEB_HEAD;
    default: return WEB_GET;
  }
}

const char *web_request_target(const struct web_server *server, uint64_t number) {
  struct request *request = find(server, number);
  return request ? evhttp_request_get_uri(request->http) : NULL;
}

const char *web_request_header(const struct web_server *server, uint64_t number, const char *name) {
  struct request *request = find(server, number);
  return request ? evhttp_find_header(evhttp_request_get_input_headers(request->http), name) : NULL;
}

int web_request_peer(const struct web_server *server, uint64_t number, uint8_t address[16]) {
  struct request *request = find(server, number);
  struct evhttp_connection *connection = request ? evhttp_request_get_connection(request->http) : NULL;
  if (!connection) return 0;
  if (!address_of(bufferevent_getfd(evhttp_connection_get_bufferevent(connection)), address)) return 0;
  if (!IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)address)) return 6;
  memmove(address, address + 12, 4);
  return 4;
}

// MARK: Answers

void web_add_header(struct web_server *server, uint64_t number, const char *name, const char *value) {
  struct request *request = find(server, number);
  if (request) evhttp_add_header(evhttp_request_get_output_headers(request->http), name, value);
}

static const char *reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 429: return "Too Many Requests";
    case 503: return "Service Unavailable";
    default: return "Error";
  }
}

static struct evbuffer *copied(const uint8_t *bytes, size_t count) {
  struct evbuffer *buffer = evbuffer_new();
  if (!buffer || evbuffer_add(buffer, bytes, count)) abort();
  return buffer;
}

void web_reply(struct web_server *server, uint64_t number, int status, const uint8_t *bytes, size_t count) {
  struct request *request = find(server, number);
  if (!request || request->streams) return;
  struct evhttp_request *http = request->http;
  // From here on it is evhttp's alone.
  forget(request);
  evhttp_add_header(evhttp_request_get_output_headers(http), "Connection", "close");
  struct evbuffer *body = copied(bytes, count);
  evhttp_send_reply(http, status, reason(status), body);
  evbuffer_free(body);
}

void web_stream_begin(struct web_server *server, uint64_t number) {
  struct request *request = find(server, number);
  if (!request || request->streams) return;
  request->streams = true;
  evhttp_add_header(evhttp_request_get_output_headers(request->http), "Connection", "close");
  evhttp_send_reply_start(request->http, 200, reason(200));
}

void web_stream_send(struct web_server *server, uint64_t number, const uint8_t *bytes, size_t count) {
  struct request *request = find(server, number);
  struct evhttp_connection *connection = request ? evhttp_request_get_connection(request->http) : NULL;
  if (!connection || !request->streams) return;
  struct bufferevent *stream = evhttp_connection_get_bufferevent(connection);
  if (evbuffer_get_length(bufferevent_get_output(stream)) + count > server->limits.stream_bytes) {
    server->counters.slow_streams++;
    evutil_socket_t fd = bufferevent_getfd(stream);
    if (fd >= 0) shutdown(fd, SHUT_RDWR);
    return;
  }
  struct evbuffer *piece = copied(bytes, count);
  evhttp_send_reply_chunk(request->http, piece);
  evbuffer_free(piece);
}

void web_stream_end(struct web_server *server, uint64_t number) {
  struct request *request = find(server, number);
  if (!request || !request->streams) return;
  struct evhttp_request *http = request->http;
  forget(request);
  evhttp_send_reply_end(http);
}

// MARK: The loop

/// What libevent would complain about is what strangers do: it is counted here.
static void say_nothing(int severity, const char *text) { (void)severity, (void)text; }

/// Once a second.
static void on_clock(evutil_socket_t none, short what, void *context) {
  (void)none, (void)what;
  count_down_questions(context);
  count_down_connections(context);
}

static void on_alarm(evutil_socket_t none, short what, void *context) { (void)none, (void)what, (void)context; }

void web_turn(struct web_server *server, int milliseconds) {
  if (!TAILQ_EMPTY(&server->happenings)) milliseconds = 0;
  struct timeval time = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
  evtimer_add(server->alarm, &time);
  event_base_loop(server->base, EVLOOP_ONCE);
}

struct web_counters web_counters(const struct web_server *server) { return server->counters; }

int web_listen(bool v6, const uint8_t *address, uint16_t port) {
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
  memcpy(&six.sin6_addr, address, v6 ? 16 : 0);
  memcpy(&four.sin_addr, address, v6 ? 0 : 4);
  int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  int yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(fd, v6 ? (struct sockaddr *)&six : (struct sockaddr *)&four, v6 ? sizeof six : sizeof four) ||
      listen(fd, 16)) {
    int code = errno;
    close(fd);
    errno = code;
    return -1;
  }
  return fd;
}

void web_fingerprint(const struct web_server *server, uint8_t digest[32]) { memcpy(digest, server->fingerprint, 32); }

int web_errno(void) { return errno; }

struct web_server *web_open(int listener, int channel, const uint8_t *certificate, size_t certificate_count,
                            const uint8_t *key, size_t key_count, const struct web_limits *limits, char *error,
                            size_t size) {
  struct web_server *server = calloc(1, sizeof *server);
  if (!server) abort();
  server->limits = *limits;
  // Who goes away while he is written to ends nothing.
  signal(SIGPIPE, SIG_IGN);
  event_set_log_callback(say_nothing);
  TAILQ_INIT(&server->happenings);
  TAILQ_INIT(&server->requests);
  begin_connections(server);
  server->tls = tls_server_settings(certificate, certificate_count, key, key_count, server->fingerprint, error, size);
  if (!server->tls) {
    free(server);
    return NULL;
  }
  server->base = event_base_new();
  server->http = server->base ? evhttp_new(server->base) : NULL;
  server->listener =
      server->base ? evconnlistener_new(server->base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE, 0, listener) : NULL;
  if (!server->http || !server->listener) abort();
  open_channel(server, channel);
  evhttp_set_allowed_methods(server->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST);
  evhttp_set_max_headers_size(server->http, (ev_ssize_t)limits->header_bytes);
  evhttp_set_max_body_size(server->http, (ev_ssize_t)limits->body_bytes);
  evhttp_set_timeout(server->http, limits->write_seconds);
  evhttp_set_default_content_type(server->http, NULL);
  evhttp_set_bevcb(server->http, make_stream, server);
  evhttp_set_gencb(server->http, on_request, server);
  if (!evhttp_bind_listener(server->http, server->listener)) abort();
  server->clock = event_new(server->base, -1, EV_PERSIST, on_clock, server);
  server->alarm = evtimer_new(server->base, on_alarm, NULL);
  server->look = event_new(server->base, -1, 0, look_at_connections, server);
  struct timeval second = {.tv_sec = 1};
  if (!server->clock || !server->alarm || !server->look || event_add(server->clock, &second)) abort();
  return server;
}
