// Ending a connection by order of whoever owns this layer.

import Basics

extension TransportLayer {
  /// Closes it, and says so to whoever had something on it.
  public mutating func disconnect(_ connection: UInt32) {
    guard connections[connection] != nil else { return }
    outputs.append(.close(connection: connection))
    remove(connection)
  }
}
