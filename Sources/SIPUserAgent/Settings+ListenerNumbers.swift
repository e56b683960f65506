// Listeners keep their numbers while the program runs: dialogs, phones and trunks are known by them.

extension UserAgent.Settings {
  /// One that stays at its address has the number it had; a new one a number that none of them has or had.
  ///
  /// - Parameter former: those of the running settings.
  public mutating func keepListenerNumbers(of former: [UserAgent.ListenerSettings]) {
    var taken = Set(former.map { $0.index })
    for index in listeners.indices {
      let wanted = listeners[index]
      let kept = former.first { $0.transport == wanted.transport && $0.endpoint == wanted.endpoint }
      guard let number = kept?.index ?? (UInt16.min...UInt16.max).first(where: { !taken.contains($0) }) else {
        continue
      }
      listeners[index].index = number
      taken.insert(number)
    }
  }
}
