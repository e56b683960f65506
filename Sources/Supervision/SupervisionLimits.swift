// Every bound of the supervisor's page in one place.

import Basics

public enum SupervisionLimits {
  /// People who are logged in at once; one who is not watching makes room for the next.
  public static let sessions = 16
  /// Browsers that are told of changes at once.
  public static let streams = 8
  /// How long somebody who may give orders stays logged in without touching the page.
  public static let idle = Interval.minutes(15)
  /// How often the daemon is asked while somebody watches.
  public static let every = Interval.seconds(1)
  /// How often everything is sent again, changed or not: what a browser counts on by itself does not drift.
  public static let refresh = Interval.seconds(15)
  /// Without news for so long a browser is told that there are none.
  public static let heartbeat = Interval.seconds(4)
  /// Questions to the daemon at once: the control socket serves eight clients, the console among them.
  public static let questions = 3
  /// Questions that wait for others.
  public static let waitingQuestions = 16
  /// Scrapes at once.
  public static let scrapes = 2
  /// Who has shown a password for the metrics is believed for so long: checking one is meant to be slow.
  public static let rememberedFor = Interval.minutes(5)
  public static let remembered = 8
  public static let nameBytes = 32
  public static let passwordBytes = 256
  /// Of an order's subject: the number of a callback or of an agent.
  public static let subjectBytes = 20
  /// Between two log lines about the same limit.
  public static let logEvery = Interval.minutes(1)
  static let tokenBytes = 24
}
