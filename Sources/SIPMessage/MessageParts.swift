// What a message is made of, and the one change that it may undergo.

import Basics

struct MessageParts: Sendable {
  var bytes: [UInt8]
  var fields: [HeaderField]
  var head: MessageHead

  /// By how much `setReceived` may make a message longer.
  static let receivedGrowth = 80

  /// As `SIPMessage.setReceived`.
  mutating func setReceived(_ address: IPAddress, port: UInt16) -> Bool {
    let via = head.via
    var parameter = ByteWriter(capacity: 64)
    parameter.append(";received=")
    let valueStart = parameter.bytes.count
    address.write(to: &parameter)
    let value = parameter.bytes[valueStart...]
    guard via.hasRPort || !via.received.isEmpty || !value.elementsEqual(bytes[via.host.range]) else { return true }
    guard bytes.count + Self.receivedGrowth <= SIPLimits.maxMessageBytes else { return false }
    if via.hasRPort { setRPort(port) }
    if via.received.isEmpty {
      let end = Int(head.via.whole.end)
      replaceInTopVia(end..<end, parameter.bytes[...])
      head.via.received = Extent(end + valueStart, end + parameter.bytes.count)
    } else {
      let start = Int(head.via.received.start)
      replaceInTopVia(head.via.received.range, value)
      head.via.received = Extent(start, start + value.count)
    }
    return true
  }

  private mutating func setRPort(_ port: UInt16) {
    let end = Int(head.via.rportEnd)
    var start = end
    var value = ByteWriter(capacity: 8)
    if head.via.rport == 0 {
      value.append(UInt8(ascii: "="))
    } else {
      while bytes[start - 1].isASCIIDigit { start -= 1 }
    }
    value.append(decimal: Int(port))
    replaceInTopVia(start..<end, value.bytes[...])
    head.via.rport = port
    head.via.rportEnd = UInt16(truncatingIfNeeded: start + value.bytes.count)
  }

  /// Whatever stands behind moves along; what `range` itself was, the caller knows.
  private mutating func replaceInTopVia(_ range: Range<Int>, _ text: ArraySlice<UInt8>) {
    guard let first = fields.firstIndex(where: { $0.id == .via }) else { return }
    let growth = text.count - range.count
    var edited = ByteWriter(capacity: bytes.count + growth)
    edited.append(bytes[..<range.lowerBound])
    edited.append(text)
    edited.append(bytes[range.upperBound...])
    bytes = edited.bytes
    fields[first].value.stretch(by: growth)
    for index in fields.indices.dropFirst(first + 1) {
      fields[index].name.shift(from: range.upperBound, by: growth)
      fields[index].value.shift(from: range.upperBound, by: growth)
    }
    head.shift(from: range.upperBound, by: growth)
  }
}

/// What init found out about a message.
struct MessageHead: Sendable, BitwiseCopyable {
  var isRequest = false
  var method = Extent.none
  var requestURI = Extent.none
  var status: UInt16 = 0
  var reasonPhrase = Extent.none
  var callID = Extent.none
  var cseqNumber: UInt32 = 0
  var cseqMethod = Extent.none
  var from = AddressExtents()
  var to = AddressExtents()
  var via = ViaExtents()
  var body = Extent.none

  mutating func shift(from position: Int, by count: Int) {
    callID.shift(from: position, by: count)
    cseqMethod.shift(from: position, by: count)
    from.shift(from: position, by: count)
    to.shift(from: position, by: count)
    via.shift(from: position, by: count)
    body.shift(from: position, by: count)
  }
}

extension ViaExtents {
  /// `position` is inside of it or its end.
  mutating func shift(from position: Int, by count: Int) {
    branch.shift(from: position, by: count)
    received.shift(from: position, by: count)
    maddr.shift(from: position, by: count)
    if Int(rportEnd) > position { rportEnd = UInt16(truncatingIfNeeded: Int(rportEnd) + count) }
    parameters.stretch(by: count)
    whole.stretch(by: count)
  }
}

extension AddressExtents {
  mutating func shift(from position: Int, by count: Int) {
    displayName.shift(from: position, by: count)
    uri.shift(from: position, by: count)
    parts.shift(from: position, by: count)
    parameters.shift(from: position, by: count)
    tag.shift(from: position, by: count)
  }
}

extension URIExtents {
  mutating func shift(from position: Int, by count: Int) {
    user.shift(from: position, by: count)
    password.shift(from: position, by: count)
    host.shift(from: position, by: count)
    parameters.shift(from: position, by: count)
    headers.shift(from: position, by: count)
  }
}
