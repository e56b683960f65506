// The reason phrases of RFC 3261 §21 and of the RFCs that added statuses (RFC 6665, 3329, 4028, 5626, 6086 …).

public enum ReasonPhrase {
  /// For a status without a phrase of its own, that of its class.
  public static func text(for status: Int) -> StaticString {
    switch status {
    case 100..<200: informational(status)
    case 200..<300: status == 202 ? "Accepted" : status == 204 ? "No Notification" : "OK"
    case 300..<400: redirection(status)
    case 400..<500: requestFailure(status)
    case 500..<600: serverFailure(status)
    default: globalFailure(status)
    }
  }

  private static func informational(_ status: Int) -> StaticString {
    switch status {
    case 100: "Trying"
    case 180: "Ringing"
    case 181: "Call Is Being Forwarded"
    case 182: "Queued"
    case 199: "Early Dialog Terminated"
    default: "Session Progress"
    }
  }

  private static func redirection(_ status: Int) -> StaticString {
    switch status {
    case 301: "Moved Permanently"
    case 302: "Moved Temporarily"
    case 305: "Use Proxy"
    case 380: "Alternative Service"
    default: "Multiple Choices"
    }
  }

  private static func requestFailure(_ status: Int) -> StaticString {
    switch status {
    case 401: "Unauthorized"
    case 402: "Payment Required"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 406: "Not Acceptable"
    case 407: "Proxy Authentication Required"
    case 408: "Request Timeout"
    case 410: "Gone"
    case 412: "Conditional Request Failed"
    case 413: "Request Entity Too Large"
    case 414: "Request-URI Too Long"
    case 415: "Unsupported Media Type"
    case 416: "Unsupported URI Scheme"
    case 420: "Bad Extension"
    case 421: "Extension Required"
    case 422: "Session Interval Too Small"
    case 423: "Interval Too Brief"
    case 439: "First Hop Lacks Outbound Support"
    case 469: "Bad Info Package"
    case 480: "Temporarily Unavailable"
    case 481: "Call/Transaction Does Not Exist"
    case 482: "Loop Detected"
    case 483: "Too Many Hops"
    case 484: "Address Incomplete"
    case 485: "Ambiguous"
    case 486: "Busy Here"
    case 487: "Request Terminated"
    case 488: "Not Acceptable Here"
    case 489: "Bad Event"
    case 491: "Request Pending"
    case 493: "Undecipherable"
    case 494: "Security Agreement Required"
    default: "Bad Request"
    }
  }

  private static func serverFailure(_ status: Int) -> StaticString {
    switch status {
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Server Time-out"
    case 505: "Version Not Supported"
    case 513: "Message Too Large"
    case 580: "Precondition Failure"
    default: "Server Internal Error"
    }
  }

  private static func globalFailure(_ status: Int) -> StaticString {
    switch status {
    case 603: "Decline"
    case 604: "Does Not Exist Anywhere"
    case 606: "Not Acceptable"
    default: "Busy Everywhere"
    }
  }
}
