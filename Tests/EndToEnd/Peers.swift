import Foundation
import Harness

extension Site {
  func linphone(_ user: String) throws -> ChildProcess { throw Failure("") }
  func kamailio(port: Int, user: String, secret: String) throws -> ChildProcess { throw Failure("") }
}
