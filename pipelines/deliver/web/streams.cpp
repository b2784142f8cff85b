#include "pipelines/deliver/web/streams.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "engine/barrier.h"

namespace vitrine::web {

namespace {

/// Offers HTTP/1.1 only (RFC 7301).
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size, void*) {
    static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_size, ours, sizeof ours, in, in_size) != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

}  // namespace

Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const TlsConfig& config) {
    namespace ssl = boost::asio::ssl;
    try {
        auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
        context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 | ssl::context::no_tlsv1 |
                             ssl::context::no_tlsv1_1 | ssl::context::single_dh_use);
        SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
        SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
        SSL_CTX_set_alpn_select_cb(context->native_handle(), barrier::barred<"tls protocol", &choose_protocol, SSL_TLSEXT_ERR_NOACK>,
                                   nullptr);
        boost::system::error_code error;
        context->use_certificate_chain_file(config.certificate.string(), error);
        if (error)
            return fail("The certificate " + config.certificate.string() + " cannot be used: " + error.message() + ".",
                        ErrorKind::bad_input);
        context->use_private_key_file(config.key.string(), ssl::context::pem, error);
        if (error || SSL_CTX_check_private_key(context->native_handle()) != 1)
            return fail("The key " + config.key.string() + " cannot be read or belongs to another certificate.", ErrorKind::bad_input);
        return context;
    } catch (const std::exception& problem) {
        return fail(std::string("TLS cannot be set up: ") + problem.what() + ".");
    }
}

std::optional<int> certificate_days(boost::asio::ssl::context& context) {
    const X509* certificate = SSL_CTX_get0_certificate(context.native_handle());
    int days = 0, seconds = 0;
    if (!certificate || ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate)) != 1) return std::nullopt;
    return seconds < 0 ? days - 1 : days;
}

ConnectionCount::Slot::Slot(std::shared_ptr<ConnectionCount> count, std::string address)
    : count_(std::move(count)), address_(std::move(address)) {
    ++count_->all_;
    ++count_->by_address_[address_];
}

ConnectionCount::Slot::~Slot() {
    release_address();
    --count_->all_;
}

void ConnectionCount::Slot::release_address() {
    if (!std::exchange(counted_, false)) return;
    const auto found = count_->by_address_.find(address_);
    if (--found->second == 0) count_->by_address_.erase(found);
}

std::shared_ptr<ConnectionCount::Slot> ConnectionCount::take(const std::shared_ptr<ConnectionCount>& count, const std::string& address) {
    return std::make_shared<Slot>(count, address);
}

int ConnectionCount::of(const std::string& address) const {
    const auto found = by_address_.find(address);
    return found == by_address_.end() ? 0 : found->second;
}

}  // namespace vitrine::web
