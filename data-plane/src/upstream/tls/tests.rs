use std::io::Write as _;

use super::*;

fn trusting(file: &str) -> Result<ClientConfig, InvalidTrust> {
    client(&Environment::from_iter([("FERROGW_CA_FILE", file)]))
}

#[test]
fn a_missing_ca_file_is_named() {
    let error = trusting("no/such/file.pem").expect_err("there is none");
    assert_eq!(error.to_string(), "FERROGW_CA_FILE `no/such/file.pem` cannot be read as a file of PEM certificates");
}

#[test]
fn a_ca_file_without_certificates_is_refused_rather_than_ignored() {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(b"nothing of the kind\n").expect("written");
    let error = trusting(file.path().to_str().expect("UTF-8")).expect_err("there is no certificate in it");
    assert!(matches!(error, InvalidTrust::Empty { .. }), "{error}");
}
