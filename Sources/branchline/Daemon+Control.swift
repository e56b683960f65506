// Questions and orders over the control socket. The appliance answers all but one: what only the shell knows.

import Appliance
import Basics
import LinuxIO
import Storage

extension Daemon {
  mutating func attendControl() {
    control.turn(at: now)
    while let request = control.nextRequest() {
      if answersReport(request) {
        continue
      } else if let query = Query(name: request.line) {
        handle(.query(request.client, query))
      } else if request.line == Invocation.ownQuestion {
        control.answer(request.client, process())
      } else {
        order(request)
      }
    }
  }

  private mutating func order(_ request: ControlSocket.Request) {
    let words = request.line.bytes.split(separator: UInt8(ascii: " ")).map { ByteString($0) }
    let who: ByteString = request.user.map { "console:" + ByteString($0) } ?? "console"
    do throws(Order.Fault) {
      if words.first == ConfigurationOrder.word {
        let order = try ConfigurationOrder(Array(words.dropFirst()), text: request.text)
        handle(.configurations(.order(request.client, order, by: who)))
      } else {
        handle(.order(request.client, try Order(words), by: who))
      }
    } catch {
      var json = JSONWriter()
      json.object { json in
        switch error {
        case .unknown: json.field("error", "unknown question")
        case .usage(let words): json.field("error", "usage: " + words)
        }
      }
      control.answer(request.client, json.bytes)
    }
  }

  private func process() -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.field("version", Version.text)
      json.field("residentKilobytes", (ProcessContext.residentBytes() ?? 0) / 1_024)
      json.field("mediaCommandRoom", media.room)
      json.field("logLinesDropped", Int(clamping: log.droppedEntries))
      json.object("sip") { json in
        json.field("datagramsReceived", sockets.counters.datagramsReceived)
        json.field("datagramsSent", sockets.counters.datagramsSent)
        json.field("sendFailures", sockets.counters.sendFailures)
        json.field("connections", sockets.connectionCount)
      }
      json.object("storage") { json in
        json.field("usable", storage.counters != nil)
        guard let counters = storage.counters else { return }
        json.field("commits", counters.database.commits)
        json.field("facts", counters.database.facts)
        json.field("failedCommits", counters.database.failedCommits)
        json.field("checkpoints", counters.database.checkpoints)
        json.field("countedEvents", counters.database.countedEvents)
        json.field("failedRollUps", counters.database.failedRollUps)
        json.field("refusedPromises", counters.refusedPromises)
        json.field("overflowedBatches", counters.overflowedBatches)
        json.field("droppedFacts", counters.droppedFacts)
        json.field("failedFileWorks", counters.failedTasks)
        json.field("longestCommitMicroseconds", counters.longestCommitMicroseconds)
      }
      json.object("control") { json in
        json.field("served", control.counters.served)
        json.field("refused", control.counters.refused)
        json.field("timedOut", control.counters.timedOut)
      }
    }
    return json.bytes
  }
}
