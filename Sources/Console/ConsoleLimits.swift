// Every bound of the technician's console in one place.

import Basics

public enum ConsoleLimits {
  /// Bytes of one line that is typed. Configuration lines are shorter than a tenth of it.
  public static let lineBytes = 1_024
  /// Lines the history remembers.
  public static let historyLines = 100
  /// Bytes of what is looked for in the history.
  public static let searchBytes = 64
  /// Bytes typed or pasted while a command runs: 1.4 seconds at 115,200 baud, about 400 lines of configuration.
  public static let typeAheadBytes = 16_384
  /// Bytes taken at once while a line is edited: of a long paste into one line no more than this ever waits.
  public static let pieceBytes = 256
  /// Bytes of one escape sequence behind its ESC; what is longer is taken for text again.
  public static let escapeBytes = 32
  /// Combining marks on one character; the next one is shown by itself, as `?`.
  public static let marks = 8
  /// Columns of a screen: below the first the marks of a scrolled line and a wide character find no room.
  public static let columns = 10...1_000
  /// Rows of a screen that is paged: one line of text and the prompt.
  public static let rows = 2...1_000
  /// Lines that wait in the pager for a key; what comes on top is counted, not kept.
  public static let pagerLines = 10_000
  /// Filters behind one command.
  public static let filters = 8
  /// Bytes of a filter's pattern.
  public static let patternBytes = 256
  /// Lines that `| last` keeps.
  public static let lastLines = 1_000
  /// How long nobody may type before a session ends.
  public static let idle = Interval.minutes(15)
  /// How often the daemon is told that somebody changes the configuration, and asked what others do.
  public static let presence = Interval.seconds(10)
  /// How often a live view is drawn.
  public static let monitor = Interval.seconds(2)
  /// How often the daemon is asked for the messages of a trace.
  public static let trace = Interval.milliseconds(500)
  public static let passwordBytesMin = 8
}
