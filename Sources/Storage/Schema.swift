// The schema as numbered steps. A released step is never edited: a change is a new step at the end, and a database of
// any age is brought forward through those that it lacks.

enum Schema {
  /// `BrLn`: tells our databases from others' (PRAGMA application_id).
  static let applicationID: Int64 = 0x4272_4C6E

  /// Step n leads from version n to n + 1 and sets that version itself, in the same transaction.
  static let steps: [StaticString] = [state, history, numbers, operators, places, quarters, epochs, choices]
  static var version: Int64 { Int64(steps.count) }
  static let firstWithEpochs: Int64 = 7

  /// What the box must know again after a restart. Wall times in microseconds since 1970; text as bytes came.
  private static let state: StaticString = """
    CREATE TABLE bindings (
      user TEXT NOT NULL, contact TEXT NOT NULL, call_id TEXT NOT NULL, cseq INTEGER NOT NULL,
      address TEXT NOT NULL, port INTEGER NOT NULL, listener INTEGER NOT NULL, over_stream INTEGER NOT NULL,
      user_agent TEXT NOT NULL, expires INTEGER NOT NULL,
      PRIMARY KEY (user, contact)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE agents (
      extension TEXT NOT NULL PRIMARY KEY, logged_in INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE callbacks (
      id INTEGER PRIMARY KEY, queue TEXT NOT NULL, number TEXT NOT NULL, raw_number TEXT NOT NULL,
      caller_name TEXT NOT NULL, dialled_number TEXT NOT NULL, sequence INTEGER NOT NULL,
      enqueued_at INTEGER NOT NULL, requested_at INTEGER NOT NULL, not_before INTEGER NOT NULL,
      expires_at INTEGER NOT NULL, state INTEGER NOT NULL, attempts INTEGER NOT NULL,
      no_answers INTEGER NOT NULL, busy INTEGER NOT NULL, failures INTEGER NOT NULL, last_status INTEGER NOT NULL,
      leg_call_id TEXT, leg_local_tag TEXT, leg_remote_tag TEXT, leg_branch TEXT, leg_cseq INTEGER, leg_trunk TEXT
    ) STRICT;
    PRAGMA application_id = 1114786926;
    PRAGMA user_version = 1;
    """

  /// What reports are made of.
  private static let history: StaticString = """
    CREATE TABLE queue_events (
      id INTEGER PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL, queue TEXT NOT NULL, item INTEGER NOT NULL,
      agent TEXT NOT NULL, milliseconds INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE calls (
      id INTEGER PRIMARY KEY, caller TEXT NOT NULL, callee TEXT NOT NULL, destination TEXT NOT NULL,
      started_at INTEGER NOT NULL, answered_at INTEGER, ended_at INTEGER NOT NULL, status INTEGER NOT NULL,
      hung_up_by_caller INTEGER NOT NULL
    ) STRICT;
    PRAGMA user_version = 2;
    """

  /// Numbers that outlive the rows that bore them.
  private static let numbers: StaticString = """
    CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO meta VALUES ('boots', 0), ('last_sequence', 0), ('last_callback', 0), ('last_call', 0), ('voided', 0);
    PRAGMA user_version = 3;
    """

  /// What operators did, breaks that outlive a restart, and what events and callbacks have to say besides.
  private static let operators: StaticString = """
    CREATE TABLE acts (
      id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL, subject TEXT NOT NULL,
      detail TEXT NOT NULL, is_done INTEGER NOT NULL
    ) STRICT;
    ALTER TABLE agents ADD COLUMN pause_reason TEXT NOT NULL DEFAULT '';
    ALTER TABLE callbacks ADD COLUMN recorded_name TEXT NOT NULL DEFAULT '';
    ALTER TABLE callbacks ADD COLUMN is_scheduled INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE queue_events ADD COLUMN detail TEXT NOT NULL DEFAULT '';
    PRAGMA user_version = 4;
    """

  /// What supervisors made of the places of callbacks.
  private static let places: StaticString = """
    ALTER TABLE callbacks ADD COLUMN priority INTEGER;
    ALTER TABLE callbacks ADD COLUMN is_urgent INTEGER NOT NULL DEFAULT 0;
    PRAGMA user_version = 5;
    """

  /// The numbers of queues (kind 0) and agents (kind 1) by quarters of an hour, counted from 1970, and how far the events
  /// have been counted into them.
  private static let quarters: StaticString = """
    CREATE TABLE quarters (
      kind INTEGER NOT NULL, quarter INTEGER NOT NULL, name TEXT NOT NULL, numbers BLOB NOT NULL,
      PRIMARY KEY (kind, quarter, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE counted (
      one INTEGER PRIMARY KEY CHECK (one = 1), last_event INTEGER NOT NULL, row_count INTEGER NOT NULL,
      carry BLOB NOT NULL
    ) STRICT;
    INSERT INTO counted VALUES (1, 0, 0, x'');
    PRAGMA user_version = 6;
    """

  /// Which of the boxes that were made from this database may make its callbacks (`Custody`).
  private static let epochs: StaticString = """
    INSERT INTO meta VALUES ('epoch', 1), ('identity', abs(random() / 2)), ('custody', 0);
    PRAGMA user_version = 7;
    """

  /// What people chose by the phone for calls to their extensions.
  private static let choices: StaticString = """
    CREATE TABLE extensions (
      extension TEXT NOT NULL PRIMARY KEY, do_not_disturb INTEGER NOT NULL, forward_always TEXT NOT NULL,
      forward_busy TEXT NOT NULL, forward_no_answer TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = 8;
    """
}
