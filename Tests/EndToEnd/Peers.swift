// Peers of other makes: linphone, a phone that prefers SHA-256, and Kamailio, a carrier's registrar and proxy.

import Foundation
import Harness

extension Site {
  /// A phone with its account; what it sends and receives is in `linphone.log`.
  func linphone(_ user: String, port: Int = 15130) throws -> ChildProcess {
    let configuration = try workspace.write(
      "linphone/rc",
      """
      [sip]
      sip_port=\(port)
      sip_tcp_port=0
      sip_tls_port=0
      use_ipv6=0
      default_proxy=0

      [proxy_0]
      reg_proxy=<sip:\(Self.box);transport=udp>
      reg_identity=sip:\(user)@\(Self.box)
      reg_expires=300
      reg_sendregister=1
      publish=0

      [auth_info_0]
      username=\(user)
      passwd=\(Self.secret(user))
      realm=branchline
      algorithm=SHA-256
      """ + "\n")
    // It keeps a database in its home directory, and gives up if it cannot.
    try workspace.write("linphone/.local/share/linphone/.keep", "")
    let phone = try ChildProcess(
      "linphonec", "linphonec", ["-c", configuration, "-d", "6", "-l", workspace.path("linphone.log")],
      environment: ["HOME": workspace.path("linphone")])
    add(phone)
    return phone
  }

  /// A registrar with SHA-256 that sends calls for its only user to where the user registered. Listens at 127.0.0.4.
  /// - Parameter tls: over which port it listens by TLS too, and its certificate.
  func kamailio(
    port: Int, user: String, secret: String, tls: (port: Int, files: (certificate: String, key: String))? = nil
  ) throws -> ChildProcess {
    let modules = try Self.kamailioModules()
    let secure =
      tls.map {
        """
        enable_tls=yes
        listen=tls:127.0.0.4:\($0.port)
        tcp_children=1
        mpath="\(modules)"
        loadmodule "tls.so"
        modparam("tls", "certificate", "\($0.files.certificate)")
        modparam("tls", "tls_method", "TLSv1.2+")
        modparam("tls", "private_key", "\($0.files.key)")
        """
      } ?? "disable_tcp=yes"
    let configuration = try workspace.write(
      "kamailio.cfg",
      """
      #!KAMAILIO
      debug=1
      log_stderror=yes
      log_prefix="kamailio: "
      fork=yes
      children=1
      \(secure)
      auto_aliases=no
      alias="test.example"
      listen=udp:127.0.0.4:\(port)
      mpath="\(modules)"
      loadmodule "pv.so"
      loadmodule "xlog.so"
      loadmodule "tm.so"
      loadmodule "sl.so"
      loadmodule "rr.so"
      loadmodule "textops.so"
      loadmodule "siputils.so"
      loadmodule "usrloc.so"
      loadmodule "registrar.so"
      loadmodule "auth.so"
      modparam("auth", "algorithm", "SHA-256")
      modparam("auth", "qop", "auth")
      modparam("usrloc", "db_mode", 0)

      request_route {
        if (is_method("REGISTER")) {
          if (!pv_www_authenticate("test.example", "\(secret)", "0") || $au != "\(user)") {
            www_challenge("test.example", "1");
            exit;
          }
          if (!save("location")) { sl_reply_error(); exit; }
          if ($hdr(Authorization) =~ "algorithm=SHA-256") xlog("L_ALERT", "registered with SHA-256\\n");
          exit;
        }
        if (has_totag()) {
          if (loose_route()) { t_relay(); exit; }
          if (is_method("ACK") && t_check_trans()) { t_relay(); exit; }
          sl_send_reply("404", "Not here");
          exit;
        }
        if (is_method("CANCEL")) {
          if (t_check_trans()) t_relay();
          exit;
        }
        t_check_trans();
        if (is_method("INVITE")) record_route();
        if (!lookup("location")) { sl_send_reply("480", "Nobody is registered"); exit; }
        t_relay();
      }
      """ + "\n")
    let kamailio = try program("kamailio", "kamailio", ["-f", configuration, "-DD", "-E", "-m", "16", "-M", "4"])
    return kamailio
  }

  private static func kamailioModules() throws -> String {
    for machine in ["x86_64-linux-gnu", "aarch64-linux-gnu"] {
      let directory = "/usr/lib/\(machine)/kamailio/modules"
      if FileManager.default.fileExists(atPath: directory) { return directory }
    }
    throw Failure("Kamailio's modules are not installed")
  }
}
