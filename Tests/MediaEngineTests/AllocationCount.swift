// Counts the memory that Swift asks for: the runtime library's own reference to `malloc` is turned to a function that
// counts and passes on. Everything comes through there: objects, arrays, boxes, closure contexts, raw buffers. Only one
// thread is counted, since other tests run at the same time.

import Glibc

private typealias Malloc = @convention(c) (Int) -> UnsafeMutableRawPointer?

private nonisolated(unsafe) var realMalloc: Malloc?
private nonisolated(unsafe) var countedThread: pthread_t = 0
private nonisolated(unsafe) var count = 0

private let countingMalloc: Malloc = { size in
  if pthread_self() == countedThread { count += 1 }
  return realMalloc?(size)
}

/// How many allocations `body` makes; nil where the runtime's reference is not found (linked statically). Not for use
/// from two tests at once.
func countAllocations(_ body: () -> Void) -> Int? {
  guard let slot = mallocSlot() else { return nil }
  realMalloc = slot.pointee
  countedThread = 0
  count = 0
  slot.pointee = countingMalloc
  countedThread = pthread_self()
  body()
  countedThread = 0
  slot.pointee = realMalloc
  return count
}

/// The place in the runtime library's memory that holds the address of `malloc`, made writable.
private func mallocSlot() -> UnsafeMutablePointer<Malloc?>? {
  guard let address = dlsym(dlopen(nil, RTLD_NOW), "malloc"), let maps = fopen("/proc/self/maps", "r") else {
    return nil
  }
  defer { fclose(maps) }
  var line = [CChar](repeating: 0, count: 4_096)
  while fgets(&line, Int32(line.count), maps) != nil {
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard text.contains("libswiftCore.so"), text.contains(" r--p ") || text.contains(" rw-p ") else { continue }
    let range = text.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
    guard range.count == 2, let start = UnsafeMutableRawPointer(bitPattern: range[0]) else { continue }
    let words = UnsafeMutableRawBufferPointer(start: start, count: Int(range[1] - range[0]))
    for offset in stride(from: 0, to: words.count, by: 8)
    where words.load(fromByteOffset: offset, as: UInt.self) == UInt(bitPattern: address) {
      let page = start + offset / 4_096 * 4_096
      guard mprotect(page, 4_096, PROT_READ | PROT_WRITE) == 0 else { return nil }
      return (start + offset).assumingMemoryBound(to: Malloc?.self)
    }
  }
  return nil
}
