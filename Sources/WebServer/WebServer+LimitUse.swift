// What the page's server uses of its bounds.

import Basics
import Supervision

extension WebServer {
  /// - Parameter server: nil: it runs elsewhere, or not at all.
  public static func limitUse(of server: WebServer?) -> LimitUse {
    let counters = server?.counters
    return LimitUse("page-connections", most: Limits.connections, used: counters?.open, hits: counters?.full)
  }
}
