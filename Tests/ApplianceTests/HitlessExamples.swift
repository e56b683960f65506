// One change for every statement of the schema. A statement without one fails a test.

import Testing

enum HitlessExamples {
  struct Example: Sendable, CustomTestStringConvertible {
    /// As the schema has it: `/queue/callback/delay`.
    let path: String
    let lines: [String]

    /// Who owns what is the hub's to say.
    var isOfHub: Bool { path.hasPrefix("/owners") }

    init(_ path: String, _ lines: String...) {
      self.path = path
      self.lines = lines
    }
    var testDescription: String { path }
  }

  static let all = general + network + people + outside + hours + queues + callbacks

  private static let general = [
    Example("/name", "set name \"Another branch\""),
    Example("/language", "set language zh"),
    Example("/zone", "set zone +09:00"),
    Example("/log", "set log level warning"),
    Example("/log/level", "set log level debug"),
    Example("/log/target", "set log target syslog"),
    Example("/number-plan", "delete number-plan"),
    Example("/number-plan/country", "set number-plan country generic"),
    Example("/number-plan/country-code", "set number-plan country generic", "set number-plan country-code 49"),
    Example("/number-plan/area-code", "set number-plan area-code 10"),
    Example("/limits", "set limits calls 100"),
    Example("/limits/calls", "set limits calls 10"),
    Example("/limits/callbacks", "set limits callbacks 0"),
    Example("/limits/shutdown", "set limits shutdown 5s"),
    Example("/media", "set media ports 12000-12999"),
    Example("/media/ports", "set media ports 20000-20999"),
    Example("/media/prompts", "set media prompts /elsewhere"),
    Example("/storage", "set storage path /elsewhere.db"),
    Example("/storage/path", "set storage path /elsewhere.db"),
    Example("/storage/flight-recorder", "set storage flight-recorder 0MiB"),
    Example("/control", "set control socket /elsewhere.sock"),
    Example("/control/socket", "set control socket /elsewhere.sock"),
    Example("/owners", "set owners hub outbound"),
    Example("/owners/hub", "set owners hub outbound \"queue service\""),
    Example("/owners/override", "set owners override outbound until 2026-06-01"),
    Example("/owners/override/until", "set owners override outbound until 2026-07-01"),
    Example(
      "/owners/override/reason", "set owners override outbound until 2026-06-01",
      "set owners override outbound reason \"a test\""),
    Example("/power", "set power warning file /sys/class/power_supply/AC/online"),
    Example("/power/warning", "set power warning gpio /dev/gpiochip0 17"),
    Example("/power/active", "set power active high"),
    Example("/power/debounce", "set power debounce 1s"),
    Example("/web", "set web listen 0.0.0.0:8443"),
    Example("/web/listen", "set web listen 127.0.0.1:9443"),
    Example("/web/certificate", "set web certificate /etc/branchline/web.pem", "set web key /etc/branchline/web.key"),
    Example("/web/key", "set web certificate /etc/branchline/web.pem", "set web key /etc/branchline/other.key"),
    Example("/web/metrics-from", "set web metrics-from 192.168.0.0/16"),
  ]

  private static let network = [
    Example("/tls", "set tls certificate /etc/branchline/sip.pem", "set tls key /etc/branchline/sip.key"),
    Example("/tls/certificate", "set tls certificate /etc/branchline/sip.pem", "set tls key /etc/branchline/sip.key"),
    Example("/tls/key", "set tls certificate /etc/branchline/sip.pem", "set tls key /etc/branchline/other.key"),
    Example("/tls/authorities", "set tls authorities /etc/branchline/carriers.pem"),
    Example(
      "/tls/client-certificates", "set tls client-authorities /etc/branchline/phones.pem",
      "set tls client-certificates require"),
    Example("/tls/client-authorities", "set tls client-authorities /etc/branchline/phones.pem"),
    Example("/listen", "set listen udp 10.0.0.1:5070"),
    Example("/network", "delete network"),
    Example("/network/local", "set network local 192.168.0.0/16"),
    Example("/network/trusted", "set network trusted 192.168.0.0/16"),
    Example("/network/external-address", "set network external-address 203.0.113.7"),
    Example("/network/external-port", "set network external-port 5070"),
    Example("/network/realm", "set network realm example.org"),
    Example("/network/digest", "set network digest md5"),
    Example("/network/toward", "delete network toward vpn"),
    Example("/network/toward/subnet", "set network toward vpn subnet 10.9.0.0/16"),
    Example("/network/toward/external-address", "set network toward vpn external-address 10.8.0.3"),
    Example("/network/toward/external-port", "set network toward vpn external-port 5070"),
  ]

