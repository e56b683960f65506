// The addresses of this machine (getifaddrs(3)), and a descriptor that tells when they change (netlink(7)).

import Basics
import CLinux

public struct NetworkAddress: Hashable, Sendable {
  public let address: IPAddress
  public let prefixLength: Int
  public let isLoopback: Bool
}

/// An address of an interface; nil: it has none.
public struct NamedAddress: Hashable, Sendable {
  public let name: ByteString
  public let address: NetworkAddress?
  public let isUp: Bool
}

public final class Interfaces {
  /// Readable after an address has come or gone.
  public let descriptor: Int32

  public init() throws(SystemError) {
    descriptor = linux_address_changes()
    guard descriptor >= 0 else { throw SystemError("netlink") }
  }
  deinit { close(descriptor) }

  /// Takes the notices that have arrived. They are not read closely: the addresses are listed anew.
  public func clear() {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
      while let start = buffer.baseAddress, read(descriptor, start, buffer.count) > 0 {}
    }
  }

  /// Every address of an interface that is up, in the kernel's order.
  public static func addresses() throws(SystemError) -> [NetworkAddress] {
    var list: UnsafeMutablePointer<ifaddrs>? = nil
    guard getifaddrs(&list) == 0 else { throw SystemError("getifaddrs") }
    defer { freeifaddrs(list) }
    var found: [NetworkAddress] = []
    var entry = list
    while let current = entry {
      var address = linux_address()
      var prefix: Int32 = 0
      var isLoopback = false
      if linux_interface_address(current, &address, &prefix, &isLoopback) {
        found.append(
          NetworkAddress(address: IPAddress(address), prefixLength: Int(prefix), isLoopback: isLoopback))
      }
      entry = current.pointee.ifa_next
    }
    return found
  }

  /// For people: every interface, up or not, with each of its addresses, in the kernel's order.
  public static func all() throws(SystemError) -> [NamedAddress] {
    var list: UnsafeMutablePointer<ifaddrs>? = nil
    guard getifaddrs(&list) == 0 else { throw SystemError("getifaddrs") }
    defer { freeifaddrs(list) }
    var links: [NamedAddress] = []
    var addressed: [NamedAddress] = []
    var entry = list
    while let current = entry {
      let name = ByteString(cString: current.pointee.ifa_name)
      var address = linux_address()
      var prefix: Int32 = 0
      var isLoopback = false
      if linux_interface_address(current, &address, &prefix, &isLoopback) {
        let own = NetworkAddress(address: IPAddress(address), prefixLength: Int(prefix), isLoopback: isLoopback)
        addressed.append(NamedAddress(name: name, address: own, isUp: linux_interface_is_up(current)))
      } else if linux_is_link_entry(current) {
        links.append(NamedAddress(name: name, address: nil, isUp: linux_interface_is_up(current)))
      }
      entry = current.pointee.ifa_next
    }
    return links.flatMap { link in
      let own = addressed.filter { $0.name == link.name }
      return own.isEmpty ? [link] : own
    }
  }
}
