import Basics
import CLinux
import MediaEngine
import Synchronization
import Testing

@testable import LinuxIO

@Suite struct MediaThreadTests {
  /// A media thread with two streams, each with a phone of its own on the loopback.
  private final class Call {
    let media: MediaThread
    let streams = [SlotID(slot: 0, generation: 1), SlotID(slot: 1, generation: 7)]
    let phones: [DatagramSocket]
    let ports: [UInt16]
    var events: [MediaEvent] = []
    private var probes: UInt32 = 0

    init() throws {
      media = try MediaThread(MediaEngine(prompts: PromptTable(), seed: 1))
      phones = try (0..<2).map { _ in try datagramSocket() }
      ports = try (0..<2).map { _ in try freePort() }
      for index in 0..<2 {
        let remote = try #require(phones[index].localEndpoint)
        send(.open(streams[index], port: ports[index], v6: false))
        send(
          .target(
            streams[index],
            StreamTarget(remote: remote, codec: .pcmu, payloadType: 0, eventPayloadType: 101, followsSource: true)))
      }
      send(.bridge(streams[0], streams[1]))
    }

    func send(_ command: MediaCommand) {
      #expect(media.send(command))
      media.wake()
    }

    /// Sends packets to a phone until one comes through, so the streams exist; the phone takes them all.
    /// - Returns: the number of the next packet.
    @discardableResult
    func flow(to index: Int) throws -> UInt16 {
      var number: UInt16 = 0
      repeat {
        phone(1 - index, sends: number, [UInt8](repeating: 1, count: 160))
        number += 1
      } while !linux_wait_readable(phones[index].descriptor, 50) && number < 100
      phone(1 - index, sends: number, [UInt8](repeating: 0, count: 160))
      while let heard = receive(phones[index]), heard.bytes.last != 0 {}
      return number + 1
    }

    /// Waits for an event that `wanted` turns into something.
    func wait<Found>(for wanted: (MediaEvent) -> Found?) -> Found? {
      repeat {
        media.clear()
        while let event = media.nextEvent() { events.append(event) }
        if let index = events.firstIndex(where: { wanted($0) != nil }) { return wanted(events.remove(at: index)) }
      } while waitUntilReadable(media.descriptor)
      return nil
    }

    /// Of a stream that was told to close. Nobody is woken for it, so an event follows that does wake: of a port that
    /// is taken.
    func statistics(of stream: StreamID) -> StreamStatistics? {
      probes += 1
      let probe = SlotID(slot: 10 + probes, generation: 0)
      send(.open(probe, port: phones[0].localEndpoint?.port ?? 0, v6: false))
      guard wait(for: { if case .openFailed(probe) = $0 { true } else { nil } }) == true else { return nil }
      for case .closed(stream, let statistics) in events { return statistics }
      return nil
    }

    func phone(_ index: Int, sends number: UInt16, _ payload: [UInt8]) {
      let header: [UInt8] = [
        0x80, 0, UInt8(number >> 8), UInt8(number & 0xFF), 0, 0, 0, UInt8(number & 0xFF), 1, 2, 3, UInt8(index),
      ]
      phones[index].send(header + payload, to: Endpoint(.loopbackV4, ports[index]))
    }
  }

  private static let nextPort = Atomic<UInt16>(UInt16(20_000 + getpid() % 5_000 * 2))

  /// Below the ports that the kernel gives away, so that no other test gets it meanwhile.
  private static func freePort() throws -> UInt16 {
    while true {
      let port = nextPort.add(2, ordering: .relaxed).oldValue
      if port > 32_000 { throw SystemError("no free port", code: EADDRINUSE) }
      if (try? datagramSocket(Endpoint(.anyV4, port))) != nil { return port }
    }
  }

