# Stands in for Stripe's library where it is not installed, so that the samples of the documentation run with Ruby's standard
# library alone. It has what they use of it: resources by their names, forms, lists, files, errors; nothing is known of any
# resource but what Stripe.operations says.
require "json"
require "net/http"
require "openssl"

module Stripe
  class << self
    attr_accessor :api_key, :api_base, :ca_bundle_path

    # What a method of a resource calls, where its name does not tell: "Account.create_person" => [["Post", "/v1/accounts/{}/persons"]].
    attr_accessor :operations

    # call sends a request and answers what its body is, as an object, and the response itself.
    def call(method, path, params = {}, options = {})
      uri = URI(api_base + path)
      uri.query = [uri.query, URI.encode_www_form(form(params))].compact.join("&") if method != "Post" && !params.empty?
      request = Net::HTTP.const_get(method).new(uri)
      request.basic_auth(api_key, "")
      request["Stripe-Version"] = options[:stripe_version]
      fill(request, path, params) if method == "Post"
      response = connection(uri).request(request)
      answer = response["Content-Type"].to_s.start_with?("application/json") ? StripeObject.of(JSON.parse(response.body)) : response.body
      raise StripeError.of(answer.error, response) unless response.is_a?(Net::HTTPSuccess)
      [answer, response]
    end

    def raw_request(method, path, params = {}, options = {}) = call(method.to_s.capitalize, path, params, options).first

    # form is the parameters as pairs: {a: {b: [1]}} is a[b][0]=1. A file stays one.
    def form(value, name = nil)
      case value
      when Hash then value.flat_map { |key, v| form(v, name ? "#{name}[#{key}]" : key.to_s) }
      when Array then value.each_with_index.flat_map { |v, i| form(v, "#{name}[#{i}]") }
      when ::File then [[name, value]]
      else [[name, value.to_s]]
      end
    end

    def const_missing(name)
      const_set(name, Class.new(Resource))
    end

    private

    # fill gives a request its body: version 2 of the API takes JSON.
    def fill(request, path, params)
      if path.start_with?("/v2/")
        request.content_type = "application/json"
        request.body = params.empty? ? nil : JSON.generate(params)
        return
      end
      pairs = form(params)
      request.set_form(pairs, pairs.any? { |_, v| v.is_a?(::File) } ? "multipart/form-data" : "application/x-www-form-urlencoded")
    end

    # connection is the one to a server, which is opened once.
    def connection(uri)
      @connections ||= {}
      @connections[[uri.host, uri.port]] ||= Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https", ca_file: ca_bundle_path)
    end
  end

  # A StripeObject answers to the names of its fields.
  class StripeObject
    def self.of(value)
      case value
      when Hash then new(value.transform_values { |v| of(v) })
      when Array then value.map { |v| of(v) }
      else value
      end
    end

    def initialize(fields) = @fields = fields
    def [](name) = @fields[name.to_s]
    def respond_to_missing?(name, _all = false) = @fields.key?(name.to_s)

    def method_missing(name, *)
      @fields.fetch(name.to_s) { super }
    end

    # auto_paging_each goes through a list to its end.
    def auto_paging_each(&block)
      page = self
      until page.data.empty?
        page.data.each(&block)
        break unless page.has_more
        page, = Stripe.call("Get", url, (@asked || {}).merge(starting_after: page.data.last.id))
      end
    end

    def asked(params)
      @asked = params
      self
    end
  end

  # A Resource's path is its name: Checkout::Session is at checkout/sessions.
  class Resource
    class << self
      def const_missing(name) = const_set(name, Class.new(Resource))

      def names = name.split("::").drop(1)

      def path
        parts = names.map { |part| part.gsub(/(?<=[a-z])(?=[A-Z])/, "_").downcase }
        "/v1/" + (parts == ["balance"] ? "balance" : parts.join("/").sub(/y$/, "ie") + "s")
      end

      def create(*args) = known(:create, args) || Stripe.call("Post", path, *args).first
      def update(id, *args) = known(:update, [id, *args]) || Stripe.call("Post", "#{path}/#{id}", *args).first
      def delete(id, *args) = known(:delete, [id, *args]) || Stripe.call("Delete", "#{path}/#{id}", *args).first

      def list(*args)
        answer = known(:list, args) || Stripe.call("Get", path, *args).first
        answer.asked(args.first || {})
      end

      def retrieve(*args)
        answer = known(:retrieve, args)
        return answer if answer
        answer, response = Stripe.call("Get", [path, *args].join("/"))
        StripeClient.last = response
        answer
      end

      def respond_to_missing?(_name, _all = false) = true

      # An action is a verb below an object, and list_ what lives there.
      def method_missing(name, *args)
        answer = known(name, args)
        return answer if answer
        id, params = args
        return Stripe.call("Get", "#{path}/#{id}/#{name.to_s.delete_prefix('list_')}", params || {}).first if name.start_with?("list_")
        Stripe.call("Post", "#{path}/#{id}/#{name}", params || {}).first
      end

      private

      # known calls the operation that a method is known to stand for: of several the one that takes as many ids.
      def known(method, args)
        ids = args.take_while { |arg| arg.is_a?(String) }
        verb, template = Stripe.operations&.[]("#{names.join('.')}.#{method}")&.find { |_, at| at.scan("{}").size == ids.size }
        return unless verb
        rest = ids.dup
        Stripe.call(verb, template.gsub("{}") { rest.shift }, *args.drop(ids.size)).first
      end
    end
  end

  # A StripeClient tells which response an answer came with.
  class StripeClient
    Answer = Struct.new(:request_id, :http_status)
    class << self
      attr_accessor :last
    end

    def initialize(key = nil) = Stripe.api_key = key || Stripe.api_key

    def request
      answer = yield
      [answer, Answer.new(self.class.last["Request-Id"], self.class.last.code.to_i)]
    end
  end

  # A StripeError is of the class that the error's type and status call for.
  class StripeError < StandardError
    attr_reader :error, :http_status

    def self.of(error, response)
      kind = { "card_error" => CardError, "invalid_request_error" => InvalidRequestError }.fetch(error.type, StripeError)
      kind = AuthenticationError if response.code == "401"
      kind.new(error, response)
    end

    def initialize(error, response)
      super(error.message)
      @error = error
      @http_status = response.code.to_i
    end

    def code = @error[:code]
    def param = @error[:param]
  end

  class CardError < StripeError; end
  class InvalidRequestError < StripeError; end
  class AuthenticationError < StripeError; end
end
