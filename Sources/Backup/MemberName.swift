// The names that files have in a backup. What has another name is no part of one, so nothing that an archive says leads
// out of the places that a restore writes to.

import Basics

/// `names/17.wav`: a place, and for a directory's the path in it.
public struct MemberName: Hashable, Sendable {
  public enum Place: Hashable, Sendable, CaseIterable {
    /// The first: it says where the others belong.
    case configuration
    case deviceKey
    case revisions
    case database
    case names
    case prompts
    case voicemail
    /// The last.
    case manifest
  }

  public let place: Place
  /// Empty for a file that is alone.
  public let rest: ByteString

  public init(_ place: Place) {
    self.place = place
    rest = ""
  }

  /// nil: such a file cannot be in a backup.
  public init?(_ place: Place, _ rest: ByteString) {
    let parts = rest.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let whole = ByteString(place.text) + rest
    guard place.isDirectory, whole.count <= BackupLimits.nameBytes, parts.count < BackupLimits.nameParts,
      parts.allSatisfy({ Self.isPlain($0) }), place != .revisions || Self.isOfRevisions(rest)
    else { return nil }
    self.place = place
    self.rest = rest
  }

  public init?(_ text: ByteString) {
    for place in Place.allCases
    where place.isDirectory ? text.hasPrefix(ByteString(place.text)) : text == ByteString(place.text) {
      guard place.isDirectory else {
        self.init(place)
        return
      }
      self.init(place, text.dropFirst(ByteString(place.text).count))
      return
    }
    return nil
  }

  public var text: ByteString { ByteString(place.text) + rest }

  /// The directory of revisions holds keys as well, which come another way, and what could not be used.
  private static func isOfRevisions(_ rest: ByteString) -> Bool {
    let ending: ByteString = ".conf"
    return rest == "state" || rest == "hub.conf"
      || rest.bytes.suffix(ending.count) == ending.bytes[...]
        && ByteString(rest.bytes.dropLast(ending.count)).decimalValue != nil
  }

  /// Neither empty nor hidden, `.` and `..` with it; every reader takes it as it is.
  private static func isPlain(_ part: ArraySlice<UInt8>) -> Bool {
    guard let first = part.first, first != UInt8(ascii: ".") else { return false }
    return part.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "\"") }
  }
}

extension MemberName.Place {
  /// The whole name, or what the names in a directory begin with.
  public var text: StaticString {
    switch self {
    case .configuration: "configuration/branch.conf"
    case .deviceKey: "configuration/device.key.sealed"
    case .revisions: "revisions/"
    case .database: "database/branch.db"
    case .names: "names/"
    case .prompts: "prompts/"
    case .voicemail: "voicemail/"
    case .manifest: "MANIFEST"
    }
  }

  public var isDirectory: Bool {
    switch self {
    case .revisions, .names, .prompts, .voicemail: true
    case .configuration, .deviceKey, .database, .manifest: false
    }
  }

  /// Of one member, in bytes.
  public var bytesMax: Int {
    switch self {
    case .configuration, .revisions, .manifest: BackupLimits.textBytes
    case .deviceKey: BackupLimits.keyBytes
    case .names, .prompts, .voicemail: BackupLimits.soundBytes
    case .database: BackupLimits.databaseBytes
    }
  }
}