  private static let people = [
    Example("/assert", "set assert route 02188880000 via carrier"),
    Example("/user", "set user kim role supervisor"),
    Example("/user/role", "set user kim role technician", "set user lee role read-only"),
    Example("/user/password", "delete user lee"),
    Example("/user/language", "set user lee language zh"),
    Example("/extension", "set extension 108 secret \"of phone number 108\""),
    Example("/extension/name", "set extension 102 name \"Reception\""),
    Example("/extension/secret", "set extension 102 secret \"another one, as long\""),
    Example("/extension/may-call", "set extension 102 may-call local"),
    Example("/extension/devices", "set extension 102 devices 1"),
    Example("/agent", "set agent 101 name \"Agent Li\""),
    Example("/agent/name", "set agent 104 name \"Agent Wu\""),
    Example("/agent/skills", "set agent 101 skills french:5"),
    Example("/agent/capacity", "set agent 101 capacity chat 3"),
    Example("/agent/calls-beside-text", "set agent 101 calls-beside-text yes"),
    Example("/feature-codes", "set feature-codes agent-login *55"),
    Example("/feature-codes/agent-login", "set feature-codes agent-login *55"),
    Example("/feature-codes/agent-logout", "set feature-codes agent-logout *56"),
    Example("/feature-codes/agent-pause", "set feature-codes agent-pause *57"),
    Example("/feature-codes/agent-ready", "set feature-codes agent-ready *58"),
    Example("/feature-codes/agent-end-wrap-up", "set feature-codes agent-end-wrap-up *59"),
    Example("/feature-codes/agent-disposition", "set feature-codes agent-disposition *54"),
    Example("/feature-codes/pickup", "set feature-codes pickup *81"),
    Example("/feature-codes/forward-always", "set feature-codes forward-always *21"),
    Example("/feature-codes/forward-busy", "set feature-codes forward-busy *22"),
    Example("/feature-codes/forward-no-answer", "set feature-codes forward-no-answer *23"),
    Example("/feature-codes/do-not-disturb", "set feature-codes do-not-disturb *24"),
    Example("/feature-codes/do-not-disturb-off", "set feature-codes do-not-disturb-off *25"),
    Example("/feature-codes/park", "set feature-codes park *26"),
    Example("/feature-codes/intercom", "set feature-codes intercom *27"),
    Example("/feature-codes/call-back", "set feature-codes call-back *28"),
    Example("/feature-codes/call-back-off", "set feature-codes call-back-off *29"),
    Example("/extension/forward-always", "set extension 107 forward-always 106"),
    Example("/extension/forward-busy", "set extension 107 forward-busy 106"),
    Example("/extension/forward-no-answer", "set extension 107 forward-no-answer 106"),
    Example("/extension/ring", "set extension 107 ring 15s"),
    Example("/extension/follow-me", "set extension 107 follow-me 106"),
    Example("/extension/follow-me-after", "set extension 107 follow-me-after 5s"),
    Example("/extension/call-waiting", "set extension 107 call-waiting no"),
    Example("/extension/pickup-group", "set extension 107 pickup-group sales"),
    Example("/extension/intercom", "set extension 107 intercom yes"),
    Example("/extension/block", "set extension 107 block 021X."),
    Example("/extension/allow", "set extension 107 allow 02155550000"),
    Example("/extension/reject-anonymous", "set extension 107 reject-anonymous yes"),
    Example("/ring-group", "set ring-group other number 612", "set ring-group other extensions 101 102"),
    Example("/ring-group/number", "set ring-group sales number 613", "set ring-group sales extensions 107"),
    Example("/ring-group/extensions", "set ring-group sales number 613", "set ring-group sales extensions 106 107"),
    Example(
      "/ring-group/strategy", "set ring-group sales number 613", "set ring-group sales extensions 106 107",
      "set ring-group sales strategy in-turn"),
    Example(
      "/ring-group/delay", "set ring-group sales number 613", "set ring-group sales extensions 106 107",
      "set ring-group sales delay 3s"),
    Example(
      "/ring-group/ring", "set ring-group sales number 613", "set ring-group sales extensions 106 107",
      "set ring-group sales ring 30s"),
    Example(
      "/ring-group/else", "set ring-group sales number 613", "set ring-group sales extensions 106 107",
      "set ring-group sales else extension 105"),
    Example("/park", "set park slots 701 702"),
    Example("/park/slots", "set park slots 711 712"),
    Example("/park/return-after", "set park slots 701", "set park return-after 2min"),
    Example("/speed-dial", "set speed-dial *001 02155550000"),
    Example("/callers", "set callers reject-anonymous yes"),
    Example("/callers/block", "set callers block 0900X."),
    Example("/callers/allow", "set callers allow 09001"),
    Example("/callers/reject-anonymous", "set callers reject-anonymous yes"),
  ]

