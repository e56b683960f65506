// What `capture list` tells: those that run, those that are kept, and files that were exported.

import Appliance
import Basics
import LinuxIO

enum CaptureList {
  struct Running: Sendable {
    var start: CaptureOrder.Start
    var status: CaptureThread.Status
    var secondsLeft: Int

    init(_ thread: CaptureThread, at now: Instant) {
      start = thread.start
      status = thread.status
      secondsLeft = max(0, (thread.endsAt - now).seconds)
    }
  }

  static func json(_ kept: [CaptureFolder.Kept], _ running: [Running]) -> [UInt8] {
    var json = JSONWriter(capacity: 1_024)
    json.array { json in
      for one in running { write(one, to: &json) }
      for one in kept where !running.contains(where: { $0.start.name == one.name }) { write(one, to: &json) }
    }
    return json.bytes
  }

  private static func write(_ one: Running, to json: inout JSONWriter) {
    json.object { json in
      json.field("capture", one.start.name)
      json.field("state", "running" as ByteString)
      json.field("bytes", one.status.bytes)
      json.field("files", one.status.files)
      json.field("frames", one.status.frames)
      json.field("framesMissed", one.status.dropped)
      json.field("endsInSeconds", one.secondsLeft)
      json.field("scope", one.start.filter.isEmpty ? one.start.scope.text : "filter " + one.start.filter)
    }
  }

  private static func write(_ one: CaptureFolder.Kept, to json: inout JSONWriter) {
    json.object { json in
      json.field("capture", one.name)
      json.field("state", one.isExport ? "exported" as ByteString : "kept")
      json.field("bytes", one.bytes)
      json.field("files", one.files)
      // What a restart has forgotten.
      json.field("frames", nil as Int?)
      json.field("framesMissed", nil as Int?)
      json.field("endsInSeconds", nil as Int?)
      json.field("scope", "" as ByteString)
    }
  }
}
