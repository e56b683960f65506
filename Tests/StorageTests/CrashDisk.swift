// A disk in memory under SQLite (a VFS): it records every write, truncation, sync, creation and deletion, so that all
// states that a power cut may leave can be made from the record, and it fails where it is told to.

import Basics
import CSQLite

final class CrashDisk {
  enum Operation {
    case create(file: Int, name: String)
    case write(file: Int, offset: Int, bytes: [UInt8])
    case truncate(file: Int, size: Int)
    /// - Parameter andNames: the first sync of a journal or a log syncs its directory too, as the Unix VFS does.
    case sync(file: Int, andNames: Bool)
    case delete(name: String, isSynced: Bool)
  }

  /// A failure, counted over the writes or the syncs from now on.
  struct Fault {
    enum Kind {
      /// `SQLITE_FULL`.
      case writeFull
      case writeError
      /// Nothing says whether what was to be synced is on the disk.
      case syncError
    }
    var kind: Kind
    /// How many succeed before, and how many fail then.
    var after: Int
    var count = 1
    /// Whether a failed write leaves its beginning.
    var leavesPart = true
  }

  struct File {
    var bytes: [UInt8] = []
    var syncsNames = false
  }

  /// The name under which SQLite knows this disk.
  let system: ByteString
  private(set) var operations: [Operation] = []
  private(set) var files: [File] = []
  private(set) var names: [String: Int] = [:]
  /// What was there at the start, on the disk for certain.
  let initial: [String: [UInt8]]
  var faults: [Fault] = []
  private(set) var faultsMet = 0
  private let registration: UnsafeMutablePointer<sqlite3_vfs>

  init(_ initial: [String: [UInt8]] = [:]) {
    self.initial = initial
    registration = .allocate(capacity: 1)
    system = ByteString("crash-\(UInt(bitPattern: registration))")
    for (name, bytes) in initial.sorted(by: { $0.key < $1.key }) {
      names[name] = files.count
      files.append(File(bytes: bytes))
    }
    registration.initialize(to: makeSystem())
    sqlite3_vfs_register(registration, 0)
  }

  // An open file holds on to its disk.
  deinit {
    sqlite3_vfs_unregister(registration)
    registration.pointee.zName.deallocate()
    registration.deallocate()
  }

  /// What a program sees, synced or not.
  var contents: [String: [UInt8]] { names.mapValues { files[$0].bytes } }

  private func makeSystem() -> sqlite3_vfs {
    var vfs = sqlite3_vfs()
    let name = UnsafeMutablePointer<CChar>.allocate(capacity: system.count + 1)
    for (index, byte) in (system.bytes + [0]).enumerated() { (name + index).initialize(to: CChar(bitPattern: byte)) }
    vfs.iVersion = 1
    vfs.szOsFile = Int32(MemoryLayout<OpenFile>.size)
    vfs.mxPathname = 200
    vfs.zName = UnsafePointer(name)
    vfs.pAppData = Unmanaged.passUnretained(self).toOpaque()
    vfs.xOpen = { vfs, name, file, flags, outFlags in
      guard let disk = CrashDisk.of(vfs), let file, let name else { return SQLITE_CANTOPEN }
      outFlags?.pointee = flags
      UnsafeMutableRawPointer(file).initializeMemory(
        as: OpenFile.self,
        to: OpenFile(
          base: sqlite3_file(pMethods: ioMethods), disk: Unmanaged.passRetained(disk),
          file: disk.open(String(cString: name), flags)))
      return SQLITE_OK
    }
    vfs.xDelete = { vfs, name, isSynced in
      guard let disk = CrashDisk.of(vfs), let name else { return SQLITE_IOERR }
      return disk.delete(String(cString: name), isSynced: isSynced != 0)
    }
    vfs.xAccess = { vfs, name, _, result in
      guard let disk = CrashDisk.of(vfs), let name else { return SQLITE_IOERR }
      result?.pointee = disk.names[String(cString: name)] == nil ? 0 : 1
      return SQLITE_OK
    }
    vfs.xFullPathname = { _, name, capacity, out in
      sqlite3_snprintf_path(capacity, out, name)
      return SQLITE_OK
    }
    vfs.xRandomness = { _, count, out in
      for index in 0..<Int(count) { out?[index] = CChar(truncatingIfNeeded: index &* 37) }
      return count
    }
    vfs.xSleep = { _, microseconds in microseconds }
    vfs.xCurrentTime = { _, day in
      day?.pointee = 2_461_000.5
      return SQLITE_OK
    }
    vfs.xGetLastError = { _, _, _ in 0 }
    return vfs
  }

  private static func of(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> CrashDisk? {
    guard let data = vfs?.pointee.pAppData else { return nil }
    return Unmanaged<CrashDisk>.fromOpaque(data).takeUnretainedValue()
  }
}

private func sqlite3_snprintf_path(
  _ capacity: Int32, _ out: UnsafeMutablePointer<CChar>?, _ name: UnsafePointer<CChar>?
) {
  guard let out, let name else { return }
  var index = 0
  while index < Int(capacity) - 1 && name[index] != 0 {
    out[index] = name[index]
    index += 1
  }
  out[index] = 0
}

// What the files do.
extension CrashDisk {
  fileprivate func open(_ name: String, _ flags: Int32) -> Int {
    if let file = names[name] { return file }
    let file = files.count
    files.append(File(syncsNames: flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL) != 0))
    names[name] = file
    operations.append(.create(file: file, name: name))
    return file
  }

