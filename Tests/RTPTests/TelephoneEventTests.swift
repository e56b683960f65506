import RTP
import Testing

@Suite("Telephone-event payload") struct TelephoneEventTests {
  @Test("four bytes as RFC 4733 draws them, both ways")
  func wire() {
    let event = TelephoneEvent(code: 11, isEnd: true, volume: 10, duration: 0x0320)
    var bytes = [UInt8](repeating: 0, count: 4)
    #expect(bytes.withUnsafeMutableBytes { event.write(to: $0) })
    #expect(bytes == [11, 0x8A, 0x03, 0x20])
    #expect(bytes.withUnsafeBytes { TelephoneEvent(parsing: $0) } == event)
    #expect(
      [11, 0x8A, 3].withUnsafeBytes { TelephoneEvent(parsing: UnsafeRawBufferPointer(rebasing: $0[..<3])) } == nil)
  }

  @Test("every key has a code and every code 0…15 its key")
  func keys() {
    for (code, digit) in "0123456789*#ABCD".utf8.enumerated() {
      let event = TelephoneEvent(code: UInt8(code), isEnd: false, duration: 0)
      #expect(event.digit == digit)
      #expect(TelephoneEvent.code(ofDigit: digit) == UInt8(code))
    }
    #expect(TelephoneEvent.code(ofDigit: UInt8(ascii: "d")) == 15)
    #expect(TelephoneEvent.code(ofDigit: UInt8(ascii: "E")) == nil)
    #expect(TelephoneEvent(code: 16, isEnd: true, duration: 0).digit == nil, "flash is no key")
  }
}
