// A TCP socket that accepts connections.

import Basics
import CLinux

public final class StreamListener {
  public let descriptor: Int32

  public init(bindingTo endpoint: Endpoint) throws(SystemError) {
    descriptor = linux_socket(!endpoint.address.isV4, true)
    guard descriptor >= 0 else { throw SystemError("socket") }
    // After a restart the port is ours again at once, although old connections linger.
    _ = linux_set_option(descriptor, SO_REUSEADDR, 1)
    var address = endpoint.linux
    guard linux_bind(descriptor, &address) == 0, listen(descriptor, 64) == 0 else {
      throw SystemError(ByteString("bind ") + endpoint.text, code: linux_errno())
    }
  }
  deinit { close(descriptor) }

  public var localEndpoint: Endpoint? {
    var address = linux_address()
    return linux_local_address(descriptor, &address) == 0 ? Endpoint(address) : nil
  }

  /// The next connection that waits to be accepted, or nil.
  public func accept() -> (connection: StreamConnection, from: Endpoint)? {
    var address = linux_address()
    let accepted = linux_accept(descriptor, &address)
    guard accepted >= 0 else { return nil }
    return (StreamConnection(accepted: accepted), Endpoint(address))
  }
}
