/* What of libcrypto the product sees: digests, message authentication and constant-time comparison. */
#ifndef BRANCHLINE_CCRYPTO_SHIM_H
#define BRANCHLINE_CCRYPTO_SHIM_H

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#endif