  private static let outside = [
    Example(
      "/trunk", "set trunk third channels 4", "set trunk third peer address 10.7.2.1:5060",
      "set inbound third trunk third", "set inbound third to extension 106"),
    Example("/trunk/register", "delete trunk second"),
    Example("/trunk/register/server", "set trunk second register server 10.9.1.2:5060"),
    Example("/trunk/register/user", "set trunk second register user other"),
    Example("/trunk/register/auth-user", "set trunk second register auth-user other"),
    Example("/trunk/register/secret", "set trunk second register secret \"another one\""),
    Example("/trunk/register/expires", "set trunk second register expires 5min"),
    Example(
      "/trunk/peer", "delete trunk carrier peer", "set trunk carrier register server 10.9.0.1:5060",
      "set trunk carrier register user box", "set trunk carrier register secret \"of the carrier\""),
    Example("/trunk/peer/address", "set trunk carrier peer address 10.9.0.9:5060"),
    Example("/trunk/peer/sources", "set trunk carrier peer sources 10.9.9.0/24"),
    Example("/trunk/peer/auth-user", "set trunk carrier peer auth-user box"),
    Example("/trunk/peer/secret", "set trunk carrier peer secret \"of the carrier\""),
    Example("/trunk/transport", "set trunk carrier transport tcp"),
    Example("/trunk/verify", "set trunk carrier verify no"),
    Example("/trunk/domain", "set trunk carrier domain carrier.example"),
    Example("/trunk/from-user", "set trunk carrier from-user box"),
    Example("/trunk/caller-number", "set trunk carrier caller-number 02155550000"),
    Example("/trunk/channels", "set trunk carrier channels 1"),
    Example("/trunk/qualify", "set trunk carrier qualify 1min"),
    Example("/inbound", "delete inbound all"),
    Example("/inbound/trunk", "set inbound all trunk second"),
    Example("/inbound/number", "set inbound all number 02177770000"),
    Example("/inbound/to", "set inbound all to extension 105"),
    Example("/outbound", "delete outbound all"),
    Example("/outbound/number", "set outbound all number 9X."),
    Example("/outbound/trunk", "set outbound all trunk second"),
    Example("/outbound/strip", "set outbound all strip 1"),
    Example("/outbound/prefix", "set outbound all prefix 0"),
    Example("/outbound/access-code", "set outbound all access-code 9"),
  ]

