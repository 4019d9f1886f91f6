# Compiles samples for Ruby, and runs none: ruby samples.rb FILE.
require "json"

passed = 0
JSON.parse(File.read(ARGV[0])).each do |sample|
  RubyVM::InstructionSequence.compile(sample["text"])
  passed += 1
rescue SyntaxError => e
  puts "#{sample["id"]}: #{e.message}"
end
puts "#{passed} passed"
