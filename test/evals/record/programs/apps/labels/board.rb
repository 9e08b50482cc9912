# A board of a shop's day, with a cache: board.rb KIND (redis or memcached)
require 'sinatra/base'
require 'logger'
require ENV['BOARD_CACHE'] == 'redis' ? 'redis' : 'dalli' if ENV['BOARD_CACHE']

class Board < Sinatra::Base
  configure do
    set :logging, false
    set :environment, :production
    set :dump_errors, true
    set :cache, case ENV['BOARD_CACHE']
                when 'redis' then Redis.new(host: 'board-cache', port: 6379, reconnect_attempts: 0, timeout: 1)
                when 'memcached' then Dalli::Client.new('board-cache:11211', socket_timeout: 0.5, down_retry_delay: 1)
                end
    set :log, Logger.new($stderr, progname: 'board')
  end

  get '/today' do
    settings.cache&.get('today')
    settings.log.info("today served to #{request.ip}")
    'orders: 12'
  end

  get('/up') { 'up' }
end
