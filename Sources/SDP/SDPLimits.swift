// Every limit of this module in one place, and why a description was not accepted.

public enum SDPLimits {
  /// The largest description that is read, in bytes.
  public static let maxBytes = 16_384
  /// Payload types of the audio line; further ones are left out.
  public static let maxFormats = 32
  /// Media lines.
  public static let maxMediaLines = 16
}

public enum SDPError: Error, Equatable, Sendable {
  case tooLarge
  /// Does not begin with `v=0`.
  case notASessionDescription
  case malformedMediaLine
  case tooManyMediaLines
  /// No media line is audio over RTP/AVP (or RTP/AVPF, which a peer may offer and have answered as it stands).
  case noAudio
  /// Neither the audio line nor the session has an address in its c= line.
  case noAddress
  /// The c= line holds a name or nothing that is an address.
  case malformedAddress
}
