// What the files of this target share.
#ifndef BRANCHLINE_CTLS_CONTEXT_H
#define BRANCHLINE_CTLS_CONTEXT_H

#include <openssl/ssl.h>

/// OpenSSL without files of the system.
void tls_begin(void);
/// For each certificate of a peer: whether its session goes on.
int tls_check_peer(int is_good, X509_STORE_CTX *chain);
/// Whether it names the domain, as RFC 5922 §7.1 reads names.
bool tls_names(X509 *certificate, const char *domain);

#endif
