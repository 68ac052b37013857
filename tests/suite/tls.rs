//! https: the lab's own CA is trusted, and each bad certificate has its own name.

use std::fs;
use std::sync::Arc;

use rcgen::BasicConstraints;
use rcgen::Certificate;
use rcgen::CertificateParams;
use rcgen::CertifiedIssuer;
use rcgen::IsCa;
use rcgen::KeyPair;
use rustls::ServerConfig;
use rustls::ServerConnection;
use rustls::StreamOwned;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::PrivateKeyDer;
use tierlight::live::FaultCode;

use crate::lab_server::{self, Server, Watch, assert_fault, good, hurried};

type Ca = CertifiedIssuer<'static, KeyPair>;

fn new_ca() -> Ca {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate of that CA that bears that name and is good until that year.
fn issued(ca: &Ca, name: &str, last_year: i32) -> (Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(last_year, 1, 1);
    (params.signed_by(&key, ca).unwrap(), key)
}

/// A server whose certificate bears that name and is good until that year.
fn server(ca: &Ca, name: &str, last_year: i32) -> Server {
    let (certificate, key) = issued(ca, name, last_year);
    server_showing(certificate.der().clone(), &key)
}

fn server_showing(certificate: CertificateDer<'static>, key: &KeyPair) -> Server {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let config = Arc::new(config);
    Server::start_over(good, move |stream| {
        StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream)
    })
}

/// Asks an https server, with that CA in the file `ca.pem`.
fn watch(server: &Server, ca: &Ca, tls: &str) -> Watch {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ca.pem"), ca.pem()).unwrap();
    let url = format!("https://{}", server.address);
    let tls = if tls.is_empty() { String::new() } else { format!("tls: ({tls})") };
    let lab = format!("Lab(deployments: [(name: \"warm\", tier: T2, urls: [\"{url}\"], auth: Public, {tls})])");
    Watch::in_folder(&lab, folder, hurried())
}

#[test]
fn a_certificate_of_the_labs_ca_is_good() {
    let ca = new_ca();
    watch(&server(&ca, "127.0.0.1", 2100), &ca, "ca: \"ca.pem\"").live("warm");
}

#[test]
fn a_certificate_for_another_name_is_good_when_that_name_is_given() {
    let ca = new_ca();
    let elsewhere = server(&ca, "elsewhere.example", 2100);
    assert_eq!(watch(&elsewhere, &ca, "ca: \"ca.pem\"").fault("warm").code, FaultCode::WrongName);
    watch(&elsewhere, &ca, "ca: \"ca.pem\", name: \"elsewhere.example\"").live("warm");
}

#[test]
fn bad_certificates_are_told_apart() {
    let (ca, other) = (new_ca(), new_ca());
    let expired = server(&ca, "127.0.0.1", 2021);
    assert_eq!(watch(&expired, &ca, "ca: \"ca.pem\"").fault("warm").code, FaultCode::ExpiredCertificate);
    let stranger = server(&other, "127.0.0.1", 2100);
    assert_eq!(watch(&stranger, &ca, "ca: \"ca.pem\"").fault("warm").code, FaultCode::UnknownCa);
    assert_eq!(watch(&stranger, &ca, "").fault("warm").code, FaultCode::UnknownCa, "by the system's own roots");
    watch(&stranger, &ca, "skip_verification: true").live("warm");
}

#[test]
fn a_ca_file_that_is_none_is_told() {
    let ca = new_ca();
    let server = server(&ca, "127.0.0.1", 2100);
    let fault = watch(&server, &ca, "ca: \"missing.pem\"").fault("warm");
    assert_eq!(fault.code, FaultCode::BadCa);
    assert!(fault.cause.contains("missing.pem"), "{fault:?}");
}

#[test]
fn a_ca_put_right_is_taken_up() {
    let (ca, other) = (new_ca(), new_ca());
    let watch = watch(&server(&ca, "127.0.0.1", 2100), &other, "ca: \"ca.pem\"");
    assert_eq!(watch.fault("warm").code, FaultCode::UnknownCa);
    // Longer too, in case both were written within the clock's grain.
    fs::write(watch.folder.path().join("ca.pem"), format!("\n{}\n", ca.pem())).unwrap();
    watch.live("warm");
}

#[test]
fn http_and_https_mixed_up_are_told() {
    let ca = new_ca();
    let secure = server(&ca, "127.0.0.1", 2100);
    let plain = Server::start(good);
    assert_fault(&format!("https://{}", plain.address), FaultCode::TlsToPlain);
    assert_fault(&format!("http://{}", secure.address), FaultCode::NotHttp);
}

