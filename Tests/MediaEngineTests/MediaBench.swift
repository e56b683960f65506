// An engine under a virtual clock, with everything that it says recorded, and phones that send to it.

import Basics
import Codecs
import MediaEngine
import RTP

/// A packet as it left the engine.
struct SentPacket {
  var stream: StreamID
  var remote: Endpoint
  var at: Instant
  var header: RTPHeader
  var payload: [UInt8]
}

struct RecordingSink: PacketSink {
  var packets: [SentPacket] = []
  var now = Instant.zero

  mutating func send(_ packet: UnsafeRawBufferPointer, from stream: StreamID, to remote: Endpoint) {
    guard let parsed = try? RTPPacket(parsing: packet) else { fatalError("the engine sent no RTP packet") }
    packets.append(
      SentPacket(
        stream: stream, remote: remote, at: now, header: parsed.header,
        payload: Array(packet[parsed.payloadStart..<parsed.payloadEnd])))
  }
}

/// The remote party of a stream.
struct Phone {
  var endpoint: Endpoint
  var ssrc: UInt32
  var payloadType: UInt8 = 0
  var eventPayloadType: UInt8 = 101
  var sequence: UInt16 = 65_000
  var timestamp: UInt32 = 0xFFFF_F000

  init(_ number: Int, payloadType: UInt8 = 0) {
    endpoint = Endpoint(.v4(0xC000_0200 + UInt32(number)), UInt16(10_000 + number))
    ssrc = UInt32(number) * 0x0101_0101
    self.payloadType = payloadType
  }

  mutating func audio(_ payload: [UInt8] = Array(repeating: 0x55, count: 160), marker: Bool = false) -> [UInt8] {
    defer { timestamp &+= UInt32(payload.count) }
    return packet(payload, type: payloadType, marker: marker)
  }

  /// One packet of a key; the timestamp stays until `endEvent`.
  mutating func event(
    _ digit: Character, duration: UInt16, isEnd: Bool = false, marker: Bool = false
  ) -> [UInt8] {
    let code = TelephoneEvent.code(ofDigit: digit.asciiValue ?? 0) ?? 255
    var payload = [UInt8](repeating: 0, count: 4)
    _ = payload.withUnsafeMutableBytes {
      TelephoneEvent(code: code, isEnd: isEnd, duration: duration).write(to: $0)
    }
    return packet(payload, type: eventPayloadType, marker: marker)
  }

  mutating func packet(_ payload: [UInt8], type: UInt8, marker: Bool) -> [UInt8] {
    defer { sequence &+= 1 }
    var bytes = [UInt8](repeating: 0, count: 12)
    let header = RTPHeader(
      marker: marker, payloadType: type, sequence: sequence, timestamp: timestamp, ssrc: ssrc)
    _ = bytes.withUnsafeMutableBytes { header.write(to: $0) }
    return bytes + payload
  }
}

struct MediaBench {
  var engine: MediaEngine
  var sink = RecordingSink()
  var now = Instant(nanoseconds: 1_000_003_000_000)
  var events: [MediaEvent] = []
  var ports: [PortAction] = []

  init(prompts: PromptTable = PromptTable(), limits: MediaEngine.Limits = .init(), seed: UInt64 = 7) {
    engine = MediaEngine(prompts: prompts, limits: limits, seed: seed)
  }

  mutating func command(_ command: MediaCommand) {
    engine.handle(command, at: now)
    drain()
  }

  mutating func drain() {
    while let event = engine.pollEvent() { events.append(event) }
    while let action = engine.pollPort() { ports.append(action) }
  }

  /// Lets the clock run, turning at each deadline.
  mutating func run(milliseconds: Int) {
    let end = now + .milliseconds(milliseconds)
    while let deadline = engine.nextDeadline, deadline <= end {
      now = max(now, deadline)
      sink.now = now
      engine.advance(to: now, sink: &sink)
      drain()
    }
    now = end
  }

  mutating func receive(_ packet: [UInt8], on stream: StreamID, from: Endpoint) {
    sink.now = now
    var bytes = packet
    bytes.withUnsafeMutableBytes { engine.receive($0, on: stream, from: from, at: now, to: &sink) }
    drain()
  }

  /// `count` packets of a phone, one every 20 ms, with the clock running between.
  mutating func talk(
    _ phone: inout Phone, on stream: StreamID, packets count: Int, payload: [UInt8] = Array(repeating: 0x55, count: 160)
  ) {
    for _ in 0..<count {
      receive(phone.audio(payload), on: stream, from: phone.endpoint)
      run(milliseconds: 20)
    }
  }

  /// Opens a stream and sets its target.
  mutating func join(
    _ slot: UInt32, _ phone: Phone, codec: AudioCodec = .pcmu, events: UInt8? = 101, milliseconds: UInt8 = 20,
    follows: Bool = false
  ) -> StreamID {
    let id = StreamID(slot: slot, generation: 0)
    command(.open(id, port: UInt16(20_000 + 2 * slot), v6: false))
    command(
      .target(id, Self.target(phone, codec, events: events, milliseconds: milliseconds, follows: follows)))
    return id
  }

  static func target(
    _ phone: Phone, _ codec: AudioCodec = .pcmu, events: UInt8? = 101, milliseconds: UInt8 = 20, sends: Bool = true,
    receives: Bool = true, follows: Bool = false
  ) -> StreamTarget {
    StreamTarget(
      remote: phone.endpoint, codec: codec, payloadType: codec.rawValue, eventPayloadType: events,
      packetMilliseconds: milliseconds, sends: sends, receives: receives, followsSource: follows)
  }

  func sent(to stream: StreamID) -> [SentPacket] { sink.packets.filter { $0.stream == stream } }

  /// The digits reported for a stream, with their lengths.
  func digits(of stream: StreamID) -> [String] {
    events.compactMap { event in
      guard case .digit(stream, let digit, let length) = event else { return nil }
      return "\(Character(UnicodeScalar(digit)))\(length)"
    }
  }
}
