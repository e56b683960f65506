// The box: both of its cores, its storage and its power.

import Appliance
import Basics
import BranchConfiguration
import FlightRecorder
import Journal
import MediaEngine
import SIPTransaction
import SIPUserAgent
import Sealing

extension World {
  /// The box is the machine with this number among streams.
  static let boxMachine = -1

  mutating func powerUp() {
    isPowered = true
    auditor.powerReturned(storage, at: now)
    appliance = Appliance(
      recorder: FlightRecorder(
        SegmentStart(run: UInt64(crashes), startedAt: epoch + (now - .zero), version: "simulation"),
        segmentBytes: recordingBytes))
    media = MediaHost(address: Self.boxEndpoint.address, engine: MediaEngine(prompts: prompts, seed: random.next()))
    wallToldAt = nil
    tellBox(.entropy(entropy()))
    tellBox(.interfaces([Interface(address: Self.boxEndpoint.address, prefixLength: 8)]))
    if configurationFiles.isEmpty { tellBox(.configure(revision: revision, settings)) } else { startConfigurations() }
    tellBox(.restored(storage.restored()))
  }

  public mutating func cutPower() {
    guard isPowered else { return }
    crashes += 1
    isPowered = false
    storage.cutPower()
    streams.powerFails(on: Self.boxMachine, at: now)
    auditor.powerFailed(at: now)
    log.append("\(now.nanoseconds / 1_000_000) power cut")
    plan(.powerUp, after: Limits.outage)
  }

  /// A new configuration, as by SIGHUP.
  public mutating func reload(_ new: BranchSettings) {
    settings = new
    revision += 1
    tellBox(.configure(revision: revision, new))
  }

  /// SIGTERM.
  public mutating func shutDown() { tellBox(.shutdown) }

  /// What the line that tells of a failing power says.
  public mutating func power(_ level: PowerLevel) { tellBox(.power(level)) }

  /// The media ring of the box has this many free slots.
  public mutating func mediaRoom(_ slots: Int) { tellBox(.mediaRoom(slots)) }

  /// The box's answer as JSON.
  public mutating func ask(_ query: Query) -> String {
    lastQuestion += 1
    tellBox(.query(lastQuestion, query))
    return String(decoding: answers.removeValue(forKey: lastQuestion) ?? [], as: UTF8.self)
  }

  /// The files of recorded names, with their samples.
  public var nameFiles: [ByteString: Int] { names.files.mapValues { $0.count } }

  /// The box's answer to an order of the console, as JSON; empty where it comes later.
  public mutating func order(_ order: Order) -> String {
    lastQuestion += 1
    tellBox(.order(lastQuestion, order, by: "console:0"))
    return laterAnswer
  }

  /// What has come since to the latest question.
  public var laterAnswer: String {
    mutating get { String(decoding: answers.removeValue(forKey: lastQuestion) ?? [], as: UTF8.self) }
  }

  /// While the box is off: another database is put into its place.
  public mutating func replaceStorage(_ change: (inout SimulatedStorage) -> Void) { change(&storage) }

  /// Streams that the box has open.
  public var openStreams: Int { media.engine.streamCount }

  /// What has not come to rest: calls, streams, people in calls.
  public var unrest: [String] {
    var found: [String] = []
    for person in people.indices where !people[person].phone.isIdle {
      found.append("\(people[person].phone.setup.name) is still in a call at the end")
    }
    if openStreams > 0 { found.append("\(openStreams) streams are still open at the end") }
    let own = appliance.callsAndLegs
    if own.calls + own.legs > 0 { found.append("the box still has \(own.calls) calls and \(own.legs) legs at the end") }
    return found
  }

  mutating func hear(_ report: SimulatedStorage.Report) {
    switch report {
    case .durable(let ticket): tellBox(.durable(upTo: ticket))
    case .failed(let ticket): tellBox(.persistFailed(from: ticket, .diskFull))
    }
  }

  mutating func tellBox(_ events: [MediaEvent]) {
    for event in events where isPowered { tellBox(.media(event)) }
  }

  mutating func tellBox(_ input: Appliance.Input) {
    guard isPowered else { return }
    if wallToldAt.map({ now - $0 >= Limits.wallEvery }) ?? true {
      wallToldAt = now
      appliance.handle(.wall(epoch + (now - .zero), trusted: true), at: now)
      drainBox()
    }
    appliance.handle(input, at: now)
    drainBox()
    if case .media = input { return }
    boxInputs += 1
    if boxInputs == cutsPowerAfterInput { cutPower() }
  }

  private mutating func keep(_ part: FlightRecorder.Part) {
    if part.beginsSegment { recordings.append([]) }
    if recordings.count > Limits.recordings { recordings.removeFirst() }
    if !recordings.isEmpty { recordings[recordings.count - 1] += part.bytes }
  }

  private mutating func drainBox() {
    var heard: [MediaEvent] = []
    var inputs: [Appliance.Input] = []
    while let output = appliance.pollOutput() {
      switch output {
      case .transport(let output): carry(output)
      case .media(let command): heard += media.handle(command, at: now, on: &network)
      case .persist(let batch): storage.submit(batch, at: now)
      case .record(let part): keep(part)
      case .log(let entry): note(entry)
      case .answer(let question, let bytes): answers[question] = bytes
      case .name(let file): names.carryOut(file, prompts.recordings)
      case .keepNames(let files): names.keep(files)
      case .configurations(let output): if let input = carryOut(output) { inputs.append(input) }
      case .verify(let ticket, let password, let hash):
        let isRight = hash.flatMap { PasswordHash(text: $0) }?.matches(password) ?? false
        inputs.append(.verified(ticket, isRight))
      case .upkeep(let client, let upkeep): answers[client] = upkeep.answer()
      case .question(let client, "limits"): answers[client] = LimitUse.json(appliance.limitUses(at: now))
      case .question(let client, _), .copyDatabase(let client): answers[client] = []
      // Here nobody puts an older database into the box's place.
      case .keepEpoch: break
      case .capture(let client, let order, let who):
        // There are no packets here: as if it were done.
        answers[client] = SimulatedCaptures.answer(order)
        inputs.append(.acted(by: who, act: order.act, subject: order.subject, isDone: true))
      case .stopped: hasStopped = true
      }
    }
    tellBox(heard)
    for input in inputs { tellBox(input) }
  }

  /// What goes through a listener that is not there is lost, as it is of a socket that was closed.
  private mutating func carry(_ output: TransportLayer.Output) {
    guard case .datagram(let number, _, _) = output else {
      return carry(output, from: Self.boxMachine, own: Self.boxEndpoint)
    }
    let listener = settings.userAgent.listeners.first { $0.index == number && $0.transport == .udp }
    guard let port = listener?.endpoint.port else { return }
    carry(output, from: Self.boxMachine, own: Endpoint(Self.boxEndpoint.address, port))
  }

  private mutating func note(_ entry: LogEntry) {
    if entry.level == .alarm { alarms += 1 }
    if entry.call > 0 { auditor.boxNames(call: entry.call, inRun: crashes, at: now) }
    guard entry.level >= .info else { return }
    log.append("\(now.nanoseconds / 1_000_000) \(entry.event) \(entry.call) \(entry.text)")
  }

  func datagramListener(at port: UInt16) -> UInt16? {
    settings.userAgent.listeners.first { $0.transport == .udp && $0.endpoint.port == port }?.index
  }

  /// The listener of the box for streams.
  var streamListener: UInt16? {
    settings.userAgent.listeners.first { $0.transport == .tcp }?.index
  }
}
