// The files of recorded names, as the shell keeps them: they survive a power cut.

import Basics
import MediaEngine
import VoiceService

struct SimulatedNames {
  private(set) var files: [ByteString: [UInt8]] = [:]

  mutating func carryOut(_ file: VoiceService.NameFile, _ pool: RecordingPool) {
    switch file {
    case .write(let name, let slot, _): files[name] = Array(pool.samples(slot))
    case .read(let name, let slot):
      pool.clear(slot)
      (files[name] ?? []).withUnsafeBytes { _ = pool.append($0, to: slot) }
    case .remove(let name): files[name] = nil
    }
  }

  mutating func keep(_ names: [ByteString]) { files = files.filter { names.contains($0.key) } }
}
