// Reading a wall time as people and programs write it (RFC 3339 §5.6), without fractions of a second.

extension WallTime {
  /// `2026-03-01T08:15:00Z`, `2026-03-01T16:15:00+08:00`.
  public init?(rfc3339 text: ByteString) {
    let bytes = text.bytes
    guard bytes.count == 20 || bytes.count == 25 else { return nil }
    func number(_ place: Int, _ digits: Int) -> Int? { Int(decimalDigits: bytes[place..<place + digits]) }
    func stands(_ sign: StaticString, at place: Int) -> Bool { bytes[place] == sign.utf8Start.pointee }
    guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2), let hour = number(11, 2),
      let minute = number(14, 2), let second = number(17, 2), stands("-", at: 4), stands("-", at: 7),
      stands("T", at: 10), stands(":", at: 13), stands(":", at: 16), hour < 24, minute < 60, second < 60,
      let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    var offset = 0
    if bytes.count == 25 {
      guard let hours = number(20, 2), let minutes = number(23, 2), stands(":", at: 22), hours < 24, minutes < 60,
        stands("+", at: 19) || stands("-", at: 19)
      else { return nil }
      offset = (hours * 60 + minutes) * (stands("+", at: 19) ? 60 : -60)
    } else if !stands("Z", at: 19) {
      return nil
    }
    let time = date.daysSince1970 * 86_400 + hour * 3_600 + minute * 60 + second - offset
    self.init(seconds: Int64(time))
  }
}
