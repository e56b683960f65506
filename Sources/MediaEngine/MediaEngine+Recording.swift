// Keeping a few seconds of what a stream hears: a caller's name. Packets are kept in the order in which they arrive, as
// µ-law, in memory that is there already.

import Basics
import Codecs
import RTP

/// A recording that runs.
struct Recording {
  var place: RecordingSlot
  var endsAt: Instant
  var count = 0
}

extension MediaEngine {
  /// A stream that is not there has recorded nothing, and says so.
  mutating func record(_ id: StreamID, into place: RecordingSlot, for time: Interval, at now: Instant) {
    guard let slot = slot(of: id) else {
      counters.commandsIgnored += 1
      return emit(.recorded(id, place, samples: 0))
    }
    stopRecording(slot)
    prompts.recordings.clear(place)
    streams[slot]?.recording = Recording(place: place, endsAt: now + time)
    recordingEndsAt = min(recordingEndsAt, now + time)
  }

  mutating func stopRecording(_ slot: Int) {
    guard let stream = streams[slot], let recording = stream.recording else { return }
    streams[slot]?.recording = nil
    emit(.recorded(stream.id, recording.place, samples: UInt16(clamping: recording.count)))
  }

  /// The piece is converted in between, so that the packet stays as it is for a bridged party.
  mutating func keep(_ payload: UnsafeRawBufferPointer, _ codec: AudioCodec, of slot: Int) {
    guard let recording = streams[slot]?.recording else { return }
    var count = 0
    switch codec {
    case .pcmu: count = prompts.recordings.append(payload, to: recording.place)
    case .pcma:
      withUnsafeTemporaryAllocation(byteCount: payload.count, alignment: 8) { copy in
        copy.copyMemory(from: payload)
        G711.convertToMuLaw(copy)
        count = prompts.recordings.append(UnsafeRawBufferPointer(copy), to: recording.place)
      }
    }
    streams[slot]?.recording?.count = count
    if count >= RecordingPool.samplesPerSlot { stopRecording(slot) }
  }

  mutating func endRecordings(at now: Instant) {
    recordingEndsAt = .never
    for slot in streams.indices {
      guard let endsAt = streams[slot]?.recording?.endsAt else { continue }
      if endsAt <= now { stopRecording(slot) } else { recordingEndsAt = min(recordingEndsAt, endsAt) }
    }
  }
}
