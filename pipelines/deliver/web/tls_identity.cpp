#include "pipelines/deliver/web/tls_identity.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <utility>

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

/// A key file that asks for a password must not ask on the terminal.
int no_password(char*, int, int, void*) { return 0; }

std::optional<int> days_of(boost::asio::ssl::context& context) {
    const X509* certificate = SSL_CTX_get0_certificate(context.native_handle());
    int days = 0, seconds = 0;
    if (!certificate || ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate)) != 1) return std::nullopt;
    return seconds < 0 ? days - 1 : days;
}

/// Files are written one after the other, and not at once.
constexpr Nanoseconds being_written = 5'000'000'000;

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
        SSL_CTX_set_default_passwd_cb(context->native_handle(), barrier::barred<"tls password", &no_password, 0>);
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

bool TlsIdentity::Mark::operator==(const Mark& other) const {
    return written.tv_sec == other.written.tv_sec && written.tv_nsec == other.written.tv_nsec && size == other.size &&
           number == other.number;
}

Result<std::unique_ptr<TlsIdentity>> TlsIdentity::open(const TlsConfig& config) {
    std::unique_ptr<TlsIdentity> identity(new TlsIdentity(config));
    // Before they are read: what is written meanwhile is seen at the next look.
    identity->tried_ = identity->marks();
    auto context = make_tls_context(config);
    if (!context) return tl::unexpected<Error>(context.error());
    identity->context_ = std::move(*context);
    return identity;
}

std::optional<int> TlsIdentity::days() const { return days_of(*context_); }

TlsIdentity::Marks TlsIdentity::marks() const {
    const auto mark = [](const std::filesystem::path& file) -> std::optional<Mark> {
        struct stat about {};
        if (::stat(file.c_str(), &about) != 0) return std::nullopt;
        return Mark{about.st_mtim, static_cast<std::uint64_t>(about.st_size), static_cast<std::uint64_t>(about.st_ino)};
    };
    return {mark(config_.certificate), mark(config_.key)};
}

TlsIdentity::News TlsIdentity::look(Nanoseconds now) {
    Marks found = marks();
    if (found != tried_) {
        tried_ = std::move(found);
        auto context = make_tls_context(config_);
        ERR_clear_error();
        if (context && days_of(**context).value_or(0) < 0 && days().value_or(0) >= 0)
            context = fail("The certificate " + config_.certificate.string() + " has expired.", ErrorKind::bad_input);
        told_ = false;
        if (context) {
            context_ = std::move(*context);
            problem_.clear();
            failing_ = false;
            return News::renewed;
        }
        problem_ = context.error().message;
        if (!std::exchange(failing_, true)) failing_since_ = now;
    }
    if (!failing_ || told_ || now - failing_since_ < being_written) return News::none;
    told_ = true;
    return News::unusable;
}

}  // namespace vitrine::web
