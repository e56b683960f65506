// Carrying out what call control commands: new INVITEs, and everything about legs that exist.

import Basics
import Digests
import Journal
import SDP
import SIPDialog
import SIPMessage
import SIPTransaction

extension UserAgent {
  mutating func handle(_ command: Command, at now: Instant) {
    switch command {
    case .invite(let id, let invitation): invite(id, invitation, at: now)
    case .prepare(let token, let target): wire.outbox.event(.prepared(token: token, newIdentity(target)))
    case .progress(let id, let status, let description):
      change(id) { leg, wire in leg.progress(status, description, &wire, at: now) }
    case .accept(let id, let description):
      change(id) { leg, wire in leg.accept(description, &wire, at: now) }
    case .refuse(let id, let status, let reason, let retryAfter):
      change(id) { leg, wire in leg.refuse(status, reason: reason, retryAfter: retryAfter, &wire, at: now) }
    case .offer(let id, let description):
      change(id) { leg, wire in leg.offer(description, &wire, at: now) }
    case .answerOffer(let id, let description):
      change(id) { leg, wire in leg.answerOffer(description, &wire, at: now) }
    case .refuseOffer(let id, let status):
      change(id) { leg, wire in leg.refuseOffer(status, &wire, at: now) }
    case .acceptReferral(let id): change(id) { leg, wire in leg.acceptReferral(&wire, at: now) }
    case .tellReferral(let id, let status): change(id) { leg, wire in leg.tellReferral(status, &wire, at: now) }
    case .refuseReferral(let id, let status): change(id) { leg, wire in leg.refuseReferral(status, &wire, at: now) }
    case .sendDigit(let id, let digit):
      change(id) { leg, wire in leg.sendDigit(digit, &wire, at: now) }
    case .hangUp(let id, let status, let q850):
      change(id) { leg, wire in leg.hangUp(status: status, q850: q850, &wire, at: now) }
    case .endOrphan(let identity, let number, let presenting): endOrphan(identity, number, presenting, at: now)
    case .ask(let trunk, let token): trunks.ask(trunk, token: token, &wire, at: now)
    case .message(let user, let text): sendMessage(to: user, text, at: now)
    case .show(let id, let state): show(id, state, at: now)
    case .endSubscription(let id): endSubscription(id, at: now)
    case .forget(let user): registrar.forget(user, wire: &wire)
    case .unblock(let address): unblock(address)
    case .drain: isDraining = true
    }
  }

  private mutating func change(_ id: LegID, _ body: (inout Leg, inout Wire) -> Void) {
    guard let slot = legs.slot(of: id) else { return }
    legs.change(slot, &wire, body)
  }

  private mutating func newIdentity(_ target: Invitation.Target) -> CallbackFact.Leg {
    var trunk: ByteString = ""
    if case .trunk(let name, _) = target { trunk = name }
    return CallbackFact.Leg(
      callID: wire.callID(), localTag: wire.tag(), remoteTag: "", branch: wire.branch(), cseq: 1, trunk: trunk)
  }
}

// MARK: - INVITE

extension UserAgent {
  private mutating func invite(_ id: LegID, _ invitation: Invitation, at now: Instant) {
    let identity = invitation.identity ?? newIdentity(invitation.target)
    guard var leg = newLeg(id, invitation, identity) else {
      // Not registered, or a trunk that is not configured.
      let status = if case .user = invitation.target { 480 } else { 503 }
      return wire.outbox.event(.ended(id, Ending(status: status, byRemote: false)))
    }
    guard let offer = leg.session.sendOffer(leg.addressed(invitation.offer, wire)) else { return }
    for index in leg.forks.indices {
      var description = offer
      description.address = wire.addressing.advertised(for: leg.forks[index].flow).address
      leg.forks[index].body = description.serialised()
    }
    guard let slot = legs.insert(leg) else {
      wire.outbox.counters.legsRefused += 1
      return wire.outbox.event(.ended(id, Ending(status: 503, byRemote: false)))
    }
    wire.outbox.counters.legsOut += 1
    legs.change(slot, &wire) { leg, wire in leg.call(&wire, at: now) }
  }

  private mutating func newLeg(_ id: LegID, _ invitation: Invitation, _ identity: CallbackFact.Leg) -> Leg? {
    switch invitation.target {
    case .user(let name):
      let bindings = registrar.bindings(of: name)
      guard let first = bindings.first else { return nil }
      var leg = Leg(
        id: id, phase: .calling, party: .user(name), flow: first.reach, contactUser: invitation.callerNumber,
        localTag: identity.localTag)
      for (index, binding) in bindings.enumerated() {
        leg.forks.append(fork(index, to: binding, of: name, invitation, identity))
      }
      return leg
    case .trunk(let name, let number):
      guard let trunk = trunks.named(name) else { return nil }
      var leg = Leg(
        id: id, phase: .calling, party: .trunk(name), flow: trunk.flow,
        contactUser: trunk.account ?? invitation.callerNumber, localTag: identity.localTag)
      leg.credentials = trunk.credentials
      let caller = CallerIdentity.toTrunk(
        number: invitation.callerNumber, name: invitation.callerName, trunk)
      let called = NameAddress(displayName: invitation.calledName, uri: trunk.bareURI(number))
      leg.forks.append(
        fork(trunk.uri(number).text, called.text, caller, over: trunk.flow, leg.contactUser, invitation, identity))
      return leg
    case .itself:
      guard let flow = wire.addressing.flowToItself else { return nil }
      var leg = Leg(
        id: id, phase: .calling, party: .itself, flow: flow, contactUser: "", localTag: identity.localTag)
      let own = flow.remote
      let called = NameAddress(uri: SIPURI(user: "itself", host: own.address.text, port: own.port))
      leg.forks.append(
        fork(
          called.uri.text, called.text, CallerIdentity.toUser(invitation, host: own), over: flow, leg.contactUser,
          invitation, identity))
      return leg
    }
  }