/// A certificate that signed itself, of a server and, like those of MinIO's own certificate maker, of a CA.
fn self_signed(name: &str, is_ca: bool, years: (i32, i32)) -> (Server, String) {
    let key = KeyPair::generate().unwrap();
    let names = if name.is_empty() { Vec::new() } else { vec![name.to_owned()] };
    let mut params = CertificateParams::new(names).unwrap();
    params.is_ca = if is_ca { IsCa::Ca(BasicConstraints::Unconstrained) } else { IsCa::NoCa };
    params.not_before = rcgen::date_time_ymd(years.0, 1, 1);
    params.not_after = rcgen::date_time_ymd(years.1, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    (server_showing(certificate.der().clone(), &key), certificate.pem())
}

fn watch_trusting(server: &Server, pem: &str, tls: &str) -> Watch {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ca.pem"), pem).unwrap();
    let url = format!("https://{}", server.address);
    let lab = format!("Lab(deployments: [(name: \"warm\", tier: T2, urls: [\"{url}\"], auth: Public, tls: ({tls}))])");
    Watch::in_folder(&lab, folder, hurried())
}

#[test]
fn a_self_signed_certificate_is_good_where_it_is_named_itself() {
    for is_ca in [true, false] {
        let (server, pem) = self_signed("127.0.0.1", is_ca, (2020, 2100));
        watch_trusting(&server, &pem, "ca: \"ca.pem\"").live("warm");
        let (elsewhere, pem) = self_signed("elsewhere.example", is_ca, (2020, 2100));
        assert_eq!(watch_trusting(&elsewhere, &pem, "ca: \"ca.pem\"").fault("warm").code, FaultCode::WrongName);
        watch_trusting(&elsewhere, &pem, "ca: \"ca.pem\", name: \"elsewhere.example\"").live("warm");
    }
}

#[test]
fn a_self_signed_certificate_keeps_its_dates_and_vouches_for_no_other() {
    for is_ca in [true, false] {
        let (expired, pem) = self_signed("127.0.0.1", is_ca, (2020, 2021));
        let code = watch_trusting(&expired, &pem, "ca: \"ca.pem\"").fault("warm").code;
        assert_eq!(code, FaultCode::ExpiredCertificate, "{is_ca}");
        let (early, pem) = self_signed("127.0.0.1", is_ca, (2098, 2100));
        let code = watch_trusting(&early, &pem, "ca: \"ca.pem\"").fault("warm").code;
        assert_eq!(code, FaultCode::ExpiredCertificate, "{is_ca}");
        // The same names and dates, another key.
        let (_server, pem) = self_signed("127.0.0.1", is_ca, (2020, 2100));
        let (stranger, _pem) = self_signed("127.0.0.1", is_ca, (2020, 2100));
        let fault = watch_trusting(&stranger, &pem, "ca: \"ca.pem\"").fault("warm");
        assert!(matches!(fault.code, FaultCode::UnknownCa | FaultCode::Tls), "{is_ca} {fault:?}");
    }
}

#[test]
fn a_certificate_issued_by_a_stranger_is_good_where_it_is_named_itself() {
    let ca = new_ca();
    let (certificate, key) = issued(&ca, "127.0.0.1", 2100);
    watch_trusting(&server_showing(certificate.der().clone(), &key), &certificate.pem(), "ca: \"ca.pem\"").live("warm");
    let (other, other_key) = issued(&ca, "127.0.0.1", 2100);
    let other = server_showing(other.der().clone(), &other_key);
    let code = watch_trusting(&other, &certificate.pem(), "ca: \"ca.pem\"").fault("warm").code;
    assert_eq!(code, FaultCode::UnknownCa, "a leaf vouches for itself only");
}

#[test]
fn a_certificate_without_names_is_told_as_that() {
    let (server, pem) = self_signed("", false, (2020, 2100));
    let fault = watch_trusting(&server, &pem, "ca: \"ca.pem\"").fault("warm");
    assert_eq!(fault.code, FaultCode::WrongName);
    assert!(fault.cause.contains("no names (SAN)"), "{fault:?}");
}

#[test]
fn a_redirect_to_https_on_the_same_host_is_told_as_that() {
    let server = Server::start(|request| {
        let host = request.header("host").to_owned();
        let headers = vec![("Location", format!("https://{host}{}", request.path))];
        lab_server::Reply::Full { status: 308, headers, body: Vec::new() }
    });
    let lab = format!("(name: \"x\", tier: T2, urls: [\"{}\"], auth: Public)", server.url());
    let fault = Watch::deployments(&lab).fault("x");
    assert_eq!(fault.code, FaultCode::PlainToTls);
    assert!(fault.remedy.contains("https://"), "{fault:?}");
}

#[test]
fn a_ca_file_saved_on_windows_is_read_or_named() {
    let ca = new_ca();
    let server = server(&ca, "127.0.0.1", 2100);
    watch_trusting(&server, &format!("\u{feff}{}", ca.pem().replace('\n', "\r\n")), "ca: \"ca.pem\"").live("warm");
    let folder = tempfile::tempdir().unwrap();
    let utf16: Vec<u8> = ca.pem().encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("ca.pem"), utf16).unwrap();
    let url = format!("https://{}", server.address);
    let lab = format!(
        "Lab(deployments: [(name: \"warm\", tier: T2, urls: [\"{url}\"], auth: Public, tls: (ca: \"ca.pem\"))])"
    );
    let fault = Watch::in_folder(&lab, folder, hurried()).fault("warm");
    assert!(fault.code == FaultCode::BadCa && fault.cause.contains("UTF-16"), "{fault:?}");
}

