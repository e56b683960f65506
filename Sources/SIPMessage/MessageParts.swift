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
    let end = Int(via.whole.end)
    let source =
      via.received.isEmpty
      ? Edit(range: end..<end, text: parameter.bytes[...]) : Edit(range: via.received.range, text: value)
    let rport = rportEdit(port)
    let isRPortFirst = rport.range.lowerBound <= source.range.lowerBound
    if isRPortFirst { editTopVia(rport, source) } else { editTopVia(source, rport) }
    let sourceEnd = source.range.lowerBound + (isRPortFirst ? rport.growth : 0) + source.text.count
    head.via.received = Extent(sourceEnd - value.count, sourceEnd)
    if via.hasRPort {
      let rportEnd = rport.range.lowerBound + (isRPortFirst ? 0 : source.growth) + rport.text.count
      head.via.rport = port
      head.via.rportEnd = UInt16(truncatingIfNeeded: rportEnd)
    }
    return true
  }

  /// As `SIPMessage.setKeepAlive`.
  mutating func setKeepAlive(seconds: Int) {
    let keepEnd = Int(head.via.keepEnd)
    guard keepEnd > 0, bytes.count + Self.receivedGrowth <= SIPLimits.maxMessageBytes else { return }
    var value = ByteWriter(capacity: 8)
    value.append("=")
    value.append(decimal: seconds)
    let end = Int(head.via.whole.end)
    editTopVia(Edit(range: keepEnd..<keepEnd, text: value.bytes[...]), Edit(range: end..<end, text: []))
    head.via.keepEnd = 0
  }

  private struct Edit {
    var range: Range<Int>
    var text: ArraySlice<UInt8>

    var growth: Int { text.count - range.count }
  }

  /// Changes nothing, at the end of the Via, where no rport stands.
  private func rportEdit(_ port: UInt16) -> Edit {
    guard head.via.hasRPort else { return Edit(range: Int(head.via.whole.end)..<Int(head.via.whole.end), text: []) }
    let end = Int(head.via.rportEnd)
    var start = end
    var value = ByteWriter(capacity: 8)
    if head.via.rport == 0 {
      value.append(UInt8(ascii: "="))
    } else {
      while bytes[start - 1].isASCIIDigit { start -= 1 }
    }
    value.append(decimal: Int(port))
    return Edit(range: start..<end, text: value.bytes[...])
  }

  /// Whatever stands behind moves along; where the two parameters themselves are then, the caller knows.
  private mutating func editTopVia(_ early: Edit, _ late: Edit) {
    guard let first = fields.firstIndex(where: { $0.id == .via }) else { return }
    let growth = early.growth + late.growth
    var edited = ByteWriter(capacity: bytes.count + growth)
    edited.append(bytes[..<early.range.lowerBound])
    edited.append(early.text)
    edited.append(bytes[early.range.upperBound..<late.range.lowerBound])
    edited.append(late.text)
    edited.append(bytes[late.range.upperBound...])
    bytes = edited.bytes
    let end = Int(head.via.whole.end)
    fields[first].value.stretch(by: growth)
    for index in fields.indices.dropFirst(first + 1) {
      fields[index].name.shift(from: end, by: growth)
      fields[index].value.shift(from: end, by: growth)
    }
    head.shiftBehindVia(from: end, by: growth)
    head.via.shift(from: late.range.upperBound, by: late.growth)
    head.via.shift(from: early.range.upperBound, by: early.growth)
  }
}

/// What init found out about a message.
struct MessageHead: Sendable, BitwiseCopyable {
  var isRequest = false
  var method = Extent.none
  var requestURI = Extent.none
  var requestURIKind = URIExtents.Kind.other
  var status: UInt16 = 0
  var reasonPhrase = Extent.none
  var callID = Extent.none
  var cseqNumber: UInt32 = 0
  var cseqMethod = Extent.none
  var from = AddressExtents()
  var to = AddressExtents()
  var via = ViaExtents()
  var body = Extent.none

  mutating func shiftBehindVia(from position: Int, by count: Int) {
    callID.shift(from: position, by: count)
    cseqMethod.shift(from: position, by: count)
    from.shift(from: position, by: count)
    to.shift(from: position, by: count)
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
    if Int(keepEnd) > position { keepEnd = UInt16(truncatingIfNeeded: Int(keepEnd) + count) }
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
