// A backup, read piece by piece as its bytes come. Whatever is wrong ends it, with the place; nothing of a member counts
// before the manifest at the end has confirmed it (`Manifest`). It does no I/O.

import Basics

/// Why an archive is not taken.
public enum ArchiveError: Error, Hashable, Sendable {
  /// No header of a plain file at this byte.
  case damaged(at: Int)
  /// It ends too early, after so many bytes.
  case truncated(at: Int)
  /// Something that no backup holds.
  case foreign(ByteString)
  case twice(ByteString)
  case tooLarge(ByteString, limit: Int)
  case tooMany(limit: Int)
  /// It does not begin with the configuration, or goes on after the manifest.
  case order(ByteString)
}

///     try reader.handle(chunk)
///     while let output = reader.pollOutput() { … }
///     try reader.end()
public struct ArchiveReader: Sendable {
  public enum Output: Hashable, Sendable {
    case begins(MemberName, bytes: Int)
    case content([UInt8])
    case ends
  }

  private enum State: Hashable, Sendable {
    case header
    case content(left: Int, padding: Int)
    case padding(left: Int)
    /// The first block of zeros was read.
    case end
    case ended
  }

  private var state = State.header
  private var block: [UInt8] = []
  private var offset = 0
  private var total = 0
  private var names: Set<MemberName> = []
  private var isAfterManifest = false
  private var outputs = Fifo<Output>()

  public init() {}

  public mutating func pollOutput() -> Output? { outputs.popFirst() }

  public mutating func handle(_ bytes: [UInt8]) throws(ArchiveError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count: Int
      switch state {
      case .header, .end:
        count = min(rest.count, ArchiveHeader.blockBytes - block.count)
        block += rest.prefix(count)
        if block.count == ArchiveHeader.blockBytes { try takeBlock(at: offset + count - block.count) }
      case .content(let left, let padding):
        count = min(rest.count, left)
        outputs.append(.content(Array(rest.prefix(count))))
        goOn(left: left - count, padding: padding)
      case .padding(let left):
        count = min(rest.count, left)
        state = left == count ? .header : .padding(left: left - count)
      // Archivers fill their last record with zeros.
      case .ended: count = rest.count
      }
      rest = rest.dropFirst(count)
      offset += count
    }
  }

  /// The bytes are over.
  public func end() throws(ArchiveError) {
    guard state == .ended, isAfterManifest else { throw .truncated(at: offset) }
  }

  private mutating func takeBlock(at offset: Int) throws(ArchiveError) {
    defer { block = [] }
    let isEmpty = block.allSatisfy { $0 == 0 }
    if state == .end {
      guard isEmpty else { throw .damaged(at: offset) }
      state = .ended
      return
    }
    guard !isEmpty else {
      state = .end
      return
    }
    guard let header = ArchiveHeader(block) else { throw .damaged(at: offset) }
    guard let name = MemberName(header.name) else { throw .foreign(header.name) }
    try accept(name, header)
    outputs.append(.begins(name, bytes: header.bytes))
    isAfterManifest = name.place == .manifest
    goOn(left: header.bytes, padding: ArchiveHeader.padding(after: header.bytes))
  }

  private mutating func accept(_ name: MemberName, _ header: ArchiveHeader) throws(ArchiveError) {
    if isAfterManifest || names.isEmpty != (name.place == .configuration) {
      throw names.contains(name) ? .twice(header.name) : .order(header.name)
    }
    guard names.insert(name).inserted else { throw .twice(header.name) }
    guard names.count <= BackupLimits.members else { throw .tooMany(limit: BackupLimits.members) }
    guard header.bytes <= name.place.bytesMax else { throw .tooLarge(header.name, limit: name.place.bytesMax) }
    total += header.bytes
    guard total <= BackupLimits.totalBytes else { throw .tooLarge(header.name, limit: BackupLimits.totalBytes) }
  }

  private mutating func goOn(left: Int, padding: Int) {
    guard left == 0 else {
      state = .content(left: left, padding: padding)
      return
    }
    outputs.append(.ends)
    state = padding == 0 ? .header : .padding(left: padding)
  }
}
