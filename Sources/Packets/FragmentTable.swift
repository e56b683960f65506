// Datagrams that came in pieces (RFC 791 §3.2, RFC 8200 §4.5), put together into one frame as if they had come whole.
// Bounded; a datagram whose pieces overlap is given up (RFC 5722, here for both versions).

import Basics

struct FragmentTable {
  private struct Key: Hashable {
    var source: IPAddress
    var destination: IPAddress
    var identification: UInt32
    var payloadProtocol: UInt8
  }

  private struct Piece {
    var offset: Int
    var bytes: [UInt8]
    var end: Int { offset + bytes.count }
  }

  private struct Pending {
    var key: Key
    /// Without overlap, by offset.
    var pieces: [Piece] = []
    /// Of the whole payload; nil until the last piece came.
    var length: Int?
    /// The link header and the IP header of the first piece.
    var head: [UInt8]?
    var packetStart = 0
  }

  /// Oldest first.
  private var pending: [Pending] = []
  /// Datagrams of which not all pieces came, before there was no room any more.
  private(set) var givenUp = 0

  /// nil until the last missing piece.
  mutating func add(
    _ frame: [UInt8], _ header: InternetHeader, _ fragment: InternetHeader.Fragment
  ) throws(PacketRefusal) -> [UInt8]? {
    let key = Key(
      source: header.source, destination: header.destination, identification: fragment.identification,
      payloadProtocol: header.source.isV4 ? header.payloadProtocol : 0)
    let index = place(of: key)
    let piece = Piece(offset: fragment.offset, bytes: Array(frame[header.payload]))
    guard !header.isCut, !piece.bytes.isEmpty, piece.end <= PacketLimits.maxDatagramBytes,
      fragment.isLast || piece.bytes.count % 8 == 0, insert(piece, isLast: fragment.isLast, at: index)
    else {
      pending.remove(at: index)
      throw .badFragment
    }
    if fragment.offset == 0 {
      var head = Array(frame[..<fragment.headerEnd])
      head[fragment.protocolByte] = header.payloadProtocol
      pending[index].head = head
      pending[index].packetStart = fragment.packetStart
    }
    guard let whole = Self.whole(pending[index]) else { return nil }
    pending.remove(at: index)
    return whole
  }

  private mutating func place(of key: Key) -> Int {
    if let index = pending.firstIndex(where: { $0.key == key }) { return index }
    if pending.count >= PacketLimits.maxFragmentedDatagrams {
      pending.removeFirst()
      givenUp += 1
    }
    pending.append(Pending(key: key))
    return pending.count - 1
  }

  /// False where it does not fit with the others. The very same piece once more changes nothing.
  private mutating func insert(_ piece: Piece, isLast: Bool, at index: Int) -> Bool {
    let pieces = pending[index].pieces
    if isLast {
      guard pending[index].length == nil || pending[index].length == piece.end else { return false }
      pending[index].length = piece.end
    }
    if let length = pending[index].length, piece.end > length { return false }
    let place = pieces.firstIndex { $0.offset >= piece.offset } ?? pieces.count
    if place < pieces.count, pieces[place].offset == piece.offset { return pieces[place].bytes == piece.bytes }
    if place < pieces.count, piece.end > pieces[place].offset { return false }
    if place > 0, pieces[place - 1].end > piece.offset { return false }
    guard pieces.count < PacketLimits.maxFragments else { return false }
    pending[index].pieces.insert(piece, at: place)
    if let length = pending[index].length, let last = pending[index].pieces.last, last.end > length { return false }
    return true
  }

  private static func whole(_ pending: Pending) -> [UInt8]? {
    guard let length = pending.length, var frame = pending.head else { return nil }
    var end = 0
    for piece in pending.pieces {
      guard piece.offset == end else { return nil }
      end = piece.end
    }
    let headerBytes = frame.count - pending.packetStart
    guard end == length, headerBytes + length <= PacketLimits.maxDatagramBytes else { return nil }
    for piece in pending.pieces { frame += piece.bytes }
    describeAsWhole(&frame, pending.packetStart, payloadBytes: length, headerBytes: headerBytes)
    return frame
  }

  /// Lengths, flags and the checksum of the header as those of a packet that was never cut.
  private static func describeAsWhole(_ frame: inout [UInt8], _ start: Int, payloadBytes: Int, headerBytes: Int) {
    guard frame[start] >> 4 == 4 else {
      frame.set16(start + 4, headerBytes - 40 + payloadBytes)
      return
    }
    frame.set16(start + 2, headerBytes + payloadBytes)
    frame.set16(start + 6, 0)
    frame.set16(start + 10, 0)
    frame.set16(start + 10, Checksum.of(frame[start..<start + headerBytes]))
  }
}
