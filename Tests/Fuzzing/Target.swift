// The targets by name, and the way into libFuzzer.

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

enum Target {
  typealias Body = ([UInt8]) -> Void

  /// libFuzzer calls back without a context. Written once, before it begins.
  nonisolated(unsafe) static var chosen: Body = { _ in }

  static func named(_ name: String) -> Body? {
    switch name {
    case "configuration": FuzzConfiguration().run
    case "grammar": FuzzGrammar().run
    case "line-editor": { FuzzLineEditor.run($0) }
    case "pcap": { FuzzCapture.run($0) }
    case "sip": { FuzzMessages.sip($0) }
    case "sdp": { FuzzMessages.sdp($0) }
    case "page": { FuzzPage.run($0) }
    case "backup": { FuzzBackup.run($0) }
    case "uri": { FuzzDecoders.uri($0) }
    case "digest": { FuzzDecoders.digest($0) }
    case "rtp": { FuzzDecoders.rtp($0) }
    case "rtcp": { FuzzDecoders.rtcp($0) }
    case "planted": { FuzzDecoders.planted($0) }
    case "json": { FuzzMessages.json($0) }
    default: nil
    }
  }

  static func run(_ options: ArraySlice<String>) -> CInt {
    var words: [UnsafeMutablePointer<CChar>?] = (["branchline-fuzz"] + options).map { text in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.utf8.count + 1)
      for (index, byte) in text.utf8.enumerated() { copy[index] = CChar(bitPattern: byte) }
      copy[text.utf8.count] = 0
      return copy
    }
    var count = CInt(words.count)
    words.append(nil)
    let arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count)
    arguments.initialize(from: words, count: words.count)
    var pointer = arguments
    return runDriver(&count, &pointer) { bytes, count in
      Target.chosen(Array(UnsafeBufferPointer(start: bytes, count: count)))
      return 0
    }
  }
}

/// What has to hold for whatever bytes; libFuzzer keeps those for which it does not.
func must(_ holds: Bool, _ what: @autoclosure () -> String, file: StaticString = #file, line: UInt = #line) {
  if !holds { fatalError("does not hold: " + what(), file: file, line: line) }
}

/// Takes what a target needs off the front of the bytes.
struct Choices {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// 0 when nothing is left.
  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }
  mutating func number() -> Int { Int(byte()) | Int(byte()) << 8 }
  mutating func bytes(_ count: Int) -> [UInt8] {
    let taken = Array(rest.prefix(count))
    rest = rest.dropFirst(count)
    return taken
  }
}
