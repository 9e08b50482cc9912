# mailer: takes mails from a folder and hands them to the relay.
require 'logger'
require 'net/smtp'
require 'json'

$stdout.sync = true
LOG = Logger.new($stdout, progname: 'mailer')

class Relay
  def initialize(host, port)
    @host = host
    @port = port
  end

  def deliver(mail)
    smtp = Net::SMTP.new(@host, @port)
    smtp.open_timeout = 2
    smtp.start { smtp.send_message(mail['body'], mail['from'], mail['to']) }
  end
end

class Mailer
  def initialize(relay)
    @relay = relay
  end

  def run(mails)
    mails.each_with_index do |mail, index|
      LOG.info("rendering #{mail['template']} for job #{index + 1}")
      subject = mail.fetch('subject').upcase
      @relay&.deliver(mail)
      LOG.info("job #{index + 1} done: #{subject[0, 20]}")
    rescue KeyError => e
      raise ArgumentError, "job #{index + 1} cannot be rendered"
    end
  end
end

if $PROGRAM_NAME == __FILE__
  LOG.info("mailer 1.4.0 starting, ruby #{RUBY_VERSION}")
  relay = ENV['SMTP_HOST'] && Relay.new(ENV['SMTP_HOST'], Integer(ENV.fetch('SMTP_PORT', '25')))
  Mailer.new(relay).run(JSON.parse(File.read(ARGV.fetch(0))))
  LOG.info('queue empty')
end
