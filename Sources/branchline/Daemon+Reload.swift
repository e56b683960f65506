// Changes of the configuration while calls go on: what the core orders of the disk and the sockets, and SIGHUP, by which
// the configuration's file is read again. With any error all of it stays as it was.

import Appliance
import Basics
import BranchConfiguration
import LinuxIO
import MediaEngine
import Revisions
import SIPUserAgent

extension Daemon {
  mutating func reload() {
    // A log that was renamed is begun anew, whatever becomes of the configuration.
    log.reopen(to: settings.logTarget.destination)
    guard let text = revisionFiles.read(.configuration) else {
      return note(LogEntry(.warning, "config.kept", "the configuration stays as it was: its file cannot be read"))
    }
    handle(.configurations(.file(text)))
    configureTLS(settings)
    configureWeb(settings)
  }

  mutating func carryOut(_ output: ConfigurationKeeper.Output) {
    switch output {
    case .load(let file): handle(.configurations(.loaded(file, revisionFiles.read(file))))
    case .reserve(let listeners): reserve(listeners)
    case .write(let ticket, let file, let bytes):
      let files = revisionFiles
      storage.perform(ticket: ticket) { files.write(file, bytes) }
      if storage.descriptor == nil { takeStorageResults() }
    case .remove(let number):
      let files = revisionFiles
      storage.perform {
        files.remove(number)
        return 0
      }
    case .adopt(let number, let new): adopt(number, new)
    // What stays inside the core.
    case .answer, .log: break
    }
  }

  private mutating func reserve(_ listeners: [UserAgent.ListenerSettings]) {
    var fault: ByteString?
    do throws(SystemError) {
      try sockets.reserve(listeners)
    } catch {
      fault = error.text
    }
    handle(.configurations(.reserved(fault)))
  }

  private mutating func adopt(_ number: Int, _ new: BranchSettings) {
    do throws(SystemError) {
      try sockets.listen(new.userAgent.listeners)
      lacksListeners = false
    } catch {
      lacksListeners = true
      note(LogEntry(.alarm, "config.cannot-listen", error.text))
    }
    if Self.mediaLimits(new).streams > mediaStreams {
      note(LogEntry(.notice, "config.restart", "room for so many media ports comes with the next start"))
    }
    let old = settings
    settings = new
    configureTLS(new)
    log.minimumLevel = new.logLevel
    if new.logTarget != old.logTarget { log.reopen(to: new.logTarget.destination) }
    handle(.configure(revision: UInt64(clamping: number), new))
    configureWeb(new)
    power.configure(new.power, at: now)
    if new.power != old.power { attendPower() }
    note(LogEntry(.notice, "config.applied", ByteString("revision ") + ByteString(number)))
  }
}
