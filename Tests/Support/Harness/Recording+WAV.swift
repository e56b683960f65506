// Recordings to and from WAV files, and made tones.

import Foundation

extension Recording {
  public static func tone(_ frequency: Double, seconds: Double, rate: Double = 8000) -> Recording {
    let step = 2 * Double.pi * frequency / rate
    return Recording(rate: rate, samples: (0..<Int(seconds * rate)).map { 0.35 * sin(step * Double($0)) })
  }

  /// 16 bits, mono.
  public func writeWAV(to file: URL) throws {
    var data = Data("RIFF".utf8)
    func append(_ number: Int, _ width: Int) {
      for index in 0..<width { data.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
    }
    append(36 + samples.count * 2, 4)
    data.append(Data("WAVEfmt ".utf8))
    for (number, width) in [(16, 4), (1, 2), (1, 2), (Int(rate), 4), (Int(rate) * 2, 4), (2, 2), (16, 2)] {
      append(number, width)
    }
    data.append(Data("data".utf8))
    append(samples.count * 2, 4)
    for sample in samples { append(Int(sample * 32767), 2) }
    try data.write(to: file)
  }

  /// Mono or the first channel of a 16-bit WAV file; one that was not closed is read to its end.
  public init(wav path: String) throws {
    let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    func number(_ at: Int, _ width: Int) -> Int {
      (0..<width).reduce(0) { $0 | Int(at + $1 < data.count ? data[at + $1] : 0) << (8 * $1) }
    }
    guard data.count >= 44, data.starts(with: Array("RIFF".utf8)) else { throw Failure("\(path) is no WAV file") }
    var offset = 12
    var channels = 1
    var rate = 8000.0
    while offset + 8 <= data.count {
      let name = String(decoding: data[offset..<offset + 4], as: UTF8.self)
      let body = offset + 8
      let stated = number(offset + 4, 4)
      let size = name == "data" && (stated == 0 || body + stated > data.count) ? data.count - body : stated
      if name == "fmt " {
        guard number(body, 2) == 1, number(body + 14, 2) == 16 else { throw Failure("\(path) is not 16-bit PCM") }
        channels = max(1, number(body + 2, 2))
        rate = Double(number(body + 4, 4))
      } else if name == "data" {
        let frame = 2 * channels
        self.init(
          rate: rate,
          samples: (0..<size / frame).map { Double(Int16(truncatingIfNeeded: number(body + $0 * frame, 2))) / 32768 })
        return
      }
      offset = body + size + (size & 1)
    }
    throw Failure("\(path) has no samples")
  }
}
