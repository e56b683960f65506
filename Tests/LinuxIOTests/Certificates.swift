// Certificates that an authority made for these tests has signed, all for one key; good until 2126, but for the expired
// one. Their alternative names are what their names say here.

/// In PEM.
enum Certificates {
  /// The authority.
  static let authority = bytes(
    """
    -----BEGIN CERTIFICATE-----
    MIIBfzCCASWgAwIBAgIUWWkqZsOq8lSvvgSckq+pBeau0WcwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJYXV0aG9yaXR5MCAXDTI2MTEyNDAwMjc1NFoYDzIxMjYxMDMx
    MDAyNzU0WjAUMRIwEAYDVQQDDAlhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAASak+iLA1klA3uyeGTd3rKzvQ7B8yTRZ9QBMD2EXGqerzjsarP+pDuj
    WXhd9FR3eez/26rc7YczWgerqvhXKNnBo1MwUTAdBgNVHQ4EFgQUVhIKIaAA0WSg
    iv537lT8TcKrH/0wHwYDVR0jBBgwFoAUVhIKIaAA0WSgiv537lT8TcKrH/0wDwYD
    VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiATlblzzt5v9BuhZQ1V93dv
    HXrQmPe+rzMyc+oaD+sXggIhAPbDjx5eHnphhk7iFEpcd59La3QicLMjDLO2cxLL
    3HKw
    -----END CERTIFICATE-----
    """)
  /// Of all the certificates below.
  static let key = bytes(
    """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgp7yzV357aHsdShny
    /JazXipojq8RJREzhiqAOvSVga+hRANCAARlSIramTeQD8cv6d94gvf54cmNAf1u
    GskXIBkGMltWIL9fjh38Z29XfWfGrNHinzonHCgV0E0kChfvLACsfZZp
    -----END PRIVATE KEY-----
    """)
  /// URI:sip:carrier.example, DNS:other.example
  static let uri = bytes(
    """
    -----BEGIN CERTIFICATE-----
    MIIBrTCCAVOgAwIBAgIUW2mLDWU1T4jD1vjo8csUPT7sDoMwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJYXV0aG9yaXR5MCAXDTI2MTEyNDAwMjk0MFoYDzIxMjYxMDMx
    MDAyOTQwWjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMB
    BwNCAARlSIramTeQD8cv6d94gvf54cmNAf1uGskXIBkGMltWIL9fjh38Z29XfWfG
    rNHinzonHCgV0E0kChfvLACsfZZpo4GDMIGAMB0GA1UdDgQWBBSavOGydB+I+/h0
    bEs4ijQdgq/TIDAfBgNVHSMEGDAWgBRWEgohoADRZKCK/nfuVPxNwqsf/TAPBgNV
    HRMBAf8EBTADAQH/MC0GA1UdEQQmMCSGE3NpcDpjYXJyaWVyLmV4YW1wbGWCDW90
    aGVyLmV4YW1wbGUwCgYIKoZIzj0EAwIDSAAwRQIhAKLyKhQLkT3vuB/1D4mJ6AmM
    rKsJFQqRB/NgEPbJjtSjAiAbIXFSFnMnYRH8m+O7ODMFW2vlK6hzO1AipqTlZ/KJ
    jg==
    -----END CERTIFICATE-----
    """)
  /// DNS:Carrier.Example
  static let dns = bytes(
    """
    -----BEGIN CERTIFICATE-----
    MIIBmDCCAT6gAwIBAgIUd1LgGI+4AAnhKUkc27lo9NPdCF4wCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJYXV0aG9yaXR5MCAXDTI2MTEyNDAwMjk0MFoYDzIxMjYxMDMx
    MDAyOTQwWjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMB
    BwNCAARlSIramTeQD8cv6d94gvf54cmNAf1uGskXIBkGMltWIL9fjh38Z29XfWfG
    rNHinzonHCgV0E0kChfvLACsfZZpo28wbTAdBgNVHQ4EFgQUmrzhsnQfiPv4dGxL
    OIo0HYKv0yAwHwYDVR0jBBgwFoAUVhIKIaAA0WSgiv537lT8TcKrH/0wDwYDVR0T
    AQH/BAUwAwEB/zAaBgNVHREEEzARgg9DYXJyaWVyLkV4YW1wbGUwCgYIKoZIzj0E
    AwIDSAAwRQIhAMmzpQCDyxntiSAIvzfMaOEnFvUJs5kqBwaAwut4t7tiAiBhSHPV
    vW9v5F7bescrMDWTYR8ljLuCH/hMbozPeFUygg==
    -----END CERTIFICATE-----
    """)
  /// None; the common name is carrier.example.
  static let common = bytes(
    """
    -----BEGIN CERTIFICATE-----
    MIIBhTCCASugAwIBAgIUNsIAg2Dwb4Jz3SXospM4Xv63bCUwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJYXV0aG9yaXR5MCAXDTI2MTEyNDAwMjk0MFoYDzIxMjYxMDMx
    MDAyOTQwWjAaMRgwFgYDVQQDDA9jYXJyaWVyLmV4YW1wbGUwWTATBgcqhkjOPQIB
    BggqhkjOPQMBBwNCAARlSIramTeQD8cv6d94gvf54cmNAf1uGskXIBkGMltWIL9f
    jh38Z29XfWfGrNHinzonHCgV0E0kChfvLACsfZZpo1MwUTAdBgNVHQ4EFgQUmrzh
    snQfiPv4dGxLOIo0HYKv0yAwHwYDVR0jBBgwFoAUVhIKIaAA0WSgiv537lT8TcKr
    H/0wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBdE6bs3Az/c0qM
    JOYQMcVwrMHXvXsvzbiOHORi/ApL1gIhAPrbLTLGX8n4q7i/hKcLQa2o1106YEJg
    A3i1QmC7Cpx0
    -----END CERTIFICATE-----
    """)
  /// DNS:other.example; the common name is carrier.example.
  static let hidden = bytes(
    """
    -----BEGIN CERTIFICATE-----
    MIIBnzCCAUWgAwIBAgIUcVN2ukscOCmU1ZHnfyVrLfKVLu8wCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJYXV0aG9yaXR5MCAXDTI2MTEyNDAwMjk0MFoYDzIxMjYxMDMx
    MDAyOTQwWjAaMRgwFgYDVQQDDA9jYXJyaWVyLmV4YW1wbGUwWTATBgcqhkjOPQIB
    BggqhkjOPQMBBwNCAARlSIramTeQD8cv6d94gvf54cmNAf1uGskXIBkGMltWIL9f
    jh38Z29XfWfGrNHinzonHCgV0E0kChfvLACsfZZpo20wazAdBgNVHQ4EFgQUmrzh
    snQfiPv4dGxLOIo0HYKv0yAwHwYDVR0jBBgwFoAUVhIKIaAA0WSgiv537lT8TcKr
    H/0wDwYDVR0TAQH/BAUwAwEB/zAYBgNVHREEETAPgg1vdGhlci5leGFtcGxlMAoG
    CCqGSM49BAMCA0gAMEUCICN2XeCzYJ7Ds1hmv1TBsAkXsfm74eEqX3dDpcp+Ov+M
    AiEA3sWzX8luEB14ZiN08sXdejFDeFarv3TzF7jsuo+LxQs=
    -----END CERTIFICATE-----
    """)
  /// DNS:*.example
  static let wild = bytes(
    """
    -----BEGIN CERTIFICATE-----
    MIIBkjCCATigAwIBAgIUHUQmvbUvx6hXVGFFAY2oYIi7ASwwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJYXV0aG9yaXR5MCAXDTI2MTEyNDAwMjk0MFoYDzIxMjYxMDMx
    MDAyOTQwWjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMB
    BwNCAARlSIramTeQD8cv6d94gvf54cmNAf1uGskXIBkGMltWIL9fjh38Z29XfWfG
    rNHinzonHCgV0E0kChfvLACsfZZpo2kwZzAdBgNVHQ4EFgQUmrzhsnQfiPv4dGxL
    OIo0HYKv0yAwHwYDVR0jBBgwFoAUVhIKIaAA0WSgiv537lT8TcKrH/0wDwYDVR0T
    AQH/BAUwAwEB/zAUBgNVHREEDTALggkqLmV4YW1wbGUwCgYIKoZIzj0EAwIDSAAw
    RQIhAItZm6ybj2pI58aFt/99yyC1cKm/r3mZ5CftA2IDLZJWAiA9Tc6rTHZkpcKM
    wbtGdv1Id2J1pTxJlvfrF2o62eAXrQ==
    -----END CERTIFICATE-----
    """)
  /// URI:sip:joe@carrier.example
  static let person = bytes(
    """
    -----BEGIN CERTIFICATE-----
    MIIBoDCCAUagAwIBAgIUdQg+hziRjoiW8RMWsCa/7r6AgGAwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJYXV0aG9yaXR5MCAXDTI2MTEyNDAwMjk0MFoYDzIxMjYxMDMx
    MDAyOTQwWjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMB
    BwNCAARlSIramTeQD8cv6d94gvf54cmNAf1uGskXIBkGMltWIL9fjh38Z29XfWfG
    rNHinzonHCgV0E0kChfvLACsfZZpo3cwdTAdBgNVHQ4EFgQUmrzhsnQfiPv4dGxL
    OIo0HYKv0yAwHwYDVR0jBBgwFoAUVhIKIaAA0WSgiv537lT8TcKrH/0wDwYDVR0T
    AQH/BAUwAwEB/zAiBgNVHREEGzAZhhdzaXA6am9lQGNhcnJpZXIuZXhhbXBsZTAK
    BggqhkjOPQQDAgNIADBFAiB+OawnqlgLtFu16j6mk//E313aOf2IxOC9k0DamBVI
    /AIhALrltasmhdDsF7DXu9JBRsdcKQmzjmBTxbbG7Q/6S7So
    -----END CERTIFICATE-----
    """)
  /// IP:192.0.2.1
  static let address = bytes(
    """
    -----BEGIN CERTIFICATE-----
    MIIBjDCCATOgAwIBAgIUAOSw5syvEZ9J2M5NTOma2ZyMLBUwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJYXV0aG9yaXR5MCAXDTI2MTEyNDAwMjk0MFoYDzIxMjYxMDMx
    MDAyOTQwWjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMB
    BwNCAARlSIramTeQD8cv6d94gvf54cmNAf1uGskXIBkGMltWIL9fjh38Z29XfWfG
    rNHinzonHCgV0E0kChfvLACsfZZpo2QwYjAdBgNVHQ4EFgQUmrzhsnQfiPv4dGxL
    OIo0HYKv0yAwHwYDVR0jBBgwFoAUVhIKIaAA0WSgiv537lT8TcKrH/0wDwYDVR0T
    AQH/BAUwAwEB/zAPBgNVHREECDAGhwTAAAIBMAoGCCqGSM49BAMCA0cAMEQCIDkg
    biSIhwPj/2586m93mFXgDBTIBYU3hxAqq9eH2OXrAiBvvEBL0oNT0s4uDEsbdlw/
    82h4W4R2TRY5wkWa/mwv4A==
    -----END CERTIFICATE-----
    """)
  /// None; the common name is carrier.example. Good in 2020.
  static let expired = bytes(
    """
    -----BEGIN CERTIFICATE-----
    MIIBFDCBvAIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlhdXRob3JpdHkwHhcN
    MjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAwWjAaMRgwFgYDVQQDDA9jYXJyaWVy
    LmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARlSIramTeQD8cv6d94
    gvf54cmNAf1uGskXIBkGMltWIL9fjh38Z29XfWfGrNHinzonHCgV0E0kChfvLACs
    fZZpMAoGCCqGSM49BAMCA0cAMEQCIFq7Ie7/mG3XhthjB1z0JHN0DdOwWmMbA6HP
    k0n+9lFjAiAWLQfjNYCk/qssw/7Dl4AMCFuvwaL7Og6Cb8XSeadzUQ==
    -----END CERTIFICATE-----
    """)
}
