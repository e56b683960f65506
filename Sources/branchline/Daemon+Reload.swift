// SIGHUP: the configuration is read again. With any error all of it stays as it was, and every error is in the log.

import Appliance
import Basics
import BranchConfiguration
import Configuration
import LinuxIO
import MediaEngine
import SIPUserAgent

extension Daemon {
  mutating func reload() {
    // A log that was renamed is begun anew, whatever becomes of the configuration.
    log.reopen(to: settings.logTarget.destination)
    let reading: BranchSettings.Reading
    do throws(FileReadError) {
      reading = try ConfigurationFile.read(configurationPath)
    } catch {
      return keep(error.text)
    }
    for line in ConfigurationFile.lines(reading, configurationPath, .english) {
      note(LogEntry(.warning, "config.problem", line))
    }
    guard let new = reading.settings else { return keep("it has errors") }
    do throws(SystemError) {
      try sockets.listen(new.userAgent.listeners)
    } catch {
      return keep(error.text)
    }
    noteRestartNeeds(new)
    let old = settings
    settings = new
    revision += 1
    log.minimumLevel = new.logLevel
    if new.logTarget != old.logTarget { log.reopen(to: new.logTarget.destination) }
    handle(.configure(revision: revision, new))
    power.configure(new.power, at: now)
    if new.power != old.power { attendPower() }
    note(LogEntry(.notice, "config.applied", ByteString("revision ") + ByteString(Int(clamping: revision))))
  }

  private func keep(_ reason: ByteString) {
    note(LogEntry(.warning, "config.kept", "the configuration stays as it was: " + reason))
  }

  private func noteRestartNeeds(_ new: BranchSettings) {
    var changed: [ByteString] = []
    if new.storagePath != settings.storagePath { changed.append("storage") }
    if new.flightRecorderBytes != settings.flightRecorderBytes { changed.append("the flight recorder's room") }
    if new.controlSocketPath != settings.controlSocketPath { changed.append("control") }
    if new.promptsDirectory != settings.promptsDirectory { changed.append("prompts") }
    if Self.mediaLimits(new).streams > mediaStreams { changed.append("room for so many media ports") }
    for name in changed { note(LogEntry(.notice, "config.restart", name + " changes with the next start")) }
  }
}
