// Where configurations are kept: the file that everybody knows, and beside it a directory with the text of each revision,
// the state that says which one runs, and what could not be used.

import Basics
import BranchConfiguration
import LinuxIO
import Revisions

struct RevisionFiles: Sendable {
  let configurationPath: ByteString
  private let directory: ByteString

  init(configurationPath: ByteString) {
    self.configurationPath = configurationPath
    directory = configurationPath + ".revisions/"
  }

  func path(of file: RevisionFile) -> ByteString {
    switch file {
    case .configuration: configurationPath
    case .state: directory + "state"
    case .text(let number): directory + ByteString(number) + ".conf"
    case .rejected: directory + "rejected.conf"
    }
  }

  func read(_ file: RevisionFile) -> [UInt8]? {
    let limit = file == .state ? RevisionLimits.stateBytes : ConfigurationFile.Limits.bytes
    return try? FileReader.read(path(of: file), limit: limit)
  }

  /// Waits for the disk. errno(3), 0 when it is done.
  func write(_ file: RevisionFile, _ bytes: [UInt8]) -> Int32 {
    do throws(SystemError) {
      try WholeFile.write(bytes, to: path(of: file))
      return 0
    } catch {
      return error.code
    }
  }

  /// One that is not there is as good as removed.
  func remove(_ number: Int) { FileRemover.remove(path(of: .text(number))) }

  var found: Revisions.Found {
    let highest = Directories.files(in: directory).reduce(0) { highest, name in
      guard name.bytes.count > 5, let number = ByteString(name.bytes.dropLast(5)).decimalValue else { return highest }
      return max(highest, number)
    }
    return Revisions.Found(
      state: read(.state), configuration: read(.configuration), highest: highest, text: { read(.text($0)) },
      isGood: { BranchSettings.parse($0).settings != nil })
  }
}
