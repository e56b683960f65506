// What a backup says of itself, as the last file in it: whose it is, when it was made, which epoch it ends, and the digest
// of every other file. Written in the configuration's own language.

import Basics
import Configuration

public struct Manifest: Hashable, Sendable {
  public struct Member: Hashable, Sendable {
    public var name: MemberName
    public var bytes: Int
    /// SHA-256.
    public var digest: [UInt8]

    public init(name: MemberName, bytes: Int, digest: [UInt8]) {
      self.name = name
      self.bytes = bytes
      self.digest = digest
    }
  }

  /// Why the files of an archive are not those of its manifest.
  public enum Mismatch: Error, Hashable, Sendable {
    case altered(ByteString)
    case missing(ByteString)
    case unlisted(ByteString)
  }

  /// Of this file. A backup of another one is refused.
  public static let format = 1

  public var branch: ByteString
  public var at: WallTime
  /// Of the program.
  public var version: ByteString
  public var epoch: UInt64
  public var identity: UInt64
  /// Starts of the box with its database.
  public var runs: UInt64
  /// The box that made it makes no callbacks any more.
  public var isHandOver: Bool
  /// Of the key that its secrets are sealed under.
  public var keyFingerprint: ByteString
  public var members: [Member]

  public init(
    branch: ByteString, at: WallTime, version: ByteString, epoch: UInt64, identity: UInt64, runs: UInt64,
    isHandOver: Bool, keyFingerprint: ByteString, members: [Member] = []
  ) {
    self.branch = branch
    self.at = at
    self.version = version
    self.epoch = epoch
    self.identity = identity
    self.runs = runs
    self.isHandOver = isHandOver
    self.keyFingerprint = keyFingerprint
    self.members = members
  }

  public func has(_ place: MemberName.Place) -> Bool { members.contains { $0.name.place == place } }

  /// Each of the files is in it as it is, and none is missing.
  public func check(_ found: [Member]) throws(Mismatch) {
    var listed: [MemberName: Member] = [:]
    for member in members { listed[member.name] = member }
    for member in found {
      guard let expected = listed.removeValue(forKey: member.name) else { throw .unlisted(member.name.text) }
      guard expected == member else { throw .altered(member.name.text) }
    }
    // In the order of the list: a dictionary has none.
    for member in members where listed[member.name] != nil { throw .missing(member.name.text) }
  }
}

// MARK: - As text

extension Manifest {
  /// nil where it is damaged, or of another format.
  public init?(parsing bytes: [UInt8]) {
    var problems = Problems()
    let tree = Block(parsing: bytes, problems: &problems)
    SchemaChecker.check(tree, against: Self.schema, problems: &problems)
    guard !problems.hasErrors else { return nil }
    let root = Section(tree, schema: Self.schema)
    guard root.integer("format") == Self.format, let at = WallTime(rfc3339: root.text("made") ?? ""),
      let identity = Self.hexadecimal(root.text("identity") ?? "")
    else { return nil }
    self.init(
      branch: root.text("branch") ?? "", at: at, version: root.text("version") ?? "",
      epoch: UInt64(root.integer("epoch")), identity: identity.reduce(0) { $0 << 8 | UInt64($1) },
      runs: UInt64(root.integer("runs")), isHandOver: root.has("handed-over"),
      keyFingerprint: root.text("key") ?? "")
    for (values, _) in root.allValues("member") {
      guard values.count == 3, case .text(let name) = values[0], case .integer(let count) = values[1],
        case .text(let digest) = values[2], let name = MemberName(name), let digest = Self.hexadecimal(digest),
        digest.count == Self.digestBytes
      else { return nil }
      members.append(Member(name: name, bytes: count, digest: digest))
    }
  }

  public var text: [UInt8] {
    func statement(_ name: ByteString, _ values: ByteString...) -> Node {
      Node(Word(name), values.map { Word($0, isQuoted: $0.isEmpty || name == "branch" || name == "made") })
    }
    var identity = ByteWriter(capacity: 16)
    identity.append(hex: self.identity)
    var nodes = [
      statement("format", ByteString(Self.format)), statement("branch", branch),
      statement("made", ByteString(at.rfc3339)), statement("version", version),
      statement("epoch", ByteString(Int(clamping: epoch))), statement("identity", ByteString(identity.bytes)),
      statement("runs", ByteString(Int(clamping: runs))), statement("key", keyFingerprint),
    ]
    if isHandOver { nodes.append(statement("handed-over")) }
    for member in members {
      var digest = ByteWriter(capacity: 2 * Self.digestBytes)
      digest.append(hexOf: member.digest)
      nodes.append(
        Node(
          Word("member"),
          [Word(member.name.text, isQuoted: true), Word(ByteString(member.bytes)), Word(ByteString(digest.bytes))]))
    }
    return ConfigurationFormatter.format(Block(nodes))
  }

  private static let digestBytes = 32

  private static func hexadecimal(_ text: ByteString) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = text.bytes[index].hexValue, let low = text.bytes[index + 1].hexValue else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static var schema: [SchemaNode] {
    let help = Help("kept by the program", "由程序维护")
    let number = ValueType.integer(0...Int.max, unit: "")
    func required(_ name: ByteString, _ type: ValueType) -> SchemaNode {
      SchemaNode(name, .init("value", type), occurrence: .required, help: help)
    }
    return [
      required("format", number), required("branch", .text(0...256)), required("made", .text(1...32)),
      required("version", .text(1...64)), required("epoch", number), required("identity", .text(16...16)),
      required("runs", number), required("key", .text(0...64)), SchemaNode("handed-over", help: help),
      SchemaNode(
        "member", .init("name", .text(1...BackupLimits.nameBytes)), .init("bytes", number),
        .init("digest", .text(2 * digestBytes...2 * digestBytes)), isKeyed: true,
        occurrence: .repeated(BackupLimits.members), help: help),
    ]
  }
}
