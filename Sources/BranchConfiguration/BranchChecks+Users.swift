// The people who operate the box: passwords are hashes, and somebody must be able to change what is wrong.

import Basics
import Configuration
import Sealing

extension BranchChecks {
  mutating func checkUsers() {
    let users = root.sections("user")
    for (section, user) in zip(users, settings.users) {
      guard let hash = user.passwordHash, !SealingKey.isSealed(hash), PasswordHash(text: hash) == nil else { continue }
      report(
        .invalidValue, at: section.valuePosition(of: "password"), in: "user " + user.name,
        found: Phrase("a hidden value", "（已隐藏的值）"),
        expected: Phrase("a hash as the console's command password writes it", "由控制台命令 password 写入的散列值"))
    }
    guard let first = users.first, !settings.users.contains(where: { $0.role == .technician }) else { return }
    report(
      at: first.position, found: Phrase("users, but no technician among them", "有用户，但没有 technician"),
      expected: Phrase("one who may change the configuration", "至少一名可修改配置的用户"), severity: .warning)
  }
}
