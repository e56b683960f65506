// Who sits there. Nobody has a password by default: on a serial line the first person chooses a name and a password, and
// is the technician.

import Basics
import Configuration

/// What is asked for next.
enum Login: Hashable {
  case name
  case password(of: ByteString)
  /// Nobody is known yet.
  case firstName
  case newPassword
  case newPasswordAgain
}

extension ConsoleSession {
  mutating func greet() { ask("console", .greeting) }

  mutating func greeted(_ value: JSONValue) {
    branch = value.text("branch") ?? branch
    if let code = value.text("language") { language = code == "zh" ? .chinese : .english }
    guard let known = setup.user else { return beginLogin(hasUsers: value.number("users") ?? 0 > 0) }
    guard let role = value.text("role") else {
      say(Phrase("You may not use this console: ", "您无权使用本控制台：") + known)
      return leave()
    }
    user = known
    enter(role, value.text("language"))
  }

  mutating func beginLogin(hasUsers: Bool = true, notice: Phrase? = nil) {
    user = ""
    role = ""
    passwords = NewPassword()
    if let notice { say(notice) }
    if !hasUsers {
      say(
        Phrase(
          "Nobody can log in yet. Choose a name and a password: you will be the technician.",
          "尚无用户。请设置名称与密码，您将成为 technician。"))
      passwords.isForFirstUser = true
    }
    mode = .loggingIn(hasUsers ? .name : .firstName)
    prompt()
  }

  mutating func promptLogin(_ login: Login) {
    let (text, entry): (Phrase, LineEditor.Entry) =
      switch login {
      case .name: (Phrase(branch + " login: ", branch + " 登录："), .answer)
      case .firstName: (Phrase("Name: ", "名称："), .answer)
      case .password: (Phrase("Password: ", "密码："), .hidden)
      case .newPassword: (Phrase("New password: ", "新密码："), .hidden)
      case .newPasswordAgain: (Phrase("Once more: ", "再次输入："), .hidden)
      }
    editor.handle(.prompt(text.text(language), entry))
  }

  mutating func performLogin(_ login: Login, _ line: ByteString) {
    switch login {
    case .name:
      guard !line.isEmpty else { return greet() }
      mode = .loggingIn(.password(of: line))
      prompt()
    case .password(let name):
      mode = .loggingIn(.name)
      user = name
      ask("login", .logIn, text: line.bytes)
      user = ""
    case .firstName:
      guard Value(line, as: .word(maximum: 32)) != nil else {
        say(Phrase("A name has letters, digits, - _ . (at most 32).", "名称只含字母、数字和 - _ .（最多 32 个）。"))
        return prompt()
      }
      passwords.name = line
      mode = .loggingIn(.newPassword)
      prompt()
    case .newPassword, .newPasswordAgain: takeNewPassword(line)
    }
  }

  mutating func loggedIn(_ value: JSONValue) {
    guard let role = value.text("role"), let name = value.text("user") else {
      say(Self.refusal(of: value))
      return prompt()
    }
    user = name
    enter(role, value.text("language"))
  }

  private static func refusal(of value: JSONValue) -> Phrase {
    guard value.text("refusal") == "locked out", let seconds = value.number("seconds") else {
      return Phrase("That is not right.", "名称或密码不正确。")
    }
    return Phrase("Too many wrong passwords: wait ", "密码错误次数过多，请等待 ") + ByteString(seconds) + Phrase(" s.", " 秒。")
  }

  private mutating func enter(_ role: ByteString, _ language: ByteString?) {
    self.role = role
    if let language { self.language = language == "zh" ? .chinese : .english }
    mode = .operational
    if setup.command == nil {
      say(
        Phrase("Logged in as ", "已登录：") + user + ", " + role
          + Phrase(". Type ? or help for what can be typed.", "。输入 ? 或 help 查看可用命令。"))
    }
    prompt()
  }

  // MARK: Passwords

  mutating func beginPassword() {
    passwords = NewPassword(name: user)
    mode = .loggingIn(.newPassword)
    prompt()
  }

  private mutating func takeNewPassword(_ line: ByteString) {
    guard let first = passwords.first else {
      guard line.count >= ConsoleLimits.passwordBytesMin else {
        say(
          Phrase("At least ", "至少 ") + ByteString(ConsoleLimits.passwordBytesMin) + Phrase(" characters.", " 个字符。"))
        return prompt()
      }
      passwords.first = line
      mode = .loggingIn(.newPasswordAgain)
      return prompt()
    }
    guard first == line else {
      passwords.first = nil
      say(Phrase("They are not the same; try again.", "两次输入不一致，请重试。"))
      mode = .loggingIn(.newPassword)
      return prompt()
    }
    outputs.append(.hash(line.bytes))
  }

  mutating func hashed(_ text: ByteString?) {
    guard passwords.first != nil else { return }
    passwords.first = nil
    guard let text else {
      say(Phrase("That cannot be a password.", "不能用作密码。"))
      mode = .loggingIn(.newPassword)
      return prompt()
    }
    user = passwords.name
    ask("configuration show", .userTree(passwords.name, hash: text))
  }

  /// Into the configuration that runs, as a commit of its own.
  mutating func setPassword(of name: ByteString, _ hash: ByteString, in value: JSONValue) {
    guard let text = value.text("text"), let base = value.number("revision") else { return passwordSet(name, value) }
    var problems = Problems()
    var editor = ConfigurationEditor(Block(parsing: text.bytes, problems: &problems), schema: setup.schema)
    let path = [Word("user"), Word(name)]
    do throws(ConfigurationError) {
      if passwords.isForFirstUser { try editor.set(path + [Word("role"), Word("technician")]) }
      try editor.set(path + [Word("password"), Word(hash)])
    } catch {
      say(Phrase(error.message(.english), error.message(.chinese)))
      return prompt()
    }
    let comment: ByteString = passwords.isForFirstUser ? "first log-in" : "password"
    ask(
      "configuration commit base " + ByteString(base) + " comment " + comment, .userSet(name),
      text: ConfigurationFormatter.format(editor.tree))
  }

  mutating func passwordSet(_ name: ByteString, _ value: JSONValue) {
    let isDone = !Answer.isRefusal(value) && value.number("revision") != nil
    let wasFirst = passwords.isForFirstUser
    passwords = NewPassword()
    if !isDone { write(lines: Self.lines(ofAct: value, language)) }
    guard wasFirst else {
      mode = .operational
      if isDone { say(Phrase("The password is changed.", "密码已修改。")) }
      return prompt()
    }
    guard isDone else { return greet() }
    user = name
    enter("technician", nil)
  }
}
