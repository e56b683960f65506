// Embedded Swift asks posix_memalign for every object, and that goes three functions deep before it comes to what malloc
// does at once. All of them want the alignment that malloc gives anyway.

#if hasFeature(Embedded)
  import CLinux

  /// In place of the C library's, for the whole program.
  @_cdecl("posix_memalign")
  func allocate(_ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ alignment: Int, _ size: Int) -> Int32 {
    let memory = alignment <= MemoryLayout<Int>.size * 2 ? malloc(size) : aligned_alloc(alignment, size)
    guard let memory else { return ENOMEM }
    result.pointee = memory
    return 0
  }
#endif