  fileprivate func delete(_ name: String, isSynced: Bool) -> Int32 {
    guard names.removeValue(forKey: name) != nil else { return SQLITE_IOERR | 23 << 8 }  // SQLITE_IOERR_DELETE_NOENT
    operations.append(.delete(name: name, isSynced: isSynced))
    return SQLITE_OK
  }

  fileprivate func write(_ file: Int, _ bytes: [UInt8], at offset: Int) -> Int32 {
    if let fault = meets(.writeFull) ?? meets(.writeError) {
      let part = Array(bytes.prefix(fault.leavesPart ? bytes.count / 2 : 0))
      operations.append(.write(file: file, offset: offset, bytes: part))
      CrashDisk.put(part[...], at: offset, into: &files[file].bytes)
      return fault.kind == .writeFull ? SQLITE_FULL : SQLITE_IOERR | 3 << 8
    }
    operations.append(.write(file: file, offset: offset, bytes: bytes))
    CrashDisk.put(bytes[...], at: offset, into: &files[file].bytes)
    return SQLITE_OK
  }

  fileprivate func truncate(_ file: Int, _ size: Int) -> Int32 {
    operations.append(.truncate(file: file, size: size))
    CrashDisk.resize(&files[file].bytes, to: size)
    return SQLITE_OK
  }

  fileprivate func sync(_ file: Int) -> Int32 {
    if meets(.syncError) != nil { return SQLITE_IOERR | 4 << 8 }
    operations.append(.sync(file: file, andNames: files[file].syncsNames))
    files[file].syncsNames = false
    return SQLITE_OK
  }

  private func meets(_ kind: Fault.Kind) -> Fault? {
    for index in faults.indices where faults[index].kind == kind {
      faults[index].after -= 1
      guard faults[index].after < 0, faults[index].after >= -faults[index].count else { continue }
      faultsMet += 1
      return faults[index]
    }
    return nil
  }

  // In bulk: a search makes thousands of disks.
  static func put(_ bytes: ArraySlice<UInt8>, at offset: Int, into file: inout [UInt8]) {
    if file.count < offset + bytes.count { resize(&file, to: offset + bytes.count) }
    bytes.withUnsafeBytes { source in
      file.withUnsafeMutableBytes { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        (to + offset).copyMemory(from: from, byteCount: source.count)
      }
    }
  }

  static func resize(_ file: inout [UInt8], to size: Int) {
    if size < file.count {
      file.removeLast(file.count - size)
    } else {
      file += [UInt8](repeating: 0, count: size - file.count)
    }
  }
}

/// SQLite's view of an open file: its own header first.
private struct OpenFile {
  var base: sqlite3_file
  var disk: Unmanaged<CrashDisk>
  var file: Int
}

private func withFile(
  _ file: UnsafeMutablePointer<sqlite3_file>?, _ body: (CrashDisk, Int) -> Int32
) -> Int32 {
  guard let file else { return SQLITE_IOERR }
  let open = UnsafeRawPointer(file).load(as: OpenFile.self)
  return body(open.disk.takeUnretainedValue(), open.file)
}

nonisolated(unsafe) private let ioMethods: UnsafePointer<sqlite3_io_methods> = {
  var methods = sqlite3_io_methods()
  methods.iVersion = 1
  methods.xClose = { file in
    if let file { UnsafeRawPointer(file).load(as: OpenFile.self).disk.release() }
    return SQLITE_OK
  }
  methods.xRead = { file, buffer, count, offset in
    withFile(file) { disk, file in
      guard let buffer else { return SQLITE_IOERR }
      let (count, offset) = (Int(count), Int(offset))
      return disk.files[file].bytes.withUnsafeBytes { bytes in
        let there = max(0, min(count, bytes.count - offset))
        if there > 0 { buffer.copyMemory(from: bytes.baseAddress! + offset, byteCount: there) }
        guard there < count else { return SQLITE_OK }
        (buffer + there).initializeMemory(as: UInt8.self, repeating: 0, count: count - there)
        return SQLITE_IOERR | 2 << 8  // SQLITE_IOERR_SHORT_READ
      }
    }
  }
  methods.xWrite = { file, buffer, count, offset in
    withFile(file) { disk, file in
      disk.write(file, Array(UnsafeRawBufferPointer(start: buffer, count: Int(count))), at: Int(offset))
    }
  }
  methods.xTruncate = { file, size in withFile(file) { disk, file in disk.truncate(file, Int(size)) } }
  methods.xSync = { file, _ in withFile(file) { disk, file in disk.sync(file) } }
  methods.xFileSize = { file, size in
    withFile(file) { disk, file in
      size?.pointee = Int64(disk.files[file].bytes.count)
      return SQLITE_OK
    }
  }
  methods.xLock = { _, _ in SQLITE_OK }
  methods.xUnlock = { _, _ in SQLITE_OK }
  methods.xCheckReservedLock = { _, result in
    result?.pointee = 0
    return SQLITE_OK
  }
  methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
  methods.xSectorSize = { _ in 4096 }
  // As the Unix VFS says of every disk.
  methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
  let pointer = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
  pointer.initialize(to: methods)
  return UnsafePointer(pointer)
}()
