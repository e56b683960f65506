/* What of libcrypto the product sees: digests and constant-time comparison. The digests are the plain ones, which
 * OpenSSL 3 calls deprecated and carries on: behind EVP each of a phone's few hundred bytes would cost two allocations
 * and a walk through a provider's tables, which is more than the digest itself. */
#ifndef BRANCHLINE_CCRYPTO_SHIM_H
#define BRANCHLINE_CCRYPTO_SHIM_H

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/md5.h>
#include <openssl/opensslv.h>
#include <openssl/sha.h>

/* Of the headers, which are the library's where it is linked in. The function that tells it would bring the library's
 * whole start into the program. */
static inline const char *crypto_version(void) { return OPENSSL_VERSION_STR; }

#endif
