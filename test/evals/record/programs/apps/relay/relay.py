"""A mail relay that wants credentials and knows one pair only. Usage: relay.py PORT PASSWORD"""
import base64
import socketserver
import sys

port, password = int(sys.argv[1]), sys.argv[2]


class Relay(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b'\r\n')

    def handle(self):
        self.say('220 relay.mailhub.example ESMTP')
        known = False
        while line := self.rfile.readline().decode().strip():
            verb = line.upper().split(' ')[0]
            if verb == 'EHLO':
                self.say('250-relay.mailhub.example')
                self.say('250-AUTH PLAIN')
                self.say('250 SIZE 20480000')
            elif verb == 'AUTH':
                known = base64.b64decode(line.split(' ')[2]).decode().endswith('\0' + password)
                self.say('235 2.7.0 accepted' if known else '535 5.7.8 Username and Password not accepted')
            elif verb == 'DATA':
                self.say('354 go on')
                while self.rfile.readline() != b'.\r\n':
                    pass
                self.say('250 2.0.0 queued')
            elif verb == 'QUIT':
                self.say('221 2.0.0 bye')
                return
            else:
                self.say('250 2.1.0 ok')


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(('0.0.0.0', port), Relay).serve_forever()
