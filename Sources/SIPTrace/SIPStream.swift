// SIP messages out of one direction of a TCP connection (RFC 3261 §18.3). Where bytes are missing, or the capture began
// amid a message, it goes on with the next line that starts one.

import Basics
import Packets
import SIPMessage

public struct SIPStream: Sendable {
  private var order = StreamOrder()
  private var framer = StreamFramer()
  /// What may hold the start of a message; only while that is searched.
  private var searched: [UInt8] = []
  /// Stretches that were no messages.
  private(set) var losses = 0

  var gaps: Int { order.gaps }

  /// The last message that was handed out has ended where the bytes do.
  public var isBetweenMessages: Bool { !isSearching && framer.count == 0 }

  private var isSearching = true
  /// While the beginning of a message is looked for: how many of the last bytes may belong to it. What came before is
  /// not understood. nil: in step.
  public var searchedBytes: Int? { isSearching ? searched.count : nil }

  public mutating func add(_ datagram: Datagram, _ header: Datagram.TCPHeader) -> [[UInt8]] {
    if header.isSyn { self = SIPStream(order: order, losses: losses) }
    return messages(order.add(header, datagram.bytes, isCut: datagram.isCut))
  }

  mutating func finish() -> [[UInt8]] { messages(order.finish()) }

  /// Bytes that come in order, as a socket gives them.
  public mutating func add(_ bytes: [UInt8]) -> [[UInt8]] { messages([.bytes(bytes)]) }

  public init() {}
  private init(order: StreamOrder, losses: Int) {
    self.order = order
    self.losses = losses
  }

  private mutating func messages(_ pieces: [StreamOrder.Piece]) -> [[UInt8]] {
    var messages: [[UInt8]] = []
    for piece in pieces {
      switch piece {
      case .gap:
        if !isSearching { losses += 1 }
        isSearching = true
        searched = []
        framer = StreamFramer()
      case .bytes(let bytes):
        if isSearching { search(bytes) } else { framer.push(bytes[...]) }
        take(&messages)
      }
    }
    return messages
  }

  private mutating func take(_ messages: inout [[UInt8]]) {
    guard !isSearching else { return }
    do throws(SIPParseError) {
      while let message = try framer.next() { messages.append(message) }
    } catch {
      losses += 1
      isSearching = true
      framer = StreamFramer()
    }
  }

  private mutating func search(_ bytes: [UInt8]) {
    searched += bytes
    var start = 0
    while start < searched.count {
      guard let end = searched[start...].firstIndex(of: 0x0A) else { break }
      var line = searched[start..<end]
      if line.last == 0x0D { line = line.dropLast() }
      if TracedMessage.isStartLine(line) {
        framer.push(searched[start...])
        searched = []
        isSearching = false
        return
      }
      start = end + 1
    }
    searched.removeFirst(searched.count - start > TraceLimits.maxSearchedBytes ? searched.count : start)
  }
}
