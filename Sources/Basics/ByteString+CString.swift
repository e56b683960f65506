// Text of C libraries.

extension ByteString {
  /// Up to the zero byte; empty where there is none.
  public init(cString start: UnsafePointer<CChar>?) {
    self.init()
    guard let letters = start.map({ UnsafeRawPointer($0) }) else { return }
    var index = 0
    while true {
      let byte = letters.load(fromByteOffset: index, as: UInt8.self)
      guard byte != 0 else { return }
      bytes.append(byte)
      index += 1
    }
  }
}
