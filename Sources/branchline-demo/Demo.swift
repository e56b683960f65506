// branchline-demo BOX:PORT CARRIER:PORT SECRET PROMPT-FILE: two minutes at a branch, by people of our own who make real
// calls to a running box. Scripts/run starts the box that fits.

import Basics
import Foundation
import LinuxIO
import MediaEngine
import SIPUserAgent
import Simulation

@main
struct Demo {
  static func main() throws {
    let arguments = CommandLine.arguments.map { ByteString($0) }
    guard arguments.count == 5, let box = Endpoint(arguments[1]), let carrier = Endpoint(arguments[2]) else {
      print("usage: branchline-demo BOX:PORT CARRIER:PORT SECRET PROMPT-FILE")
      exit(2)
    }
    var demo = try Play(box: box, carrier: carrier, secret: arguments[3], voice: arguments[4])
    demo.perform()
    exit(demo.succeeded ? 0 : 1)
  }
}

/// Who is there, and what they do when.
struct Play {
  private var crowd: Crowd
  private let start: Instant
  private var agents: [Int] = []
  private var customers: [Int] = []

  init(box: Endpoint, carrier: Endpoint, secret: ByteString, voice: ByteString) throws {
    crowd = try Crowd(prompts: try Self.microphone(voice))
    start = MonotonicClock.now
    for (index, number) in (["103", "104"] as [ByteString]).enumerated() {
      agents.append(
        try crowd.add(
          SoftPhone.Setup(
            name: "agent " + number,
            account: .registered(user: number, authUser: number, secret: secret, expires: 120),
            own: Endpoint(box.address, box.port + 1 + UInt16(index)), box: box, mediaPort: 32_000 + UInt16(index) * 200,
            number: number, manner: .answers(after: .milliseconds(1_500), talks: .seconds(22 + index * 8)))))
    }
    _ = try crowd.add(
      SoftPhone.Setup(
        name: Self.calledBack, account: .peer(authUser: "", secret: ""), own: carrier, box: box,
        mediaPort: 33_000, number: "", manner: .answers(after: .seconds(3), talks: .seconds(12))))
    for index in 0..<5 {
      let number = ByteString("1380013800") + ByteString(index)
      customers.append(
        try crowd.add(
          SoftPhone.Setup(
            name: "customer " + ByteString(index + 1), account: .peer(authUser: "", secret: ""),
            own: Endpoint(carrier.address, carrier.port + 1 + UInt16(index)), box: box,
            mediaPort: 34_000 + UInt16(index) * 200, number: number, manner: .letsItRing)))
    }
  }

  private static let calledBack: ByteString = "customer called back"

  /// The promise was kept: the customer who hung up was called back and connected.
  var succeeded: Bool { crowd.connections[Self.calledBack] == 1 }

  mutating func perform() {
    at(2, agents[0], .call("*45", as: "103"), "agent 103 logs in with *45")
    at(3, agents[1], .call("*45", as: "104"), "agent 104 logs in")
    call(8, 0)
    call(10, 1)
    call(13, 2)
    call(16, 3)
    at(24, customers[3], .press(UInt8(ascii: "1")), "customer 4 presses 1: call me back")
    call(26, 4)
    at(33, customers[3], .press(UInt8(ascii: "1")), "customer 4 presses 1: the number is right")
    at(46, customers[4], .hangUp, "customer 5 gives up")
    wait(115)
    crowd.say(succeeded ? "two minutes are over: the promise was kept" : "two minutes are over: nobody was called back")
  }

  private mutating func call(_ second: Int, _ customer: Int) {
    at(
      second, customers[customer], .call("600", as: "1380013800" + ByteString(customer)),
      "customer \(customer + 1) calls")
  }

  private mutating func at(_ second: Int, _ member: Int, _ input: SoftPhone.Input, _ words: String) {
    wait(second)
    crowd.say(words)
    crowd.tell(member, input)
  }

  private mutating func wait(_ second: Int) { crowd.live(until: start + .seconds(second)) }

  /// People speak with the box's own music: something must be heard.
  private static func microphone(_ path: ByteString) throws -> PromptTable {
    var table = PromptTable()
    let bytes = try FileReader.read(path, limit: 4_000_000)
    let samples = bytes.withUnsafeBytes { raw in
      (try? WAVFile(parsing: raw)).map { $0.muLaw(of: raw) }
    }
    for language in PromptLanguage.allCases { table.set(PromptID(.music, language), copying: samples ?? []) }
    return table
  }
}
