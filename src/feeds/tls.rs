//! https: whom to believe, by the system's roots, a CA file or the very certificate; and who we are, where a server asks.

#![expect(clippy::disallowed_methods, reason = "the files of certificates are read here")]

use std::fs;
use std::io::Read as _;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::CertificateError;
use rustls::ClientConfig;
use rustls::ClientConnection;
use rustls::DigitallySignedStruct;
use rustls::RootCertStore;
use rustls::SignatureScheme;
use rustls::StreamOwned;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::client::danger::ServerCertVerified;
use rustls::client::danger::ServerCertVerifier;
use rustls::client::verify_server_name;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::ServerName;
use rustls::pki_types::UnixTime;
use rustls::pki_types::pem::PemObject as _;
use rustls::server::ParsedCertificate;
use ureq::Error;
use ureq::unversioned::transport::Buffers;
use ureq::unversioned::transport::ConnectionDetails;
use ureq::unversioned::transport::Connector;
use ureq::unversioned::transport::Either;
use ureq::unversioned::transport::LazyBuffers;
use ureq::unversioned::transport::NextTimeout;
use ureq::unversioned::transport::Transport;
use ureq::unversioned::transport::TransportAdapter;

use crate::lab::{Access, Identity, SecretPlace};
use crate::live::FaultCode;
use crate::ron_text;

use super::secret;
use super::secret::{SecretSource, Stamp};
use super::trouble::Trouble;

/// The files that say whom to believe, as paths of this machine.
#[derive(Debug)]
pub(super) struct TlsFiles {
    ca: Option<PathBuf>,
    skip_verification: bool,
    identity: Option<IdentityFiles>,
}

/// A client certificate, and its key, which is kept like any secret.
#[derive(Debug)]
struct IdentityFiles {
    cert: PathBuf,
    key: PathBuf,
    key_source: SecretSource,
}

impl TlsFiles {
    /// `folder` is the lab file's.
    pub(super) fn new(access: &Access, folder: &Path) -> Self {
        let ca = access.ca.as_ref().map(|file| folder.join(file));
        let identity = access.identity.as_ref().map(|Identity { cert, key }| IdentityFiles {
            cert: folder.join(cert),
            key: folder.join(key),
            key_source: SecretSource::new(&SecretPlace::File(key.clone()), folder),
        });
        Self { ca, skip_verification: access.skip_verification, identity }
    }

    /// What shows that a file is another than before.
    pub(super) fn stamps(&self) -> Result<Vec<Stamp>, Trouble> {
        let own = self.identity.iter().flat_map(|files| [&files.cert, &files.key]);
        let own = own.map(|file| stamp_of(file).map_err(|why| bad_identity(file, why)));
        self.ca.iter().map(|file| stamp_of(file).map_err(|why| bad_ca(file, why))).chain(own).collect()
    }

    /// Settings for new connections, made from the files as they are now.
    pub(super) fn connector(&mut self) -> Result<TlsConnector, Trouble> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = self.verifier(&provider)?;
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|refused| super::trouble::of_tls(&refused))?;
        let config = config.dangerous().with_custom_certificate_verifier(verifier);
        let config = match &mut self.identity {
            None => config.with_no_client_auth(),
            Some(files) => {
                let (chain, key) = files.read()?;
                let config = config.with_client_auth_cert(chain, key);
                config.map_err(|_odd| bad_identity(&files.cert, "and its key do not belong together"))?
            }
        };
        Ok(TlsConnector { config: Arc::new(config) })
    }

    fn verifier(&self, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, Trouble> {
        if self.skip_verification {
            return Ok(Arc::new(NoLook { provider: Arc::clone(provider) }));
        }
        let Some(file) = &self.ca else {
            let by_system = rustls_platform_verifier::Verifier::new(Arc::clone(provider));
            return Ok(Arc::new(by_system.map_err(|refused| super::trouble::of_tls(&refused))?));
        };
        let named = certificates_in(file).map_err(|why| bad_ca(file, why))?;
        let mut roots = RootCertStore::empty();
        let (_added, _ignored) = roots.add_parsable_certificates(named.iter().cloned());
        let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
        let usual = usual.build().map_err(|_none| bad_ca(file, "has no certificate in it that can be used"))?;
        Ok(Arc::new(NamedOrIssued { named, usual }))
    }
}

