import Appliance
import Basics
import BranchConfiguration
import Configuration
import Simulation
import Testing

/// Calls that run and callers who wait are left alone by every change but those that are about them.
@Suite("Changes in the middle of the day")
struct HitlessTests {
  private typealias Person = BusyOffice.Person

  /// A copy of the office, in which a change can be tried.
  private func office() throws -> BusyOffice { try #require(BusyOffice.open) }

  /// The version of the language never differs between two configurations: both are read as today's.
  private static func paths(_ nodes: [SchemaNode] = BranchSchema.root, _ path: String = "") -> [String] {
    nodes.filter { $0.name != Migration.statement }.flatMap { node in
      [path + "/\(node.name)"] + paths(node.children ?? [], path + "/\(node.name)")
    }
  }

  @Test("every statement of the schema has an example of its change")
  func isComplete() {
    let known = Set(HitlessExamples.all.map { $0.path })
    #expect(Self.paths().filter { !known.contains($0) } == [])
    #expect(known.subtracting(Self.paths()) == [])
    #expect(known.count == HitlessExamples.all.count)
  }

  @Test(
    "a change and its taking back leave running calls, waiting callers and agents alone", arguments: HitlessExamples.all
  )
  func leavesAlone(_ example: HitlessExamples.Example) throws {
    var office = try office()
    try office.commit(example.lines, by: example.isOfHub ? .hub : .branch)
    #expect(office.losses() == [])
    let isConnected = office.newCallWorks()
    #expect(isConnected)
    try office.commit([], by: example.isOfHub ? .hub : .branch)
    #expect(office.losses() == [])
    let isServed = office.nextIsServed()
    #expect(isServed)
  }

  @Test("listeners may come in front of others and change places: calls, phones and trunks stay with theirs")
  func listenersReordered() throws {
    var office = try office()
    var text = String(decoding: try BusyOffice.text([]), as: UTF8.self)
    text = text.replacing("listen udp 10.0.0.1:5060\n", with: "")
    text = text.replacing(
      "listen tcp 10.0.0.1:5060\n",
      with: "listen tcp 10.0.0.1:5070\nlisten tcp 10.0.0.1:5060\nlisten udp 10.0.0.1:5060\n")
    try office.commit(text: Array(text.utf8))
    #expect(office.losses() == [])
    let isConnected = office.newCallWorks()
    #expect(isConnected)
    office.world.tell(Person.callee, .hangUp)
    office.world.run(for: .seconds(2))
    #expect(office.world.isIdle(Person.caller))
    let isServed = office.nextIsServed()
    #expect(isServed)
  }

  @Test("without their listener calls have sound but end on one side only; back at its address it serves them again")
  func listenerRemoved() throws {
    var office = try office()
    let elsewhere = [
      "set listen udp 10.0.0.1:5070", "delete listen udp 10.0.0.1:5060",
    ]
    try office.commit(elsewhere)
    #expect(office.losses() == [])
    office.world.tell(Person.callee, .hangUp)
    office.world.run(for: .seconds(3))
    #expect(!office.world.isIdle(Person.caller))
    try office.commit([])
    office.world.run(for: .seconds(30))
    #expect(office.world.isIdle(Person.caller))
    let isServed = office.nextIsServed()
    #expect(isServed)
  }

  // MARK: What is about running things

  @Test("a removed extension finishes its call and is reached no more")
  func extensionRemoved() throws {
    var office = try office()
    try office.commit(["delete extension 102"])
    #expect(office.losses() == [])
    #expect(!office.world.ask(.phones).contains("\"user\":\"102\""))
    office.world.call(Person.free, "102")
    office.world.run(for: .seconds(2))
    #expect(office.world.stories(of: Person.free).last == .ended(number: "102", status: 404, wasAnswered: false))
    office.world.tell(Person.callee, .hangUp)
    office.world.run(for: .seconds(2))
    #expect(office.world.isIdle(Person.caller))
  }

  @Test("an agent who leaves the queue finishes the call, then is logged out; the caller who waits keeps the place")
  func agentRemoved() throws {
    var office = try office()
    try office.commit(["delete queue service agents 101"])
    #expect(office.losses() == [])
    office.world.tell(Person.served, .hangUp)
    office.world.run(for: .seconds(3))
    #expect(!office.world.ask(.agents).contains("\"agent\":\"101\",\"name\":\"101\",\"state\":\"ready"))
    #expect(Sight(&office.world).places == office.before.places)
    _ = office.world.order(.act(.ready(extension: "104")))
    let isServed = office.world.run(atMost: .seconds(10)) { $0.sound(heardBy: Person.waits) == .voice }
    #expect(isServed)
  }

  @Test("a removed queue serves whom it has, and takes nobody more")
  func queueRemoved() throws {
    var office = try office()
    try office.commit(["set inbound all to queue night", "delete queue service"])
    #expect(office.losses(but: []) == [])
    #expect(office.world.ask(.queues).contains("\"draining\":true"))
    office.world.call(Person.free, "600")
    office.world.run(for: .seconds(2))
    #expect(office.world.stories(of: Person.free).last == .ended(number: "600", status: 404, wasAnswered: false))
    let isServed = office.nextIsServed()
    #expect(isServed)
    #expect(office.world.ask(.agents).contains("\"agent\":\"101\",\"name\":\"101\",\"state\":\"talking\""))
    office.world.tell(Person.waits, .hangUp)
    office.world.run(for: .seconds(3))
    #expect(!office.world.ask(.agents).contains("\"state\":\"ready\""))
  }

  @Test("a removed trunk finishes its calls, and its callers who wait are served")
  func trunkRemoved() throws {
    var office = try office()
    try office.commit([
      "set inbound all trunk second", "set outbound all trunk second",
      "delete trunk carrier",
    ])
    #expect(office.losses() == [])
    let isServed = office.nextIsServed()
    #expect(isServed)
    #expect(office.world.isIdle(Person.served))
  }

  @Test("a queue that closes takes nobody more; whoever waits is served")
  func queueCloses() throws {
    var office = try office()
    try office.commit(["set hours office daily 20:00-21:00"])
    #expect(office.losses() == [])
    office.world.call(Person.free, "600")
    office.world.run(for: .seconds(5))
    #expect(Sight(&office.world).places.count == 1)
    let isServed = office.nextIsServed()
    #expect(isServed)
  }

  @Test("callers who have waited too long by a new bound go where the queue sends them; calls go on")
  func waitShortened() throws {
    var office = try office()
    office.world.run(for: .seconds(20))
    try office.commit(["set queue service maximum-wait 10s", "set queue service else extension 107"])
    office.world.run(for: .seconds(3))
    #expect(Sight(&office.world).places.isEmpty)
    #expect(office.world.sound(heardBy: Person.waits) == .voice && office.world.sound(heardBy: Person.spare) == .voice)
    #expect(office.losses(but: [.place, .agents]).allSatisfy { $0.hasPrefix("sound: [true, true, true, true, true]") })
  }
}
