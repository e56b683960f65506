// Questions to the daemon over its Unix socket: one connection each, as every other program of the box asks.
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "server.h"

struct question {
  struct web_server *server;
  uint64_t number;
};

static void finish(struct bufferevent *stream, struct question *question, bool is_answered) {
  struct evbuffer *input = bufferevent_get_input(stream);
  size_t count = evbuffer_get_length(input);
  const uint8_t *bytes = is_answered && count ? evbuffer_pullup(input, -1) : NULL;
  // A whole answer ends with its line.
  if (bytes && bytes[count - 1] == '\n')
    happen(question->server, WEB_ANSWER, question->number, bytes, count - 1);
  else
    happen(question->server, WEB_NO_ANSWER, question->number, NULL, 0);
  bufferevent_free(stream);
  free(question);
}

static void on_read(struct bufferevent *stream, void *context) {
  struct question *question = context;
  if (evbuffer_get_length(bufferevent_get_input(stream)) > question->server->limits.answer_bytes)
    finish(stream, question, false);
}

static void on_event(struct bufferevent *stream, short what, void *context) {
  if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)) finish(stream, context, what & BEV_EVENT_EOF);
}

void web_ask(struct web_server *server, uint64_t number, const char *path, const uint8_t *bytes, size_t count) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  struct question *question = malloc(sizeof *question);
  struct bufferevent *stream = bufferevent_socket_new(server->base, -1, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
  if (!question || !stream) abort();
  *question = (struct question){.server = server, .number = number};
  struct timeval patience = {.tv_sec = server->limits.answer_seconds};
  bufferevent_setcb(stream, on_read, NULL, on_event, question);
  bufferevent_set_timeouts(stream, &patience, &patience);
  if (strlen(path) >= sizeof address.sun_path) return finish(stream, question, false);
  strcpy(address.sun_path, path);
  bufferevent_write(stream, bytes, count);
  bufferevent_enable(stream, EV_READ | EV_WRITE);
  if (bufferevent_socket_connect(stream, (struct sockaddr *)&address, sizeof address) < 0) finish(stream, question, false);
}
