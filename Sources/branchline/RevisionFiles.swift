// Where configurations are kept: the file that everybody knows, and beside it a directory with the text of each revision,
// the state that says which one runs, and what could not be used. Secrets are sealed on the way to the disk and opened on
// the way back, so nobody else has to know.

import Basics
import BranchConfiguration
import Configuration
import LinuxIO
import Revisions
import Sealing

struct RevisionFiles: Sendable {
  let configurationPath: ByteString
  private let directory: ByteString
  private let key: SealingKey?
  /// Why secrets are not sealed; nil: they are.
  let keyFault: ByteString?

  init(configurationPath: ByteString) {
    self.configurationPath = configurationPath
    let place = Self.directory(configurationPath)
    directory = place + "/"
    (key, keyFault) = DeviceKey.load(from: Self.keyPath(in: place))
  }

  static func directory(_ configurationPath: ByteString) -> ByteString { configurationPath + ".revisions" }
  static func keyPath(in directory: ByteString) -> ByteString { directory + "/device.key" }
  static func epochPath(in directory: ByteString) -> ByteString { directory + "/epoch" }
  /// Of the certificate that the box makes for its page.
  static func certificatePath(in directory: ByteString) -> ByteString { directory + "/web.pem" }
  /// Of the one that it makes for SIP over TLS.
  static func sipCertificatePath(in directory: ByteString) -> ByteString { directory + "/sip.pem" }

  func path(of file: RevisionFile) -> ByteString {
    switch file {
    case .configuration: configurationPath
    case .state: directory + "state"
    case .text(let number): directory + ByteString(number) + ".conf"
    case .rejected: directory + "rejected.conf"
    case .hub: directory + "hub.conf"
    }
  }

  var certificatePath: ByteString { Self.certificatePath(in: Self.directory(configurationPath)) }
  var sipCertificatePath: ByteString { Self.sipCertificatePath(in: Self.directory(configurationPath)) }

  func read(_ file: RevisionFile) -> [UInt8]? {
    let limit = file == .state ? RevisionLimits.stateBytes : ConfigurationFile.Limits.bytes
    guard let bytes = try? FileReader.read(path(of: file), limit: limit) else { return nil }
    return file == .state ? bytes : opened(bytes)
  }

  var keyFingerprint: ByteString { key?.fingerprint ?? "" }

  /// As it stands on the disk, fit to leave the box; nil where it cannot be read, or nobody can say what in it is secret.
  func readSealed(_ file: RevisionFile) -> [UInt8]? {
    let limit = file == .state ? RevisionLimits.stateBytes : ConfigurationFile.Limits.bytes
    guard key != nil, let bytes = try? FileReader.read(path(of: file), limit: limit) else { return nil }
    guard file.holdsConfiguration else { return file == .state ? bytes : nil }
    var problems = Problems()
    _ = Block.configuration(asWritten: bytes, problems: &problems)
    return problems.hasErrors ? nil : sealed(bytes)
  }

  /// Waits for the disk. errno(3), 0 when it is done.
  func write(_ file: RevisionFile, _ bytes: [UInt8]) -> Int32 {
    do throws(SystemError) {
      try WholeFile.write(file.holdsConfiguration ? sealed(bytes) : bytes, to: path(of: file))
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

  // MARK: Secrets

  private func sealed(_ text: [UInt8]) -> [UInt8] {
    guard let key else { return text }
    return mappingSecrets(of: text) { path, secret in
      guard !SealingKey.isSealed(secret), let nonce = try? Entropy.bytes(SealingKey.nonceBytes) else { return nil }
      return key.seal(secret.bytes, nonce: nonce, context: path.bytes)
    }
  }

  /// What the key does not open stays sealed: nothing is lost, and nobody knows it.
  private func opened(_ text: [UInt8]) -> [UInt8] {
    guard let key, Self.holdsSealed(text) else { return text }
    return mappingSecrets(of: text) { path, secret in
      SealingKey.isSealed(secret) ? key.open(secret, context: path.bytes).map { ByteString($0) } : nil
    }
  }

  /// Whether a secret is in it that no key has opened.
  static func holdsSealed(_ text: [UInt8]) -> Bool { text.contains(ConfigurationDisplay.sealedPrefix.bytes) }

  private func mappingSecrets(
    of text: [UInt8], _ replacement: (ByteString, ByteString) -> ByteString?
  ) -> [UInt8] {
    var problems = Problems()
    let tree = Block.configuration(asWritten: text, problems: &problems)
    // What is no configuration is left as it is.
    guard !problems.hasErrors else { return text }
    return tree.splicingSecrets(into: text, BranchSchema.root, replacement)
  }
}

extension RevisionFile {
  fileprivate var holdsConfiguration: Bool {
    switch self {
    case .configuration, .text, .hub: true
    case .state, .rejected: false
    }
  }
}

extension Array where Element == UInt8 {
  fileprivate func contains(_ mark: [UInt8]) -> Bool {
    guard let first = mark.first else { return true }
    var rest = self[...]
    while let index = rest.firstIndex(of: first) {
      rest = rest[index...]
      if rest.starts(with: mark) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
