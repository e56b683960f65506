#!/usr/bin/python3
"""A technician at a serial line: a pseudo-terminal pair with the console at one end and a person, by pexpect, at the other.

usage: serial.py STORY SOCKET PROGRAM...
Ends with 0 when the story went as told; what was seen goes to the standard output.
"""

import os
import pty
import sys

import pexpect
import pexpect.fdpexpect


class Technician:
    def __init__(self, socket, program):
        # The person's end is the master; the console opens the other as its device.
        self.master, self.slave = pty.openpty()
        device = os.ttyname(self.slave)
        self.console = pexpect.spawn(program[0], program[1:] + ["console", "--device", device, "--socket", socket])
        self.line = pexpect.fdpexpect.fdspawn(self.master, timeout=20, encoding="utf-8")
        self.line.logfile_read = sys.stdout

    def sees(self, *texts):
        for text in texts:
            self.line.expect_exact(text)

    def types(self, text, *seen):
        self.line.send(text + "\r")
        self.sees(*seen)

    def first_log_in(self, name, password):
        self.sees("Nobody can log in yet", "Name: ")
        self.types(name, "New password: ")
        self.types(password, "Once more: ")
        self.types(password, "Logged in as " + name + ", technician", "> ")

    def logs_in(self, name, password):
        self.sees("login: ")
        self.types(name, "Password: ")
        self.types(password, "Logged in as " + name, "> ")

    def goes(self):
        """Without a word: the plug is pulled."""
        self.console.kill(9)
        self.console.wait()


def set_up(person):
    """A box that knows nothing gets two phones, a queue and a trunk by set lines alone."""
    person.first_log_in("lee", "correct horse battery")
    person.types("configure", "# ")
    for statement in [
        'extension 101 name "Li Lei"',
        'extension 101 secret "correct-horse-101"',
        'extension 102 secret "correct-horse-102"',
        'queue service title "Service"',
        "queue service number 600",
        "queue service agents 101 102",
        "queue service wrap-up 1s",
        "trunk carrier peer address 127.0.0.2:15080",
        "trunk carrier peer sources 127.0.0.2/32",
        "trunk carrier channels 10",
        "trunk carrier qualify 0s",
        "inbound all trunk carrier",
        "inbound all to queue service",
    ]:
        person.types("set " + statement, "# ")
    person.types("check", "check configuration: done", "# ")
    person.types("commit confirmed 5 comment opening day", "commit revision 3: done", "unless you type confirm", "# ")
    person.types("confirm", "confirm revision 3: done", "# ")
    person.types("set queue service rign 5s", 'did you mean "ring"', "# ")
    person.types("exit", "> ")
    person.types("show commits", "opening day", "first log-in", "> ")
    person.types("agent login 101", "done", "> ")
    person.types("language zh", "> ")
    person.types("show agents", "坐席", "Li Lei", "> ")
    person.types("exit", "login: ")


def lost(person):
    """A commit that has to be confirmed, and a line that is cut."""
    person.first_log_in("lee", "correct horse battery")
    person.types("configure", "# ")
    person.types("set queue service ring 5s", "# ")
    person.types("commit confirmed 1", "commit revision 3: done", "# ")
    person.goes()


def worse(person):
    """A commit that makes it worse: it cannot be confirmed, and is taken back."""
    person.first_log_in("lee", "correct horse battery")
    person.types("configure", "# ")
    person.types("set trunk carrier peer address 127.0.0.2:15099", "# ")
    person.types("commit confirmed 10", "commit revision 3: done", "# ")
    person.types("run monitor trunks")
    person.line.expect(r"carrier +no")
    person.line.send("q")
    person.sees("# ")
    # It is wrapped at the edge of the screen.
    person.types("confirm", "worse than before", "trunk carrier", "answer any more", "# ")
    person.types("run monitor trunks")
    person.line.expect(r"carrier +yes", timeout=90)
    person.line.send("q")
    person.sees("# ")
    person.types("run show commits", "undone", "# ")


def watching(person):
    """A call is seen as it goes, and captured; the call is made when the person looks."""
    person.first_log_in("lee", "correct horse battery")
    person.types("capture start tap phone 101 interface lo", "capture-start tap: done", "> ")
    person.types("trace sip phone 101", "-- any key ends --")
    person.sees("101 > 102, Call-ID", "INVITE", "200 OK", "ACK", "BYE")
    person.line.send("q")
    person.sees("> ")
    person.types("capture stop tap", "capture-stop tap: done", "> ")
    person.types("capture export tap", "capture-export tap: done, ", "captures/tap.pcap", "> ")
    person.types("show captures", "tap.pcap", "exported", "> ")
    person.types("show audit | match capture-", "lee@", "capture-export", "> ")
    person.types("exit", "login: ")


def main():
    story, socket, program = sys.argv[1], sys.argv[2], sys.argv[3:]
    person = Technician(socket, program)
    try:
        {"set-up": set_up, "lost": lost, "worse": worse, "watching": watching}[story](person)
    except pexpect.ExceptionPexpect as failure:
        print("\nnot seen:", str(failure).splitlines()[0], getattr(person.line, "searcher", ""))
        return 1
    finally:
        person.console.close(force=True)
    return 0


sys.exit(main())
