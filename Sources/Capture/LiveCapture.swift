// Capturing on a network interface into a ring of files, without credentials, until it is stopped or a limit is reached.
// For a thread that may wait for the disk: waits itself only there. Reads no clock.

import Basics
import CPcap
import Packets
import SIPTrace

///     let capture = try LiveCapture(.init(interface: "any", prefix: "/var/lib/branchline/captures/call7"), at: now)
///     while case .running = capture.drain(at: now) { … poll(capture.descriptor) until capture.deadline … }
public final class LiveCapture {
  /// `libpcap version 1.10.3`, and what else it says of itself.
  public static var libraryVersion: ByteString { ByteString(cString: cpcap_version()) }

  public struct Order: Sendable {
    /// "any" for all of them.
    public var interface: ByteString
    /// Of the files' paths; see `FrameRing`.
    public var prefix: ByteString
    /// pcap-filter(7), of numbers alone; empty for all that is UDP or TCP. `PacketFilter` makes that of one call.
    public var filter: ByteString
    public var ring: FrameRing.Size
    /// After so many bytes it ends; nil: the ring goes round.
    public var maxBytes: Int?
    /// After this time it ends.
    public var maxTime: Interval?
    public var dropsDigits: Bool
    /// Of what the filter takes, chosen calls alone. Their ports are added to the filter as they come and go, so that
    /// the kernel keeps the sound of all others away; where they are too many for that, `soundFilter` is.
    public var choice: FrameChoice?
    public var soundFilter: ByteString

    public init(
      interface: ByteString = "any", prefix: ByteString, filter: ByteString = ByteString(),
      ring: FrameRing.Size = .init(fileBytes: 8 << 20, files: 4), maxBytes: Int? = nil, maxTime: Interval? = nil,
      dropsDigits: Bool = false, choice: FrameChoice? = nil, soundFilter: ByteString = ByteString()
    ) {
      self.interface = interface
      self.prefix = prefix
      self.filter = filter
      self.ring = ring
      self.maxBytes = maxBytes
      self.maxTime = maxTime
      self.dropsDigits = dropsDigits
      self.choice = choice
      self.soundFilter = soundFilter
    }
  }

  public enum State: Hashable, Sendable {
    /// - Parameter isBehind: more waits already.
    case running(isBehind: Bool)
    case ended(End)
  }
  public enum End: Hashable, Sendable {
    case stopped
    case size
    case time
    case failed(CaptureError)
  }

  public struct Counters: Hashable, Sendable {
    public var frames = 0
    /// Neither UDP nor TCP, or malformed: nobody can tell what secrets are in it.
    public var leftOut = 0
    /// Of nobody who was chosen.
    public var notChosen = 0
    /// The kernel had no room: we came too late.
    public var dropped = 0
  }

  private let pcap: OpaquePointer
  private let link: LinkType
  private let order: Order
  private let ring: FrameRing
  private var scrub: FrameScrub
  private var choice: FrameChoice?
  private var end: End?
  private var count = Counters()

  /// Readable when frames wait.
  public let descriptor: Int32
  /// When the time is up; nil without such a limit.
  public let deadline: Instant?

  public init(_ order: Order, at now: Instant) throws(CaptureError) {
    let (opened, words) = withWords { words in
      order.interface.withCString {
        cpcap_open_interface(
          $0, Int32(CaptureLimits.snapshotBytes), Int32(CaptureLimits.kernelBufferBytes), words)
      }
    }
    guard let opened else { throw .interface(order.interface + ": " + words) }
    let number = Int(cpcap_link_type(opened))
    do throws(CaptureError) {
      guard let link = LinkType(number: number) else { throw .linkType(number) }
      if !order.filter.isEmpty { try PacketFile.setFilter(order.filter, opened) }
      ring = try FrameRing(prefix: order.prefix, linkType: number, size: order.ring)
      self.link = link
    } catch {
      cpcap_close(opened)
      throw error
    }
    pcap = opened
    self.order = order
    descriptor = cpcap_descriptor(opened)
    deadline = order.maxTime.map { now + $0 }
    scrub = FrameScrub(dropsDigits: order.dropsDigits)
    choice = order.choice
  }
  deinit { cpcap_close(pcap) }

  public var counters: Counters {
    var all = count
    all.dropped = max(0, Int(cpcap_dropped(pcap)))
    return all
  }
  /// Oldest first.
  public var paths: [ByteString] { ring.paths }
  public var bytesWritten: Int { ring.bytesWritten }
  public var framesWritten: Int { ring.framesWritten }

  /// What belongs to the chosen calls from now on.
  public func want(_ callIDs: [ByteString], ports: [UInt16]) {
    guard end == nil, let released = choice?.want(callIDs, ports: ports) else { return }
    do throws(CaptureError) {
      try write(released)
      try PacketFile.setFilter(filter(withSoundAt: ports), pcap)
    } catch {
      _ = finish(.failed(error))
    }
  }

  private func filter(withSoundAt ports: [UInt16]) -> ByteString {
    guard ports.count <= CaptureLimits.maxFilterPorts else { return order.filter + " or " + order.soundFilter }
    return ports.reduce(order.filter) {
      $0 + " or udp port " + ByteString(Int($1)) + " or udp port " + ByteString(Int($1 &+ 1))
    }
  }

  /// Takes the frames that wait, as many as `CaptureLimits.framesAtOnce`.
  public func drain(at now: Instant) -> State {
    if let end { return .ended(end) }
    if let deadline, now >= deadline { return finish(.time) }
    for _ in 0..<CaptureLimits.framesAtOnce {
      var frame = cpcap_frame()
      switch cpcap_next(pcap, &frame) {
      case 1:
        do throws(CaptureError) { try keep(CapturedFrame(frame)) } catch { return finish(.failed(error)) }
        if let most = order.maxBytes, ring.bytesWritten >= most { return finish(.size) }
      case 0: return .running(isBehind: false)
      default:
        let words = ByteString(cString: cpcap_error(pcap), limit: Int(CPCAP_ERROR_BYTES))
        return finish(.failed(.interface(order.interface + ": " + words)))
      }
    }
    return .running(isBehind: true)
  }

  /// Others can read what was written so far.
  public func flush() throws(CaptureError) { try ring.flush() }

  /// Takes what still waits, and closes the file.
  public func stop(at now: Instant) -> State {
    while case .running(isBehind: true) = drain(at: now) {}
    return end.map { .ended($0) } ?? finish(.stopped)
  }

  private func keep(_ frame: CapturedFrame) throws(CaptureError) {
    count.frames += 1
    switch scrub.clean(frame.bytes, link: link) {
    case .wait: return
    case .leaveOut: count.leftOut += 1
    case .keep(let bytes):
      // What was put together of fragments is as long as all of them.
      let missing = max(0, frame.length - frame.bytes.count)
      let cleaned = CapturedFrame(time: frame.time, bytes: bytes, length: bytes.count + missing)
      guard let chosen = choice?.take(cleaned, link: link) else { return try ring.write(cleaned) }
      if chosen.isEmpty { count.notChosen += 1 }
      try write(chosen)
    }
  }

  private func write(_ frames: [CapturedFrame]) throws(CaptureError) {
    for frame in frames { try ring.write(frame) }
  }

  private func finish(_ reason: End) -> State {
    var reason = reason
    do throws(CaptureError) { try ring.close() } catch { if case .failed = reason {} else { reason = .failed(error) } }
    end = reason
    return .ended(reason)
  }
}
