// TLS 1.2 and 1.3 by OpenSSL. Sessions work on memory alone: bytes of the network go in and come out, and the sockets are
// somebody else's. Settings live for as long as a session needs them, so they can be exchanged at any time.
#ifndef BRANCHLINE_CTLS_H
#define BRANCHLINE_CTLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A new P-256 key and a certificate for it that it has signed itself, as PEM, in `text`: the count, 0 on a failure.
size_t tls_make_certificate(char *_Nonnull text, size_t size);

/// In PEM; the certificate is followed by those that lead to its authority. The count 0: there is none.
struct tls_identity {
  const uint8_t *_Nullable certificate;
  size_t certificate_count;
  const uint8_t *_Nullable key;
  size_t key_count;
};

/// OpenSSL's SSL_CTX.
struct ssl_ctx_st;
/// Whether clients are asked for certificates.
enum tls_clients { TLS_CLIENTS_OFF, TLS_CLIENTS_REQUEST, TLS_CLIENTS_REQUIRE };

/// For a server whose clients are not asked for certificates. NULL on bad PEM, and `error` says what.
struct ssl_ctx_st *_Nullable tls_server_settings(const uint8_t *_Nonnull certificate, size_t certificate_count,
                                                 const uint8_t *_Nonnull key, size_t key_count,
                                                 uint8_t fingerprint[_Nonnull 32], char *_Nonnull error, size_t size);
/// For those who connect to us.
struct ssl_ctx_st *_Nullable tls_listening_settings(const struct tls_identity *_Nonnull identity,
                                                    enum tls_clients clients, const uint8_t *_Nullable authorities,
                                                    size_t count, char *_Nonnull error, size_t size);
/// For those whom we connect to. Our certificate is shown to who asks for one.
struct ssl_ctx_st *_Nullable tls_calling_settings(const struct tls_identity *_Nonnull identity,
                                                  const uint8_t *_Nullable authorities, size_t count,
                                                  char *_Nonnull error, size_t size);
void tls_free_settings(struct ssl_ctx_st *_Nonnull settings);

struct tls_session;
enum tls_step { TLS_WAITS, TLS_READY, TLS_REFUSED };

/// NULL without memory.
struct tls_session *_Nullable tls_accept(struct ssl_ctx_st *_Nonnull settings);
/// - domain: whom the certificate must name; NULL: it is not looked at.
struct tls_session *_Nullable tls_call(struct ssl_ctx_st *_Nonnull settings, const char *_Nullable domain);
void tls_free(struct tls_session *_Nonnull session);

/// What came from the network. False without memory.
bool tls_feed(struct tls_session *_Nonnull session, const void *_Nonnull bytes, size_t count);
/// Goes on with the handshake, as far as what came allows.
enum tls_step tls_go_on(struct tls_session *_Nonnull session);
/// Why it was refused.
void tls_fault(const struct tls_session *_Nonnull session, char *_Nonnull text, size_t size);
/// What the peer says: the count, 0: nothing more for now, negative: it is over.
ptrdiff_t tls_read(struct tls_session *_Nonnull session, void *_Nonnull bytes, size_t size);
/// False: it is over.
bool tls_write(struct tls_session *_Nonnull session, const void *_Nonnull bytes, size_t count);
/// Says that nothing more will come.
void tls_finish(struct tls_session *_Nonnull session);
/// How much there is for the network, and the next of it.
size_t tls_waiting(struct tls_session *_Nonnull session);
size_t tls_take(struct tls_session *_Nonnull session, void *_Nonnull bytes, size_t size);
/// `TLSv1.3`
const char *_Nonnull tls_version(const struct tls_session *_Nonnull session);

#endif
