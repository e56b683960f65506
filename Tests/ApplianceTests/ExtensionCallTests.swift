import Basics
import MediaEngine
import SIPTransaction
import Simulation
import Testing

@Suite("Calls between phones")
struct ExtensionCallTests {
  @Test("a call rings, is answered and hung up; no leg, stream or call is left", arguments: [SIPTransport.udp, .tcp])
  func wholeCall(_ transport: SIPTransport) throws {
    let branch = try Branch(transport)
    branch.call(0, "102")
    let isConnected = branch.until { $0.isTalking(0) && $0.isTalking(1) }
    #expect(isConnected)
    #expect(branch.world.stories(of: 0).contains(.hearsRinging))
    #expect(branch.world.stories(of: 1).contains(.rings(number: "102", from: "101", name: "Phone 101")))
    #expect(branch.world.openStreams == 2)
    branch.hangUp(1)
    branch.wait(40)
    #expect(branch.status(0) == 200)
    #expect(branch.isAtRest() == [])
    let record = branch.world.storage.calls.values.first
    #expect(record?.status == 200 && record?.destination == "extension 102" && record?.hungUpByCaller == false)
  }

  @Test("busy, declined and absent reach the caller as they are", arguments: [486, 603])
  func refused(_ status: Int) throws {
    let branch = try Branch()
    branch.world.tell(1, .manner(.refuses(after: .seconds(1), status: status)))
    branch.call(0, "102")
    branch.wait(40)
    #expect(branch.status(0) == status)
    #expect(branch.isAtRest() == [])
  }

  @Test("nobody answers: the phone stops ringing and the caller gets 480")
  func noAnswer() throws {
    let branch = try Branch(answers: false)
    branch.call(0, "102")
    branch.wait(55)
    #expect(!branch.world.isIdle(1))
    branch.wait(60)
    #expect(branch.status(0) == 480)
    #expect(branch.isAtRest() == [])
  }

  @Test("the caller gives up while it rings", arguments: [SIPTransport.udp, .tcp])
  func cancelled(_ transport: SIPTransport) throws {
    let branch = try Branch(transport, answers: false)
    branch.call(0, "102")
    branch.wait(3)
    #expect(!branch.world.isIdle(1))
    branch.hangUp(0)
    branch.wait(40)
    #expect(branch.status(1) == 487)
    #expect(branch.isAtRest() == [])
  }

  @Test("a phone that is not there gives 480, an unknown number 404")
  func absent() throws {
    let branch = try Branch(more: "extension 104 { name \"Nobody\"; secret \"never used by any phone\" }\n")
    branch.call(0, "104")
    branch.wait(3)
    #expect(branch.status(0) == 480)
    branch.call(0, "199")
    branch.wait(40)
    #expect(branch.status(0) == 404)
    #expect(branch.isAtRest() == [])
  }

  @Test("both hear each other; on hold one hears music and the other nothing; then both again")
  func sound() throws {
    let branch = try Branch(sound: true)
    branch.connect()
    #expect(branch.world.sound(heardBy: 0) == .voice && branch.world.sound(heardBy: 1) == .voice)
    branch.world.tell(0, .hold(true))
    branch.wait(2)
    #expect(branch.last(0) == .holdAgreed(true))
    #expect(branch.world.sound(heardBy: 1) == .prompt(.music))
    #expect(branch.world.sound(heardBy: 0) == nil)
    branch.world.tell(0, .hold(false))
    branch.wait(2)
    #expect(branch.world.sound(heardBy: 0) == .voice && branch.world.sound(heardBy: 1) == .voice)
    branch.hangUp(0)
    branch.wait(40)
    #expect(branch.isAtRest() == [])
  }

  @Test("one side hangs up while the other is on hold")
  func hangUpOnHold() throws {
    let branch = try Branch(sound: true)
    branch.connect()
    branch.world.tell(1, .hold(true))
    branch.wait(2)
    branch.hangUp(0)
    branch.wait(40)
    #expect(branch.isAtRest() == [])
  }

  @Test("keys reach the other side, sent as telephone-events or as INFO")
  func keys() throws {
    let branch = try Branch()
    branch.connect()
    for key in "15#".utf8 {
      branch.world.tell(0, .press(key))
      branch.wait(1)
    }
    branch.world.tell(0, .pressByInfo(10))
    branch.wait(1)
    #expect(branch.world.digits(heardBy: 1) == Array("15#*".utf8))
  }

  @Test("a new configuration in the middle of a call touches nothing of it")
  func reload() throws {
    let branch = try Branch(sound: true)
    branch.connect()
    branch.world.reload(try Branch.settings("media { ports 20000-20999 }\n"))
    branch.wait(2)
    #expect(branch.world.sound(heardBy: 0) == .voice && branch.world.sound(heardBy: 1) == .voice)
    branch.hangUp(0)
    branch.wait(40)
    #expect(branch.isAtRest() == [])
    branch.connect()
    #expect(branch.world.sound(heardBy: 1) == .voice)
  }
}
