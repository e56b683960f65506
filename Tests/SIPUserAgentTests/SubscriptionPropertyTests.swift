import Basics
import SIPMessage
import Testing

@testable import SIPUserAgent

@Suite("Subscriptions, whatever happens") struct SubscriptionPropertyTests {
  /// A lamp that changes at random, and a phone that answers when it likes.
  @Test(
    "the newest state is told at last, versions rise by one, and never are two NOTIFYs under way", arguments: 1...60)
  func properties(_ seed: UInt64) {
    let world = World(seed: seed)
    let box = world.add(Fixture.box, Fixture.boxSettings())
    let watcher = Watcher(world, box, RawPeer(world, "10.0.0.50:5060"), number: "102")
    var random = SeededRandom(seed: seed)
    watcher.subscribe()
    var lamp = Lamp.off
    guard let id = Self.subscription(world, box) else { return #expect(Bool(false), "seed \(seed)") }
    world.command(box, .show(id, .lamp(lamp)))
    var answered = 0
    for _ in 0..<80 {
      switch random.below(8) {
      case 0...3:
        lamp = Self.lamp(&random)
        world.command(box, .show(id, .lamp(lamp)))
      case 4: watcher.subscribe()
      default:
        if answered < watcher.notifies.count {
          watcher.answer(watcher.notifies[answered])
          answered += 1
        }
      }
      watcher.listen(.milliseconds(1 + random.below(700)))
      #expect(watcher.notifies.count <= answered + 1, "seed \(seed): two under way")
    }
    for _ in 0..<3 {
      while answered < watcher.notifies.count {
        watcher.answer(watcher.notifies[answered])
        answered += 1
      }
      watcher.listen(.milliseconds(1_500))
    }
    #expect(watcher.faults.isEmpty, "seed \(seed): \(watcher.faults)")
    let expected = lamp.state == .terminated ? [] : ["\(lamp.state)"]
    #expect(Array(watcher.dialogs.values) == expected, "seed \(seed): \(watcher.dialogs) for \(lamp)")
    #expect(world.nodes[box].agent.subscriptionCount == 1, "seed \(seed)")
  }

  @Test("over a network that loses, doubles and delays, the phone shows the lamp in the end", arguments: 1...20)
  func lossy(_ seed: UInt64) {
    let world = World(seed: seed)
    let box = world.add(Fixture.box, Fixture.boxSettings())
    let watcher = Watcher(world, box, RawPeer(world, "10.0.0.50:5060"), number: "102")
    var random = SeededRandom(seed: seed)
    watcher.subscribe()
    guard let id = Self.subscription(world, box) else { return #expect(Bool(false), "seed \(seed)") }
    world.command(box, .show(id, .lamp(.off)))
    world.lossPercent = 20
    world.doublePercent = 20
    world.delay = (1, 60)
    var lamp = Lamp.off
    for step in 0..<200 {
      if step < 150, random.chance(percent: 40) {
        lamp = Self.lamp(&random)
        world.command(box, .show(id, .lamp(lamp)))
      }
      if step == 180 { (world.lossPercent, world.delay) = (0, (5, 5)) }
      let messages = watcher.peer.receive(after: .milliseconds(200))
      watcher.read(messages)
      for message in messages where message.method == .notify && message.isRequest { watcher.answer(message) }
    }
    // Twenty per cent each way, some eleven times: a subscription may be lost that way, and then is gone on both sides.
    guard world.nodes[box].agent.subscriptionCount == 1 else { return }
    #expect(watcher.faults.isEmpty, "seed \(seed): \(watcher.faults)")
    let expected = lamp.state == .terminated ? [] : ["\(lamp.state)"]
    #expect(Array(watcher.dialogs.values) == expected, "seed \(seed)")
  }

  private static func subscription(_ world: World, _ box: Int) -> SubscriptionID? {
    for event in world.nodes[box].events { if case .subscribed(let id, _, _, _) = event { return id } }
    return nil
  }

  private static func lamp(_ random: inout SeededRandom) -> Lamp {
    let direction: Lamp.Direction = random.chance(percent: 50) ? .initiator : .recipient
    switch random.below(3) {
    case 0: return .off
    case 1: return Lamp(.early, direction)
    default: return Lamp(.confirmed, random.chance(percent: 30) ? nil : direction)
    }
  }
}