impl IdentityFiles {
    fn read(&mut self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Trouble> {
        let chain = certificates_in(&self.cert).map_err(|why| bad_identity(&self.cert, why))?;
        let key = self.key_source.current()?;
        let key = PrivateKeyDer::from_pem_slice(key.reveal().as_bytes());
        Ok((chain, key.map_err(|_odd| bad_identity(&self.key, "has no private key in PEM form in it"))?))
    }
}

fn stamp_of(file: &Path) -> Result<Stamp, &'static str> {
    let known = fs::metadata(file).map_err(|refused| secret::refusal_words(&refused))?;
    Ok(Stamp::of_file(&known))
}

fn certificates_in(file: &Path) -> Result<Vec<CertificateDer<'static>>, &'static str> {
    let pem = fs::read(file).map_err(|refused| secret::refusal_words(&refused))?;
    let pem = ron_text::plain_text(&pem)?;
    let named: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes()).filter_map(Result::ok).collect();
    if named.is_empty() {
        return Err("has no certificate in PEM form in it");
    }
    Ok(named)
}

fn bad_ca(file: &Path, why: &str) -> Trouble {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let cause = format!("was not asked, because the CA file {name} {why}");
    Trouble::new(
        FaultCode::BadCa,
        &cause,
        "Name the lab's CA in PEM form, relative to the lab file: tls: (ca: \"ca.pem\").",
    )
    .by_flags("Name the lab's CA in PEM form: --ca FILE.")
}

fn bad_identity(file: &Path, why: &str) -> Trouble {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let cause = format!("was not asked, because the client certificate {name} {why}");
    Trouble::new(
        FaultCode::Tls,
        &cause,
        "Name both in PEM form, relative to the lab file: tls: (cert: \"client.pem\", key: \"client.key\").",
    )
    .by_flags("Name both in PEM form: --cert FILE --key FILE.")
}

/// Believes what the CAs of a file issued, and the very certificates that stand in it: `MinIO`'s own certificate maker
/// writes one that is server and CA in one, which no chain may end in.
#[derive(Debug)]
struct NamedOrIssued {
    named: Vec<CertificateDer<'static>>,
    usual: Arc<WebPkiServerVerifier>,
}

impl ServerCertVerifier for NamedOrIssued {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.named.iter().any(|named| named.as_ref() == end_entity.as_ref()) {
            check_dates(end_entity, now)?;
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            return Ok(ServerCertVerified::assertion());
        }
        self.usual.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

/// A certificate that is believed for itself is believed for its own time only.
fn check_dates(certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), rustls::Error> {
    let read = x509_parser::parse_x509_certificate(certificate);
    let (_rest, read) = read.map_err(|_unreadable| CertificateError::BadEncoding)?;
    let now_secs = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    if now_secs < read.validity().not_before.timestamp() {
        return Err(CertificateError::NotValidYet.into());
    }
    if now_secs > read.validity().not_after.timestamp() {
        return Err(CertificateError::Expired.into());
    }
    Ok(())
}

/// Believes any certificate, where the lab file says so; the stage says it too.
#[derive(Debug)]
struct NoLook {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for NoLook {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Puts TLS over a connection to an https URL. ureq's own connector takes roots only, and no verifier.
#[derive(Debug)]
pub(super) struct TlsConnector {
    config: Arc<ClientConfig>,
}

impl<In: Transport> Connector<In> for TlsConnector {
    type Out = Either<In, TlsTransport>;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        let Some(transport) = chained else { return Ok(None) };
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(Either::A(transport)));
        }
        let host = details.uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(host).map_err(|_odd| Error::Tls("the host is no name a certificate has"))?;
        let mut connection = ClientConnection::new(Arc::clone(&self.config), name)?;
        let mut socket = TransportAdapter::new(transport.boxed(), Arc::clone(&details.current_time));
        socket.set_timeout(details.timeout);
        connection.complete_io(&mut socket)?;
        let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Either::B(TlsTransport { buffers, stream: StreamOwned::new(connection, socket) })))
    }
}

/// A connection with TLS over it.
pub(super) struct TlsTransport {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl std::fmt::Debug for TlsTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TlsTransport")
    }
}

impl Transport for TlsTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.get_mut().set_timeout(timeout);
        self.stream.write_all(&self.buffers.output()[..amount])?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.get_mut().set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}
