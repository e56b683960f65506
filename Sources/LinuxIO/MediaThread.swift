// The thread that carries sound, seen from the signalling thread: between them two bounded rings of plain values, and
// an eventfd each way.

import Basics
import MediaEngine
import Synchronization

/// What the two threads share.
final class MediaLink: @unchecked Sendable {
  let commands: SPSCRing<MediaCommand>
  let events: SPSCRing<MediaEvent>
  /// Tells the media thread of commands, and that it is to stop.
  let commandSignal: EventSignal
  /// Tells the signalling thread of events.
  let eventSignal: EventSignal
  private let stopping = Atomic<Bool>(false)

  init(commands: Int, events: Int) throws(SystemError) {
    self.commands = SPSCRing(capacity: commands)
    self.events = SPSCRing(capacity: events)
    commandSignal = try EventSignal()
    eventSignal = try EventSignal()
  }

  var isStopping: Bool { stopping.load(ordering: .acquiring) }
  func stop() {
    stopping.store(true, ordering: .releasing)
    commandSignal.signal()
  }
}

///     let media = try MediaThread(engine)
///     // before each turn of the core: media.room
///     media.send(command); media.wake()
///     // when media.descriptor is readable:
///     media.clear(); while let event = media.nextEvent() { … }
public final class MediaThread {
  public enum Limits {
    /// Commands on their way down. The core refuses calls before it fills.
    public static let commands = 4_096
    /// Events on their way up; while it is full they wait in the engine.
    public static let events = 4_096
    static let stackBytes = 131_072
    /// Of SCHED_FIFO: above all ordinary programs, below the kernel's interrupt threads, which have 50.
    static let priority: Int32 = 10
  }

  private let link: MediaLink
  private let thread: NativeThread

  /// Starts the thread, which owns the engine from here on.
  public init(_ engine: MediaEngine) throws(SystemError) {
    let link = try MediaLink(commands: Limits.commands, events: Limits.events)
    var loop = try MediaLoop(engine, link)
    self.link = link
    thread = try NativeThread(name: "media", stackBytes: Limits.stackBytes) {
      NativeThread.preferCurrent(priority: Limits.priority)
      loop.run()
    }
  }

  /// How many commands can be sent for certain.
  public var room: Int { link.commands.room }
  /// False when the ring is full: the command is lost. Whoever heeds `room` does not see that.
  public func send(_ command: MediaCommand) -> Bool { link.commands.push(command) }
  /// After the commands of one turn.
  public func wake() { link.commandSignal.signal() }

  /// Readable when events have come.
  public var descriptor: Int32 { link.eventSignal.descriptor }
  public func clear() { link.eventSignal.clear() }
  public func nextEvent() -> MediaEvent? { link.events.pop() }

  /// Closes all ports and waits for the thread's end.
  public func stop() {
    link.stop()
    thread.join()
  }
}
