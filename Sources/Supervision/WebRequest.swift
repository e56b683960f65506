// One request of a browser, as far as the page looks at it. Everything in it is a stranger's.

import Basics

public struct WebRequest: Sendable {
  public enum Method: Sendable, Equatable {
    case get
    case head
    case post
  }
  /// The headers that are looked at.
  public enum Header: Int, CaseIterable, Sendable {
    case cookie
    case host
    case origin
    case fetchSite
    case contentType
    case csrfToken
    case authorization

    public var name: StaticString {
      switch self {
      case .cookie: "Cookie"
      case .host: "Host"
      case .origin: "Origin"
      case .fetchSite: "Sec-Fetch-Site"
      case .contentType: "Content-Type"
      case .csrfToken: "X-CSRF-Token"
      case .authorization: "Authorization"
      }
    }
  }

  public var number: UInt64
  public var method: Method
  /// With the query, as it came.
  public var target: ByteString
  public var from: IPAddress
  public var headers: [ByteString?]
  public var body: [UInt8]

  public init(
    number: UInt64, method: Method, target: ByteString, from: IPAddress,
    headers: [ByteString?] = [ByteString?](repeating: nil, count: Header.allCases.count), body: [UInt8] = []
  ) {
    self.number = number
    self.method = method
    self.target = target
    self.from = from
    self.headers = headers
    self.body = body
  }

  public subscript(_ header: Header) -> ByteString? {
    get { headers[header.rawValue] }
    set { headers[header.rawValue] = newValue }
  }

  /// Without the query.
  var path: ByteString { ByteString(target.bytes.prefix { $0 != UInt8(ascii: "?") }) }

  /// The value of a cookie.
  func cookie(_ name: ByteString) -> [UInt8]? {
    for pair in (self[.cookie] ?? "").bytes.split(separator: UInt8(ascii: ";")) {
      let pair = pair.drop { $0 == 0x20 }
      if pair.starts(with: (name + "=").bytes) { return Array(pair.dropFirst(name.count + 1)) }
    }
    return nil
  }

  /// Whether no other site can have made a browser send it: JSON needs the page's own script, and browsers say where a
  /// request comes from.
  var isOfOwnPage: Bool {
    if let site = self[.fetchSite], site != "same-origin" { return false }
    if let origin = self[.origin], origin != ByteString("https://") + (self[.host] ?? "") { return false }
    return method != .post || (self[.contentType] ?? "").hasPrefix("application/json")
  }

  /// The members of a body that is a JSON object of texts.
  func text(_ key: ByteString) -> ByteString? {
    JSONValue(parsing: body)?.text(key)
  }
}

/// The answer to a request.
public struct WebResponse: Equatable, Sendable {
  /// One of the page's files, which the program holds.
  public enum File: Sendable, Equatable {
    case page
    case style
    case script
  }
  public enum Body: Equatable, Sendable {
    case bytes([UInt8])
    case file(File)
  }
  public struct Header: Equatable, Sendable {
    public var name: StaticString
    public var value: ByteString

    public static func == (a: Header, b: Header) -> Bool {
      ByteString(a.name) == ByteString(b.name) && a.value == b.value
    }
  }

  public var status: Int
  public var headers: [Header]
  public var body: Body

  init(_ status: Int, type: ByteString, _ body: Body) {
    self.status = status
    self.body = body
    headers = [Header(name: "Content-Type", value: type)] + Self.guarding
  }

  static func json(_ status: Int, _ bytes: [UInt8]) -> WebResponse {
    WebResponse(status, type: "application/json", .bytes(bytes))
  }

  /// `{"error":"..."}`
  static func error(_ status: Int, _ text: StaticString) -> WebResponse {
    var json = JSONWriter()
    json.object { $0.field("error", ByteString(text)) }
    return .json(status, json.bytes)
  }

  /// On every answer: nothing but the page's own files runs or is asked, nobody frames it, nothing is kept.
  static var guarding: [Header] {
    [
      Header(
        name: "Content-Security-Policy",
        value:
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
      ),
      Header(name: "X-Content-Type-Options", value: "nosniff"),
      Header(name: "X-Frame-Options", value: "DENY"),
      Header(name: "Referrer-Policy", value: "no-referrer"),
      Header(name: "Cross-Origin-Resource-Policy", value: "same-origin"),
      Header(name: "Cache-Control", value: "no-store"),
    ]
  }
}
