// TLS as this box speaks it: 1.2 and 1.3, no renegotiation, no compression, nothing read from the system's files.
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>

#include "CTLS.h"
#include "context.h"

void tls_begin(void) {
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_SSL_STRINGS, NULL);
}

/// The server's certificate, then those that lead to its authority.
static bool use_certificates(SSL_CTX *tls, const uint8_t *bytes, size_t count, uint8_t fingerprint[32]) {
  BIO *bio = BIO_new_mem_buf(bytes, (int)count);
  X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
  unsigned length = 32;
  bool is_good = certificate && SSL_CTX_use_certificate(tls, certificate) == 1 &&
                 X509_digest(certificate, EVP_sha256(), fingerprint, &length) == 1;
  X509_free(certificate);
  while (is_good && (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
    is_good = SSL_CTX_add0_chain_cert(tls, certificate) == 1;
    if (!is_good) X509_free(certificate);
  }
  // The end of the file is no fault.
  ERR_clear_error();
  BIO_free(bio);
  return is_good;
}

/// Nobody is there to type a passphrase.
static int no_passphrase(char *buffer, int size, int writes, void *context) {
  (void)buffer, (void)size, (void)writes, (void)context;
  return -1;
}

static bool use_key(SSL_CTX *tls, const uint8_t *bytes, size_t count) {
  BIO *bio = BIO_new_mem_buf(bytes, (int)count);
  EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;
  bool is_good = key && SSL_CTX_use_PrivateKey(tls, key) == 1;
  EVP_PKEY_free(key);
  BIO_free(bio);
  return is_good;
}

/// What every context of this box has in common; NULL without memory.
static SSL_CTX *new_settings(const SSL_METHOD *method) {
  tls_begin();
  SSL_CTX *tls = SSL_CTX_new(method);
  if (!tls || SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(tls, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
    SSL_CTX_free(tls);
    return NULL;
  }
  SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
  return tls;
}

/// NULL, or what is wrong.
static const char *use_identity(SSL_CTX *tls, const uint8_t *certificate, size_t certificate_count, const uint8_t *key,
                                size_t key_count, uint8_t fingerprint[32]) {
  if (!use_certificates(tls, certificate, certificate_count, fingerprint))
    return "the certificate is no PEM certificate";
  if (!use_key(tls, key, key_count))
    return "the key is no PEM key without a passphrase, or not the certificate's";
  return NULL;
}

static SSL_CTX *refused(SSL_CTX *tls, const char *fault, char *error, size_t size) {
  ERR_clear_error();
  snprintf(error, size, "%s", fault);
  SSL_CTX_free(tls);
  return NULL;
}

SSL_CTX *tls_server_settings(const uint8_t *certificate, size_t certificate_count, const uint8_t *key, size_t key_count,
                             uint8_t fingerprint[32], char *error, size_t size) {
  SSL_CTX *tls = new_settings(TLS_server_method());
  const char *fault = tls ? use_identity(tls, certificate, certificate_count, key, key_count, fingerprint)
                          : "TLS cannot be set up";
  return fault ? refused(tls, fault, error, size) : tls;
}

/// How many certificates of authorities were taken, -1 where the text is none.
static int use_authorities(SSL_CTX *tls, const uint8_t *bytes, size_t count, bool names_them) {
  BIO *bio = BIO_new_mem_buf(bytes, (int)count);
  X509_STORE *store = SSL_CTX_get_cert_store(tls);
  X509 *certificate;
  int taken = 0;
  while (bio && (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
    if (X509_STORE_add_cert(store, certificate) == 1) taken++;
    if (names_them) SSL_CTX_add_client_CA(tls, certificate);
    X509_free(certificate);
  }
  ERR_clear_error();
  BIO_free(bio);
  return taken > 0 ? taken : -1;
}

SSL_CTX *tls_listening_settings(const struct tls_identity *identity, enum tls_clients clients,
                                const uint8_t *authorities, size_t count, char *error, size_t size) {
  uint8_t fingerprint[32];
  SSL_CTX *tls = tls_server_settings(identity->certificate, identity->certificate_count, identity->key,
                                     identity->key_count, fingerprint, error, size);
  if (!tls) return NULL;
  // A connection lasts for days, so there is nothing to resume.
  SSL_CTX_set_options(tls, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(tls, 0);
  if (clients == TLS_CLIENTS_OFF) return tls;
  if (use_authorities(tls, authorities, count, true) < 0)
    return refused(tls, "the authorities of the clients are no PEM certificates", error, size);
  SSL_CTX_set_verify(tls, SSL_VERIFY_PEER | (clients == TLS_CLIENTS_REQUIRE ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                     tls_check_peer);
  return tls;
}

SSL_CTX *tls_calling_settings(const struct tls_identity *identity, const uint8_t *authorities, size_t count,
                              char *error, size_t size) {
  SSL_CTX *tls = new_settings(TLS_client_method());
  const char *fault = NULL;
  uint8_t fingerprint[32];
  if (!tls)
    fault = "TLS cannot be set up";
  else if (identity->certificate_count > 0)
    fault = use_identity(tls, identity->certificate, identity->certificate_count, identity->key, identity->key_count,
                         fingerprint);
  if (!fault && count > 0 && use_authorities(tls, authorities, count, false) < 0)
    fault = "the authorities are no PEM certificates";
  if (fault) return refused(tls, fault, error, size);
  SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, tls_check_peer);
  return tls;
}
