// What goes into the user agent and what comes out of it.

import Basics
import Journal
import SIPTransaction

extension UserAgent {
  public enum Input {
    case configure(Settings)
    case interfaces([Interface])
    /// Unpredictable bytes, at least 32, for tags, branches and nonces. The first input of all.
    case entropy([UInt8])
    case wall(WallTime, trusted: Bool)
    /// The registrations that were remembered, after `configure` and before traffic.
    case restored([BindingFact])
    case transport(TransportLayer.Input)
    case command(Command)
  }

  public enum Output {
    /// Never `.message`.
    case transport(TransportLayer.Output)
    case event(Event)
    case persist(Fact)
    case log(LogEntry)
  }
}
