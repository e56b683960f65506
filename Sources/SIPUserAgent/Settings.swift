// What the user agent is configured with: listeners and how they are seen from outside, users, trunks, registrar.

import Basics
import SIPDialog
import SIPTransaction

extension UserAgent {
  public struct Settings: Sendable {
    public var listeners: [ListenerSettings]
    /// Networks that reach this box without address translation. When empty, those of the interfaces count.
    public var localNetworks: [Subnet]
    /// Before the local networks; the first that contains a peer counts.
    public var networks: [NetworkSettings] = []
    public var users: [UserSettings]
    /// The realm of digest challenges and the domain in the From of calls to phones.
    public var realm: ByteString
    /// What phones may prove their secret with, the first choice first. Both are the rule of RFC 8760, but there are
    /// phones that give up when they see an algorithm that they do not know.
    public var digestAlgorithms: [DigestAlgorithm] = [.sha256, .md5]
    public var trunks: [TrunkSettings]
    public var registrar: RegistrarSettings
    /// How long a call's session lasts without a refresh (RFC 4028).
    public var sessionTimers = SessionTimerPolicy()
    /// Sent as User-Agent and Server.
    public var userAgentName: ByteString

    public init(
      listeners: [ListenerSettings] = [], localNetworks: [Subnet] = [], users: [UserSettings] = [],
      realm: ByteString = "branchline", trunks: [TrunkSettings] = [],
      registrar: RegistrarSettings = RegistrarSettings(), userAgentName: ByteString = "Branchline"
    ) {
      self.listeners = listeners
      self.localNetworks = localNetworks
      self.users = users
      self.realm = realm
      self.trunks = trunks
      self.registrar = registrar
      self.userAgentName = userAgentName
    }
  }

  /// One bound socket: what `index` means in `Flow.listener`.
  public struct ListenerSettings: Hashable, Sendable {
    public var index: UInt16
    public var transport: SIPTransport
    /// The bound address (perhaps 0.0.0.0) and port.
    public var endpoint: Endpoint
    /// What peers outside of the local networks must use, where this box is behind a NAT.
    public var externalAddress: IPAddress?
    /// The port outside, where the NAT changes it; nil is the bound one.
    public var externalPort: UInt16?

    public init(
      index: UInt16, transport: SIPTransport, endpoint: Endpoint, externalAddress: IPAddress? = nil,
      externalPort: UInt16? = nil
    ) {
      self.index = index
      self.transport = transport
      self.endpoint = endpoint
      self.externalAddress = externalAddress
      self.externalPort = externalPort
    }
  }

  /// Peers behind a translation of their own (a VPN, a second line): how they see this box.
  public struct NetworkSettings: Hashable, Sendable {
    public var subnets: [Subnet]
    public var externalAddress: IPAddress
    /// nil: the bound one.
    public var externalPort: UInt16?

    public init(subnets: [Subnet], externalAddress: IPAddress, externalPort: UInt16? = nil) {
      self.subnets = subnets
      self.externalAddress = externalAddress
      self.externalPort = externalPort
    }
  }

  /// A phone's account. Its name is the extension's number.
  public struct UserSettings: Hashable, Sendable {
    public var name: ByteString
    public var displayName: ByteString
    public var secret: ByteString
    public var maxContacts: Int

    public init(name: ByteString, displayName: ByteString = "", secret: ByteString, maxContacts: Int = 4) {
      self.name = name
      self.displayName = displayName
      self.secret = secret
      self.maxContacts = maxContacts
    }
  }

  public struct TrunkSettings: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
      /// We register there as `user` and answer its challenges with `authUser` and `secret`.
      case registered(user: ByteString, authUser: ByteString, secret: ByteString, expires: Int)
      /// Known by address; challenges are answered if a secret is set.
      case peer(authUser: ByteString, secret: ByteString)
    }
    public var name: ByteString
    public var kind: Kind
    /// Where requests go: the registrar or outbound proxy of a registered trunk, the peer itself otherwise.
    public var endpoint: Endpoint
    public var transport: SIPTransport
    /// The listener that requests leave by; nil takes the first one of the transport.
    public var listener: UInt16?
    /// Addresses whose INVITEs belong to this trunk, besides `endpoint`'s.
    public var sourceAddresses: [Subnet]
    /// The host part of From, To and Request-URI; empty takes the endpoint's text.
    public var domain: ByteString
    /// The user part of From instead of the caller's number, where a provider wants the account there; the caller's
    /// number then goes in P-Asserted-Identity only.
    public var fromUser: ByteString?
    /// Provisional answers are made reliable where the peer supports it (RFC 3262), and asked for.
    public var reliableProvisionals = true
    /// Seconds between OPTIONS; 0 asks nothing and takes the trunk for up.
    public var qualifySeconds: Int
    /// Over TLS: whether its certificate must be good and name `domain`.
    public var verifiesCertificate = true

    public init(
      name: ByteString, kind: Kind, endpoint: Endpoint, transport: SIPTransport = .udp, listener: UInt16? = nil,
      sourceAddresses: [Subnet] = [], domain: ByteString = "", fromUser: ByteString? = nil, qualifySeconds: Int = 60
    ) {
      self.name = name
      self.kind = kind
      self.endpoint = endpoint
      self.transport = transport
      self.listener = listener
      self.sourceAddresses = sourceAddresses
      self.domain = domain
      self.fromUser = fromUser
      self.qualifySeconds = qualifySeconds
    }
  }

  /// Bounds of registrations, in seconds.
  public struct RegistrarSettings: Hashable, Sendable {
    /// Shorter wishes are refused with 423.
    public var minimumExpiry: Int
    /// Longer wishes are cut to this.
    public var maximumExpiry: Int
    /// For a REGISTER that wishes nothing.
    public var defaultExpiry: Int

    public init(minimumExpiry: Int = 60, maximumExpiry: Int = 3600, defaultExpiry: Int = 600) {
      self.minimumExpiry = minimumExpiry
      self.maximumExpiry = maximumExpiry
      self.defaultExpiry = defaultExpiry
    }
  }
}

/// An address of this machine and the size of its network.
public struct Interface: Hashable, Sendable {
  public var address: IPAddress
  public var prefixLength: Int

  public init(address: IPAddress, prefixLength: Int) {
    self.address = address
    self.prefixLength = prefixLength
  }
}