/// A server that wants a certificate of that CA from whoever asks.
fn demanding_server(ca: &Ca) -> Server {
    let (certificate, key) = issued(ca, "127.0.0.1", 2100);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(ca.der().clone()).unwrap();
    let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = config.with_client_cert_verifier(verifier.build().unwrap());
    let config = Arc::new(config.with_single_cert(vec![certificate.der().clone()], key).unwrap());
    Server::start_over(good, move |stream| {
        StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream)
    })
}

/// Writes a client's certificate and key of that CA.
fn write_identity(folder: &std::path::Path, ca: &Ca) {
    let (certificate, key) = issued(ca, "tierlight", 2100);
    fs::write(folder.join("me.pem"), certificate.pem()).unwrap();
    write_private(&folder.join("me.key"), &key.serialize_pem());
}

fn write_private(path: &std::path::Path, text: &str) {
    fs::write(path, text).unwrap();
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

#[test]
fn a_client_certificate_opens_what_asks_for_one() {
    let (ca, other) = (new_ca(), new_ca());
    let server = demanding_server(&ca);
    let fault = watch_trusting(&server, &ca.pem(), "ca: \"ca.pem\"").fault("warm");
    assert!(fault.cause.contains("asks for a client certificate"), "{fault:?}");

    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ca.pem"), ca.pem()).unwrap();
    write_identity(folder.path(), &other);
    let url = format!("https://{}", server.address);
    let tls = "tls: (ca: \"ca.pem\", cert: \"me.pem\", key: \"me.key\")";
    let lab = format!("Lab(deployments: [(name: \"warm\", tier: T2, urls: [\"{url}\"], auth: Public, {tls})])");
    let watch = Watch::in_folder(&lab, folder, hurried());
    let fault = watch.fault("warm");
    assert!(fault.cause.contains("does not accept our client certificate"), "{fault:?}");
    // The right one is taken up while it runs.
    write_identity(watch.folder.path(), &ca);
    watch.live("warm");
}

#[test]
fn a_client_key_is_kept_like_any_secret() {
    let ca = new_ca();
    let server = demanding_server(&ca);
    let fault = |change: &dyn Fn(&std::path::Path)| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ca.pem"), ca.pem()).unwrap();
        write_identity(folder.path(), &ca);
        change(folder.path());
        let url = format!("https://{}", server.address);
        let tls = "tls: (ca: \"ca.pem\", cert: \"me.pem\", key: \"me.key\")";
        let lab = format!("Lab(deployments: [(name: \"warm\", tier: T2, urls: [\"{url}\"], auth: Public, {tls})])");
        Watch::in_folder(&lab, folder, hurried()).fault("warm")
    };
    let missing = fault(&|folder| fs::remove_file(folder.join("me.key")).unwrap());
    assert!(missing.cause.contains("me.key is not there"), "{missing:?}");
    let foreign = fault(&|folder| write_private(&folder.join("me.key"), &KeyPair::generate().unwrap().serialize_pem()));
    assert!(foreign.cause.contains("do not belong together"), "{foreign:?}");
    let text = fault(&|folder| write_private(&folder.join("me.key"), "hunter2"));
    assert!(text.cause.contains("no private key") && !format!("{text:?}").contains("hunter2"), "{text:?}");
    #[cfg(unix)]
    {
        let open = std::os::unix::fs::PermissionsExt::from_mode;
        let exposed = fault(&|folder| fs::set_permissions(folder.join("me.key"), open(0o644)).unwrap());
        assert_eq!(exposed.code, FaultCode::SecretExposed);
    }
}