  private static let hours =
    ["weekdays", "weekend", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map { day in
      Example("/hours/" + day, "set hours office " + day + " 08:00-20:00")
    } + [
      Example("/hours", "set hours other daily 08:00-12:00", "set queue service hours other"),
      Example("/hours/daily", "set hours office daily 08:00-20:00"),
      Example("/hours/holiday", "set hours office holiday 2026-10-01..2026-10-07"),
    ]

  private static let queues = [
    Example("/queue", "set queue third number 602", "set queue third agents 107"),
    Example("/queue/title", "set queue service title \"Service\""),
    Example("/queue/number", "set queue service number 650"),
    Example("/queue/hours", "delete queue service hours"),
    Example("/queue/agents", "set queue service agents 107"),
    Example("/queue/reserve", "set queue service reserve after 1min 107"),
    Example("/queue/strategy", "set queue service strategy linear"),
    Example("/queue/weight", "set queue service strategy weighted-random", "set queue service weight 101 5"),
    Example("/queue/priority", "set queue service priority 9"),
    Example("/queue/share", "set queue service share 3"),
    Example(
      "/queue/skills", "set agent 101 skills french:5", "set agent 104 skills french:5",
      "set queue service skills french:2"),
    Example(
      "/queue/widen", "set agent 101 skills french:5", "set queue service skills french:2",
      "set queue service widen after 30s french:1"),
    Example(
      "/queue/anyone", "set agent 101 skills french:5", "set queue service skills french:2",
      "set queue service anyone after 30s"),
    Example("/queue/age", "set queue service age every 2min"),
    Example("/queue/preferred-agent", "set queue service preferred-agent 30s"),
    Example("/queue/ring", "set queue service ring 25s"),
    Example("/queue/back-off", "set queue service back-off 10s"),
    Example("/queue/unreachable-after", "set queue service unreachable-after 3"),
    Example("/queue/wrap-up", "set queue service wrap-up 1s"),
    Example("/queue/announce", "set queue service announce 45s"),
    Example("/queue/service-level", "set queue service service-level 30s"),
    Example("/queue/short-abandon", "set queue service short-abandon 3s"),
    Example("/queue/rejoin", "set queue service rejoin 1min"),
    Example("/queue/survey", "set queue service survey yes"),
    Example("/queue/maximum-wait", "set queue service maximum-wait 20min"),
    Example("/queue/maximum-length", "set queue service maximum-length 1"),
    Example("/queue/join", "set queue service join working"),
    Example("/queue/stay", "set queue service stay working"),
    Example("/queue/else", "set queue service else extension 107"),
  ]

  private static let callbacks = [
    Example("/queue/callback", "delete queue service callback"),
    Example("/queue/callback/may-call", "set queue service callback may-call mobile"),
    Example("/queue/callback/offer-from", "set queue service callback offer-from 1min"),
    Example("/queue/callback/other-number", "set queue service callback other-number no"),
    Example("/queue/callback/record-name", "set queue service callback record-name yes"),
    Example("/queue/callback/slots", "set queue service callback slots 2 every 30min"),
    Example("/queue/callback/maximum-pending", "set queue service callback maximum-pending 7"),
    Example("/queue/callback/mode", "set queue service callback mode customer-first"),
    Example("/queue/callback/delay", "set queue service callback delay 20s"),
    Example("/queue/callback/ring", "set queue service callback ring 30s"),
    Example("/queue/callback/confirm", "set queue service callback confirm 20s"),
    Example("/queue/callback/attempts", "set queue service callback attempts 5"),
    Example("/queue/callback/busy-retry", "set queue service callback busy-retry 1min"),
    Example("/queue/callback/no-answer-retry", "set queue service callback no-answer-retry 1min"),
    Example("/queue/callback/done-after", "set queue service callback done-after 6s"),
    Example("/queue/callback/expiry", "set queue service callback expiry 1h"),
    Example("/queue/callback/closing", "set queue service callback closing cancel"),
    Example("/queue/callback/closing-margin", "set queue service callback closing-margin 10min"),
  ]
}
