// What came of an order, in the words that every answer to one has.

extension JSONWriter {
  /// Of an object that is begun; what else there is to tell may follow.
  ///
  /// - Parameter refusal: a word that the console has in both languages; nil: it was done.
  public mutating func outcome(of act: ByteString, _ subject: ByteString, refusal: ByteString? = nil) {
    field("done", refusal == nil)
    field("act", act)
    field("subject", subject)
    if let refusal { field("refusal", refusal) }
  }

  /// That, and nothing else.
  public static func outcome(of act: ByteString, _ subject: ByteString, refusal: ByteString? = nil) -> [UInt8] {
    var json = JSONWriter()
    json.object { $0.outcome(of: act, subject, refusal: refusal) }
    return json.bytes
  }
}
