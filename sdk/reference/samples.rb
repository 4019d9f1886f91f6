# Runs samples for Ruby, each as a program of its own in this process: samples.rb FILE NAMES.
#
# Debian has no Stripe library for Ruby, so ../ruby stands in for it. The names of its methods are those of the library for
# Python, which NAMES lists with what they call.
require "json"
require "stringio"
require "stripe"

def ruby_name(python)
  *modules, method = python.split(".")
  [*modules.map { |part| part.split("_").map { |word| word[0].upcase + word[1..] }.join }, method.sub(/\Amodify/, "update")].join(".")
end

Stripe.ca_bundle_path = ENV.fetch("CA")
Stripe.operations = Hash.new { |all, name| all[name] = [] }
JSON.parse(File.read(ARGV[1]))["python"].each do |key, name|
  verb, path = key.split(" ")
  Stripe.operations[ruby_name(name)] << [verb.capitalize, path]
end
Stripe.operations.default_proc = nil

samples = JSON.parse(File.read(ARGV[0]))
Dir.chdir(ENV.fetch("WORK"))
passed = 0
samples.each do |sample|
  program = RubyVM::InstructionSequence.compile(sample["text"], sample["id"])
  shown, $stdout = $stdout, StringIO.new
  begin
    program.eval
  ensure
    $stdout = shown
  end
  passed += 1
rescue SyntaxError, StandardError => e
  puts "#{sample["id"]}: #{e.class}: #{e.message}\n#{sample["text"]}"
end
puts "#{passed} passed"