  private mutating func fork(
    _ index: Int, to binding: Registrar.Binding, of user: ByteString, _ invitation: Invitation,
    _ identity: CallbackFact.Leg
  ) -> Fork {
    var identity = identity
    // Each phone gets a call of its own: two of them behind one address would take it for a loop otherwise.
    if index > 0 {
      identity.callID = wire.callID()
      identity.branch = wire.branch()
    }
    let own = wire.addressing.advertised(for: binding.reach)
    let called = NameAddress(
      displayName: invitation.calledName,
      uri: SIPURI(user: user, host: own.address.text, port: own.port == 5060 ? nil : own.port))
    return fork(
      binding.contact, called.text, CallerIdentity.toUser(invitation, host: own), over: binding.reach,
      invitation.callerNumber, invitation, identity)
  }

  private func fork(
    _ target: ByteString, _ called: ByteString, _ caller: CallerIdentity, over flow: Flow, _ contactUser: ByteString,
    _ invitation: Invitation, _ identity: CallbackFact.Leg
  ) -> Fork {
    let dialog = Dialog(
      calling: target, callID: identity.callID, localTag: identity.localTag, sequence: identity.cseq,
      local: caller.from, remote: called)
    var headers = InviteHeaders(
      contact: wire.contact(contactUser, on: flow, for: target), assertedIdentity: caller.assertedIdentity,
      isWithheld: caller.isWithheld, autoAnswer: invitation.autoAnswer)
    headers.sessionExpires = wire.sessionTimers.interval
    if case .trunk(let name, _) = invitation.target, trunks.named(name)?.settings.reliableProvisionals == false {
      headers.extensions = Allowed.extensionsWithoutReliability
    }
    if let origin = invitation.origin {
      let own = wire.addressing.advertised(for: flow)
      headers.diversion = origin.diversion(host: own)
      headers.queue = origin.queue + ";waited=" + ByteString(max(0, origin.waitedSeconds))
    }
    if !invitation.referrer.isEmpty, case .user = invitation.target {
      let own = wire.addressing.advertised(for: flow)
      let referrer = SIPURI(user: invitation.referrer, host: own.address.text, port: own.port == 5060 ? nil : own.port)
      headers.referredBy = NameAddress(uri: referrer).text
    }
    return Fork(dialog: dialog, flow: flow, branch: identity.branch, headers: headers, body: [])
  }
}

// MARK: - Orphans

extension UserAgent {
  /// Ends what an INVITE before a restart may have left behind: CANCEL for each branch that it can have had, BYE for
  /// the dialog if one is known. Nobody waits for the answers; what still comes to the INVITE is met as a stray one.
  private mutating func endOrphan(
    _ identity: CallbackFact.Leg, _ number: ByteString, _ presenting: ByteString, at now: Instant
  ) {
    guard let trunk = trunks.named(identity.trunk) else { return }
    let uri = trunk.uri(number).text
    let caller = CallerIdentity.toTrunk(number: presenting, name: "", trunk).from
    let called = NameAddress(uri: trunk.bareURI(number)).text
    var branch = identity.branch
    for attempt in 0...UInt32(Limits.repetitionsPerInvite) {
      let sequence = identity.cseq &+ attempt
      let dialog = Dialog(
        calling: uri, callID: identity.callID, localTag: identity.localTag, sequence: sequence, local: caller,
        remote: called)
      var writer = dialog.cancellation(sequence: sequence, via: wire.via(branch, on: trunk.flow))
      writer.header(.userAgent, wire.agentName)
      wire.send(writer.finish(), .cancel, branch: branch, on: trunk.flow, for: ClientUse.nobody, at: now)
      branch += "r"
    }
    guard !identity.remoteTag.isEmpty else { return }
    var dialog = Dialog(
      calling: uri, callID: identity.callID, localTag: identity.localTag,
      sequence: identity.cseq &+ UInt32(Limits.repetitionsPerInvite) &+ 1, local: caller,
      remote: Dialog.value(called, tag: identity.remoteTag))
    let bye = wire.branch()
    var writer = dialog.request(.bye, via: wire.via(bye, on: trunk.flow))
    writer.header(.userAgent, wire.agentName)
    wire.send(writer.finish(), .bye, branch: bye, on: trunk.flow, for: ClientUse.nobody, at: now)
  }
}
