-- A quote service of a shop: lua quotes.lua MODE
local mode = arg[1]
local function say(level, text) print(os.date('[%Y-%m-%dT%H:%M:%SZ] ') .. level .. ' quotes: ' .. text) end
io.stdout:setvbuf('no')
say('info', 'version 0.9, lua ' .. _VERSION)
local tariff = { DE = { base = 4.9 }, AT = { base = 7.5 }, CH = {} }
local function quote(country, weight) return tariff[country].base + weight * 0.4 end
local function queue(n) return { { 'DE', n }, { 'AT', n + 1 } } end
say('warn', 'tariff CH has no base price, the default is used')
if mode == 'json' then
  local json = require('cjson.safe')
  say('info', json.encode(tariff))
end
for n = 1, 8 do
  for _, order in ipairs(queue(n)) do say('info', ('order %d to %s: %.2f'):format(n, order[1], quote(order[1], order[2]))) end
  if n % 3 == 0 then say('warn', 'retry of order ' .. n .. ' after 200 ms, done') end
  if mode == 'tariff' and n == 6 then say('info', ('order %d to FR: %.2f'):format(n, quote('FR', 2))) end
end
