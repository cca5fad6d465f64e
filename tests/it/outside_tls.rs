//! Web servers with certificates, of an authority that the test makes up.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rollcall::outbound::Authorities;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::outside::{Reply, WebServer};

/// An authority that nobody knows who was not told of it.
pub struct Authority {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    pub fn trusted(&self) -> Authorities {
        Authorities::from_pem(self.pem.as_bytes(), "the authority of the test").unwrap()
    }

    /// A web server with a certificate for these names.
    pub fn server(&self, names: &[&str], respond: impl Fn(&str, &str) -> Reply + Send + Sync + 'static) -> WebServer {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &self.issuer).unwrap();
        let private = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)
            .unwrap();
        let config = Arc::new(config);
        WebServer::start_over(
            "https",
            move |stream| Box::new(StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream)),
            respond,
        )
    }
}
