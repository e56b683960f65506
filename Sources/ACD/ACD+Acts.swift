// What operators do: agents for themselves by feature code, supervisors and technicians by command. Every act is written
// to the audit log, the refused ones too.

import Basics
import Journal

extension ACD {
  mutating func perform(_ act: Act, by who: ByteString, at now: Instant) {
    switch act {
    case .login(let number): login(number, at: now)
    case .logout(let number): logout(number, at: now)
    case .cancelCallback(let id): cancelCallback(id, at: now)
    default: break
    }
  }
}
