// A thread with a stack of chosen size. What it shares with others is its starter's responsibility.

import Basics
import CLinux

public final class NativeThread {
  private final class Start {
    let name: ByteString
    let body: () -> Void
    init(name: ByteString, body: @escaping () -> Void) {
      self.name = name
      self.body = body
    }
  }

  private var handle = pthread_t()
  private var isJoined = false

  /// - Parameters:
  ///   - name: shown by ps and top, at most 15 bytes.
  ///   - stackBytes: a multiple of 4096, at least 65,536.
  public init(name: ByteString, stackBytes: Int, body: @escaping () -> Void) throws(SystemError) {
    let context = Unmanaged.passRetained(Start(name: name, body: body))
    let code = linux_thread_start(
      &handle, stackBytes,
      { context in
        guard let context else { return nil }
        let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
        start.name.withCString { linux_thread_name($0) }
        start.body()
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      context.release()
      isJoined = true
      throw SystemError("pthread_create", code: code)
    }
  }

  /// Waits for the thread's end. To be called once.
  public func join() {
    guard !isJoined else { return }
    isJoined = true
    pthread_join(handle, nil)
  }

  /// Asks the kernel to run the calling thread before ordinary ones. Without the right to that nothing changes.
  /// - Returns: whether it was granted.
  @discardableResult
  public static func preferCurrent(priority: Int32) -> Bool { linux_thread_realtime(priority) == 0 }
}