  @Test("packets of a bridged call reach the other phone with their sound, from the port it was told")
  func relay() throws {
    let call = try Call()
    let streams = call.streams
    // The streams exist when the first packet is answered by `flowing`.
    let sound = (0..<160).map { UInt8($0) }
    var packet: (datagram: DatagramSocket.Datagram, bytes: [UInt8])?
    var number: UInt16 = 0
    while packet == nil, number < 100 {
      call.phone(0, sends: number, sound)
      number += 1
      packet = linux_wait_readable(call.phones[1].descriptor, 50) ? receive(call.phones[1]) : nil
    }
    let heard = try #require(packet)
    #expect(Array(heard.bytes.dropFirst(12)) == sound)
    #expect(heard.datagram.from.port == call.ports[1])
    #expect(call.wait { if case .flowing(streams[0]) = $0 { true } else { nil } } == true)

    call.phone(1, sends: 5, sound.reversed())
    #expect(receive(call.phones[0])?.bytes.dropFirst(12).elementsEqual(sound.reversed()) == true)

    for stream in streams { call.send(.close(stream)) }
    let statistics = call.statistics(of: streams[1])
    #expect(statistics?.packetsReceived == 1)
    #expect((statistics?.packetsSent ?? 0) >= 1)
    call.media.stop()
    #expect(throws: Never.self) { try datagramSocket(Endpoint(.anyV4, call.ports[1])) }
  }

  @Test("no packet is passed on after its stream was told to close, although the thread was not woken for that")
  func closedUnwoken() throws {
    let call = try Call()
    try call.flow(to: 1)
    #expect(call.media.send(.close(call.streams[1])))
    call.phone(0, sends: 500, [UInt8](repeating: 1, count: 160))
    #expect(!linux_wait_readable(call.phones[1].descriptor, 100))
    #expect(call.statistics(of: call.streams[1]) != nil)
    call.media.stop()
  }

  @Test("a port is kept for the slot's next stream, which hears nothing that was meant for the last one")
  func reopened() throws {
    let call = try Call()
    let number = try call.flow(to: 0)
    call.send(.close(call.streams[1]))
    #expect(call.statistics(of: call.streams[1]) != nil)
    for number in number..<(number + 10) { call.phone(1, sends: number, [UInt8](repeating: 2, count: 160)) }

    let next = SlotID(slot: 1, generation: 8)
    let remote = try #require(call.phones[1].localEndpoint)
    call.send(.open(next, port: call.ports[1], v6: false))
    call.send(
      .target(
        next, StreamTarget(remote: remote, codec: .pcmu, payloadType: 0, eventPayloadType: nil, followsSource: true)))
    // A command is answered after those before it were obeyed: from here on packets are the new stream's.
    call.send(.close(call.streams[0]))
    #expect(call.statistics(of: call.streams[0]) != nil)
    call.phone(1, sends: 500, [UInt8](repeating: 3, count: 160))
    #expect(call.wait { if case .flowing(next) = $0 { true } else { nil } } == true)
    call.send(.close(next))
    let statistics = call.statistics(of: next)
    #expect(statistics?.packetsReceived == 1)
    call.media.stop()
  }

  @Test("a port that is taken is told as one that failed to open, and closing it still answers")
  func portTaken() throws {
    let call = try Call()
    let other = try datagramSocket(Endpoint(.anyV4, 0))
    let stream = SlotID(slot: 2, generation: 0)
    call.send(.open(stream, port: try #require(other.localEndpoint?.port), v6: false))
    #expect(call.wait { if case .openFailed(stream) = $0 { true } else { nil } } == true)
    call.send(.close(stream))
    #expect(call.statistics(of: stream) != nil)
    call.media.stop()
  }

  @Test("the media thread's clock sends digits without any packet coming in")
  func clock() throws {
    let call = try Call()
    call.send(.unbridge(call.streams[0]))
    call.send(.sendDigit(call.streams[0], digit: UInt8(ascii: "5"), milliseconds: 60))
    let packet = try #require(receive(call.phones[0]))
    #expect(packet.bytes[1] & 0x7F == 101 && packet.bytes[12] == 5)
    call.media.stop()
  }

  @Test("stopping closes the ports")
  func stop() throws {
    let call = try Call()
    call.send(.close(call.streams[1]))
    let isClosed = call.statistics(of: call.streams[1]) != nil
    // Commands are taken in order, so the other port is open now.
    #expect(isClosed && (try? datagramSocket(Endpoint(.anyV4, call.ports[0]))) == nil)
    call.media.stop()
    #expect(throws: Never.self) { try datagramSocket(Endpoint(.anyV4, call.ports[0])) }
  }
}
