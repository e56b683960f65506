// The files of the box's configurations, and what a shell does about them.

import Appliance
import Basics
import BranchConfiguration
import Revisions

extension World {
  /// From now on the box keeps what is committed, beginning with this text.
  public mutating func keepConfigurations(_ text: [UInt8]) {
    configurationFiles[.configuration] = text
    startConfigurations()
  }

  mutating func startConfigurations() {
    let files = configurationFiles
    let found = Revisions.Found(
      state: files[.state], configuration: files[.configuration], highest: 0, text: { files[.text($0)] },
      isGood: { BranchSettings.parse($0).settings != nil })
    guard let (revisions, text) = Revisions.start(found, at: now, wall: epoch + (now - .zero), trusted: true),
      let settings = BranchSettings.parse(text).settings
    else { return }
    tellBox(.configurations(.start(revisions)))
    tellBox(.configure(revision: UInt64(revisions.state.running), settings))
  }

  /// - Returns: what the box hears of it.
  mutating func carryOut(_ output: ConfigurationKeeper.Output) -> Appliance.Input? {
    switch output {
    case .load(let file): return .configurations(.loaded(file, configurationFiles[file]))
    case .reserve: return .configurations(.reserved(nil))
    case .write(let ticket, let file, let bytes):
      configurationFiles[file] = bytes
      return .configurations(.written(ticket))
    case .remove(let number):
      configurationFiles[.text(number)] = nil
      return nil
    case .adopt(let number, let settings):
      self.settings = settings
      return .configure(revision: UInt64(number), settings)
    case .answer, .log: return nil
    }
  }

  /// What somebody wants of the kept configurations, and the box's answer as JSON.
  public mutating func order(_ order: ConfigurationOrder, by who: ByteString = "tester") -> String {
    lastQuestion += 1
    let question = lastQuestion
    tellBox(.configurations(.order(question, order, by: who)))
    return String(decoding: answers.removeValue(forKey: question) ?? [], as: UTF8.self)
  }

  /// A line at the control socket, and what comes back; empty: nothing does at once.
  public mutating func request(_ line: ByteString, text: [UInt8] = [], peer: Peer = .trusted(0)) -> [UInt8] {
    lastQuestion += 1
    let question = lastQuestion
    tellBox(.request(OperatorRequest(client: question, line: line, text: text, peer: peer)))
    return answers.removeValue(forKey: question) ?? []
  }
}
